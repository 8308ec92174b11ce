"""The steps before the commit: upload, header, columns, check, corrections."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.dataimport.calc import sniff
from zhiheng.dataimport.calc.engine import DryRun
from zhiheng.dataimport.calc.refusal import FileRefused
from zhiheng.dataimport.calc.sheet import MAX_COLUMNS
from zhiheng.dataimport.calc.target import ImportTarget, Progress
from zhiheng.dataimport.choices import BatchState
from zhiheng.dataimport.models import ImportBatch, ImportFix, ImportMapping
from zhiheng.dataimport.policies import MANAGE_BATCH
from zhiheng.dataimport.queries.batches import batches_for_actor, fixes_of, target_for_actor
from zhiheng.dataimport.queries.reports import counts_by_code, first_issues, issues_as_json
from zhiheng.dataimport.services.reading import (
    Content,
    Reading,
    checked_run,
    content_bytes,
    read_table,
    refused,
)
from zhiheng.files.public import read_file, save_file

PREVIEW_ROWS, PREVIEW_COLUMNS, PREVIEW_CHARACTERS = 20, 40, 60
_SAMPLES = 3
_OPEN_STATES = (BatchState.UPLOADED, BatchState.MAPPED, BatchState.CHECKED)


def upload_file(*, actor: Actor, target_code: str, name: str, content: Content) -> UUID:
    """Store a file for import, find its header and guess its columns; returns the batch's id.

    ValidationError with a sentence for the user when the file cannot be read; nothing is stored then.
    """
    target = target_for_actor(actor, target_code)
    data = content_bytes(content)
    try:
        sniff.sniff(data)
    except FileRefused as error:
        raise refused(error) from error
    reading = read_table(data, target)
    batch = new_batch(actor, target, name, data)
    take_reading(batch, reading)
    batch.save()
    return batch.id


def new_batch(actor: Actor, target: ImportTarget, name: str, data: bytes) -> ImportBatch:
    """Store the file and an unsaved-state batch for it."""
    batch = ImportBatch.objects.create(
        target=target.code,
        name=name[-255:],
        file_id=save_file(actor, name=name[-255:], content=data, kind="import"),
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        created_by_id=actor.user_id,
        created_by_name=actor.name,
    )
    payload = {"target": target.code, "name": batch.name, "sha256": batch.sha256}
    record(actor, "dataimport.batch.upload", subject=("dataimport.batch", batch.id), payload=payload)
    return batch


def locked_batch(actor: Actor, batch_id: UUID) -> tuple[ImportBatch, ImportTarget]:
    """The batch, locked until the end of the transaction, and its target; Http404 when not the actor's."""
    batch = batches_for_actor(actor, MANAGE_BATCH).select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise Http404
    return batch, target_for_actor(actor, batch.target)


def _open_batch(actor: Actor, batch_id: UUID) -> tuple[ImportBatch, ImportTarget]:
    batch, target = locked_batch(actor, batch_id)
    if batch.state not in _OPEN_STATES:
        raise ValidationError(_("这批数据已经处理完，不能再修改。"), code="closed")
    return batch, target


def choose_header(
    *,
    actor: Actor,
    batch_id: UUID,
    sheet: str | None = None,
    first: int | None = None,
    last: int | None = None,
) -> None:
    """Read the file again with another sheet or other header rows (from 1, both included)."""
    batch, target = _open_batch(actor, batch_id)
    rows = (first, last or first) if first else None
    data = read_file(actor, batch.file_id).content
    reading = read_table(data, target, sheet_name=sheet or None, header_rows=rows)
    take_reading(batch, reading)
    ImportFix.objects.filter(batch=batch).delete()
    batch.save()


def take_reading(batch: ImportBatch, reading: Reading) -> None:
    """Put what was read into the batch; an earlier check no longer counts."""
    head = reading.header
    batch.sheet, batch.sheet_names = reading.sheet.name, list(reading.sheet_names)
    batch.header_first, batch.header_last = (head.first, head.last) if head else (0, 0)
    scores = {guess.position: guess.score for guess in reading.guesses}
    batch.columns = [
        {
            "position": column.position,
            "header": column.header,
            "required": column.is_marked_required,
            "score": scores.get(column.position, 0),
            "samples": _samples(reading, column.position),
        }
        for column in (head.columns if head else ())
    ]
    batch.mapping = {guess.header: guess.field or "" for guess in reading.guesses}
    batch.fingerprint = reading.fingerprint
    batch.row_count = reading.sheet.height - batch.header_last
    batch.report = {"preview": _preview(reading)}
    batch.state = BatchState.UPLOADED
    batch.is_repairs_accepted = batch.is_stale = False


def _samples(reading: Reading, position: int) -> list[str]:
    cells = reading.sheet.texts[str(position)].slice(reading.header.last, 200).drop_nulls()
    return [text[:PREVIEW_CHARACTERS] for text in cells.unique(maintain_order=True).head(_SAMPLES).to_list()]


def _preview(reading: Reading) -> list[list[str]]:
    rows = reading.sheet.texts.head(PREVIEW_ROWS).iter_rows()
    return [[(text or "")[:PREVIEW_CHARACTERS] for text in row[:PREVIEW_COLUMNS]] for row in rows]


def map_columns(*, actor: Actor, batch_id: UUID, mapping: Mapping[str, str]) -> None:
    """Confirm which header is which field, and remember it; an empty field leaves the column out."""
    batch, target = _open_batch(actor, batch_id)
    headers = [column["header"] for column in batch.columns]
    chosen = {head: mapping.get(head) or "" for head in headers}
    _check_mapping(target, chosen)
    batch.mapping = chosen
    batch.state = BatchState.MAPPED
    batch.is_stale = True
    batch.save()
    ImportMapping.objects.update_or_create(
        target=target.code, fingerprint=batch.fingerprint, defaults={"mapping": chosen}
    )


def _check_mapping(target: ImportTarget, chosen: Mapping[str, str]) -> None:
    labels = {item.name: str(item.label) for item in target.fields}
    used = Counter(name for name in chosen.values() if name)
    if unknown := [name for name in used if name not in labels]:
        raise ValidationError(_("没有「{field}」这个字段。").format(field=unknown[0]), code="unknown_field")
    if twice := [labels[name] for name, times in used.items() if times > 1]:
        raise ValidationError(
            _("「{field}」对应了不止一列，请只留一列。").format(field=twice[0]), code="field_twice"
        )
    needed = [item for item in target.fields if item.required and item.default is None]
    if missing := [labels[item.name] for item in needed if item.name not in used]:
        raise ValidationError(
            _("必填的列还没有对应：{fields}").format(fields="、".join(missing)), code="column_missing"
        )


def check_batch(*, actor: Actor, batch_id: UUID, progress: Progress | None = None) -> None:
    """Dry run: convert and check every cell, keep counts and the first issues. Writes nothing else."""
    batch, target = _open_batch(actor, batch_id)
    run = run_of(actor, batch, target, progress)
    take_run(batch, run)
    batch.save()


def run_of(
    actor: Actor, batch: ImportBatch, target: ImportTarget, progress: Progress | None = None
) -> DryRun:
    """The dry run of a batch as it stands now."""
    reading = reading_of(actor, batch, target)
    return checked_run(actor, target, reading, batch.mapping, fixes=fixes_of(batch), progress=progress)


def reading_of(actor: Actor, batch: ImportBatch, target: ImportTarget) -> Reading:
    """The batch's sheet, read again from the stored file."""
    data = read_file(actor, batch.file_id).content
    rows = (batch.header_first, batch.header_last) if batch.header_first else None
    return read_table(data, target, sheet_name=batch.sheet or None, header_rows=rows)


def take_run(batch: ImportBatch, run: DryRun) -> None:
    """Put the outcome of a dry run into the batch."""
    batch.row_count = run.frame.height
    batch.error_count, batch.warning_count = run.count("error"), run.count("warning")
    batch.repair_count = run.count("repair")
    batch.error_row_count = run.rows_with_errors().len()
    preview = batch.report.get("preview", [])
    issues = issues_as_json(first_issues(run))
    batch.report = {"preview": preview, "issues": issues, "counts": counts_by_code(run)}
    batch.state = BatchState.CHECKED
    batch.is_stale = False


def fix_cell(*, actor: Actor, batch_id: UUID, row: int, column: int, text: str) -> None:
    """Correct one cell (row from 1, column from 0); the batch has to be checked again before the commit."""
    batch, _target = _open_batch(actor, batch_id)
    if row <= batch.header_last or not 0 <= column < MAX_COLUMNS:
        raise ValidationError(_("只能修改表头以下的单元格。"), code="not_a_data_cell")
    if len(text) > 2000:
        raise ValidationError(_("内容太长，最多 2000 个字符。"), code="too_long")
    ImportFix.objects.update_or_create(batch=batch, row=row, column=column, defaults={"text": text})
    ImportBatch.objects.filter(id=batch.id).update(is_stale=True, state=BatchState.MAPPED)
    payload: dict[str, Any] = {"row": row, "column": column}
    record(actor, "dataimport.batch.fix", subject=("dataimport.batch", batch.id), payload=payload)


def accept_repairs(*, actor: Actor, batch_id: UUID) -> None:
    """Agree to all proposed repairs, so that the repaired values are imported."""
    batch, _target = _open_batch(actor, batch_id)
    ImportBatch.objects.filter(id=batch.id).update(is_repairs_accepted=True)
    payload = {"repairs": batch.repair_count}
    record(actor, "dataimport.batch.accept_repairs", subject=("dataimport.batch", batch.id), payload=payload)
