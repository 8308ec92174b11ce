"""The commit in one transaction, and its undoing."""

from __future__ import annotations

from uuid import UUID

import polars as pl
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.dataimport.calc.engine import DryRun
from zhiheng.dataimport.calc.target import ROW, CommitResult, ImportTarget, Progress, UndoResult
from zhiheng.dataimport.choices import BatchState
from zhiheng.dataimport.models import ImportBatch
from zhiheng.dataimport.services.batches import locked_batch, run_of, take_run


def no_progress(done: int, total: int, text: str) -> None:
    """Progress that nobody watches."""


def commit_batch(
    *, actor: Actor, batch_id: UUID, skip_error_rows: bool = False, progress: Progress | None = None
) -> CommitResult:
    """Write the rows of a checked batch, all of them or none; a second call changes nothing.

    The file is checked once more against the database of this moment. ValidationError when errors remain
    (unless their rows are to be skipped) or repairs are not accepted.
    """
    batch, target = locked_batch(actor, batch_id)
    if batch.state == BatchState.COMMITTED:
        return CommitResult(batch.created_count, batch.updated_count, batch.unchanged_count)
    if batch.state != BatchState.CHECKED or batch.is_stale:
        raise ValidationError(_("请先检查，再导入。"), code="not_checked")
    run = run_of(actor, batch, target, progress)
    return commit_run(actor, batch, target, run, skip_error_rows=skip_error_rows, progress=progress)


def commit_run(
    actor: Actor,
    batch: ImportBatch,
    target: ImportTarget,
    run: DryRun,
    *,
    skip_error_rows: bool,
    progress: Progress | None,
) -> CommitResult:
    """Write the rows of a dry run, in a transaction of their own inside the caller's."""
    take_run(batch, run)
    frame = rows_to_write(batch, run, skip_error_rows=skip_error_rows)
    with transaction.atomic():
        result = target.commit(actor, frame, str(batch.id), progress or no_progress)
    batch.created_count, batch.updated_count = result.created, result.updated
    batch.unchanged_count = result.unchanged
    batch.skipped_count = run.frame.height - frame.height
    batch.state, batch.committed_at = BatchState.COMMITTED, timezone.now()
    _forget_cells(batch)
    batch.save()
    payload = {
        "target": target.code,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "skipped": batch.skipped_count,
    }
    record(actor, "dataimport.batch.commit", subject=("dataimport.batch", batch.id), payload=payload)
    return result


def _forget_cells(batch: ImportBatch) -> None:
    """Keep counts only: once the rows are written, copies of personal data beside them serve nobody."""
    batch.report = {"counts": batch.report.get("counts", [])}
    batch.columns = [{**column, "samples": []} for column in batch.columns]


def rows_to_write(batch: ImportBatch, run: DryRun, *, skip_error_rows: bool) -> pl.DataFrame:
    """The rows that may be written, or ValidationError."""
    if not run.frame.height:
        raise ValidationError(_("表头下面没有数据行。"), code="no_rows")
    wrong = run.rows_with_errors()
    whole_file = bool((wrong == 0).any())
    if wrong.len() and (whole_file or not skip_error_rows):
        text = _("还有 {count} 处错误，改正后才能导入。").format(count=batch.error_count)
        raise ValidationError(text, code="errors_left")
    if batch.repair_count and not batch.is_repairs_accepted:
        text = _("还有 {count} 处修正建议没有确认。").format(count=batch.repair_count)
        raise ValidationError(text, code="repairs_left")
    frame = run.frame.filter(~pl.col(ROW).is_in(wrong.implode()))
    if not frame.height:
        raise ValidationError(_("每一行都有错误，没有可以导入的数据。"), code="no_rows")
    return frame


def undo_batch(*, actor: Actor, batch_id: UUID) -> UndoResult:
    """Take back a committed batch; ValidationError with the target's reason when it cannot be."""
    batch, target = locked_batch(actor, batch_id)
    if batch.state == BatchState.UNDONE:
        return UndoResult()
    if batch.state != BatchState.COMMITTED:
        raise ValidationError(_("这批数据没有导入，无需撤销。"), code="not_committed")
    with transaction.atomic():
        result = target.undo(actor, str(batch.id))
        if result.refused_because:
            raise ValidationError(result.refused_because, code="undo_refused")
    batch.state, batch.undone_at = BatchState.UNDONE, timezone.now()
    batch.save()
    payload = {"target": target.code, "deleted": result.deleted, "restored": result.restored}
    record(actor, "dataimport.batch.undo", subject=("dataimport.batch", batch.id), payload=payload)
    return result


def note_job(*, actor: Actor, batch_id: UUID, job_id: UUID | None) -> None:
    """Remember the background job that works on the batch; None: nothing does any more."""
    batch, _target = locked_batch(actor, batch_id)
    batch.job_id = job_id
    batch.save(update_fields=["job_id"])
