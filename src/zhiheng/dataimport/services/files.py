"""A whole import in one call, for the command line and the loading of examples."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.dataimport.calc.engine import DryRun
from zhiheng.dataimport.calc.target import ImportReport, ImportTarget, Progress
from zhiheng.dataimport.choices import BatchState
from zhiheng.dataimport.queries.batches import target_for_actor
from zhiheng.dataimport.queries.reports import first_issues
from zhiheng.dataimport.services.batches import new_batch, take_reading, take_run
from zhiheng.dataimport.services.commits import commit_run
from zhiheng.dataimport.services.reading import Content, Reading, checked_run, content_bytes, read_table
from zhiheng.tenancy.context import tenant_context


def import_file(
    actor: Actor,
    target_code: str,
    *,
    name: str,
    content: Content,
    mapping: Mapping[str, str] | None = None,
    commit: bool = True,
    progress: Progress | None = None,
    sheet: str | None = None,
    header_rows: tuple[int, int] | None = None,
    accept_repairs: bool = True,
    skip_error_rows: bool = False,
) -> ImportReport:
    """Import a file with the same checks as the pages, in one transaction; prints nothing.

    ``content`` is bytes, a path or a binary file. ``mapping`` gives the field of each header (header → field
    name) and replaces the guess. With ``commit=False`` nothing at all is stored. When errors remain, nothing
    is written either, and the report's ``state`` is ``checked``. ValidationError, with a sentence for the
    user, when the file cannot be read.
    """
    with tenant_context(actor.tenant_id, actor.legal_entity_ids):
        target = target_for_actor(actor, target_code)
        data = content_bytes(content)
        reading = read_table(data, target, sheet_name=sheet, header_rows=header_rows)
        chosen = _mapping(target, reading, mapping)
        run = checked_run(actor, target, reading, chosen, progress=progress)
        blocked = run.count("error") and not skip_error_rows
        unaccepted = run.count("repair") and not accept_repairs
        if not commit or blocked or unaccepted:
            return _report(target, name, run, chosen)
        batch = new_batch(actor, target, name, data)
        take_reading(batch, reading)
        batch.mapping, batch.is_repairs_accepted = chosen, accept_repairs
        take_run(batch, run)
        result = commit_run(actor, batch, target, run, skip_error_rows=skip_error_rows, progress=progress)
        return _report(
            target, name, run, chosen, batch_id=str(batch.id), state=BatchState.COMMITTED.value, result=result
        )


def _mapping(target: ImportTarget, reading: Reading, given: Mapping[str, str] | None) -> dict[str, str]:
    """Header → field: the given one, checked, or the guess."""
    if given is None:
        return {guess.header: guess.field or "" for guess in reading.guesses}
    known = {guess.header for guess in reading.guesses}
    if missing := [head for head in given if head not in known]:
        raise ValidationError(
            _("文件里没有名为「{header}」的列。").format(header=missing[0]), code="no_header"
        )
    names = target.fields_by_name
    if wrong := [name for name in given.values() if name and name not in names]:
        raise ValidationError(_("没有「{field}」这个字段。").format(field=wrong[0]), code="unknown_field")
    return dict(given)


def _report(target: ImportTarget, name: str, run: DryRun, chosen: Mapping[str, str], **more) -> ImportReport:
    return ImportReport(
        target=target.code,
        name=name,
        rows=run.frame.height,
        errors=run.count("error"),
        warnings=run.count("warning"),
        repairs=run.count("repair"),
        issues=tuple(first_issues(run)),
        mapping=dict(chosen),
        **more,
    )
