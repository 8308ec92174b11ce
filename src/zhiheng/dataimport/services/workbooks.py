"""Workbooks to download: the empty template, the file with marked cells."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.dataimport.calc.issue import issues_of
from zhiheng.dataimport.calc.marked import MarkedIssue, marked_workbook, template
from zhiheng.dataimport.calc.workbook import MAX_ROWS
from zhiheng.dataimport.policies import READ_BATCH
from zhiheng.dataimport.queries.batches import batch_for_actor, fixes_of, target_for_actor
from zhiheng.dataimport.queries.reports import field_labels, issue_text
from zhiheng.dataimport.services.batches import reading_of
from zhiheng.dataimport.services.reading import checked_run

MARKED_ISSUES = min(50_000, MAX_ROWS)
"""Most issues marked in a downloaded file; Excel becomes unusable with more comments."""


def template_file(*, actor: Actor, target_code: str) -> tuple[str, bytes]:
    """File name and content of the target's empty workbook."""
    target = target_for_actor(actor, target_code)
    title = str(target.label)
    return _("{title}导入模板.xlsx").format(title=title), template(target.fields, title)


def marked_file(*, actor: Actor, batch_id: UUID) -> tuple[str, bytes]:
    """File name and content of the batch's sheet with all issues marked; the download is recorded."""
    batch = batch_for_actor(actor, batch_id, READ_BATCH)
    target = target_for_actor(actor, batch.target)
    reading, fixes = reading_of(actor, batch, target), fixes_of(batch)
    run = checked_run(actor, target, reading, batch.mapping, fixes=fixes)
    labels = field_labels(target)
    issues = [
        MarkedIssue(issue, issue_text(issue, labels)) for issue in issues_of(run.issues.head(MARKED_ISSUES))
    ]
    titles = (
        reading.sheet.name or _("数据"),
        _("问题清单"),
        _("单元格"),
        _("级别"),
        _("原内容"),
        _("建议"),
        _("说明"),
    )
    record(actor, "dataimport.batch.download_marked", subject=("dataimport.batch", batch.id), payload={})
    stem = batch.name.rsplit(".", 1)[0]
    return _("{stem}-检查结果.xlsx").format(stem=stem), marked_workbook(reading.sheet, issues, fixes, titles)
