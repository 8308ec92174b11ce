"""Jobs of the import: the same service calls as the pages, for files that take longer than a request may."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.dataimport import services
from zhiheng.dataimport.models import ImportBatch
from zhiheng.jobs.public import JobDefinition, job, run_inline, start_job

INLINE_BYTES = 256 * 1024
"""Files up to this size are worked on within the request (well under a second)."""


def _link(params: dict, result: object) -> str:
    return reverse("dataimport:batch", args=[params["batch_id"]])


@job("dataimport.check", queue="imports", label=_("检查导入文件"), link=_link)
def check_import(run, *, batch_id: str) -> None:
    """Dry run of a batch."""
    services.check_batch(actor=run.actor, batch_id=UUID(batch_id), progress=run.progress)


@job("dataimport.commit", queue="imports", label=_("提交导入"), link=_link)
def commit_import(run, *, batch_id: str, skip_error_rows: bool = False) -> dict[str, int]:
    """Write the rows of a batch."""
    result = services.commit_batch(
        actor=run.actor, batch_id=UUID(batch_id), skip_error_rows=skip_error_rows, progress=run.progress
    )
    return {"created": result.created, "updated": result.updated, "unchanged": result.unchanged}


@job("dataimport.undo", queue="imports", label=_("撤销导入"), link=_link)
def undo_import(run, *, batch_id: str) -> None:
    """Take a batch back."""
    services.undo_batch(actor=run.actor, batch_id=UUID(batch_id))


def work_on(actor: Actor, definition: JobDefinition, batch: ImportBatch, **params: object) -> bool:
    """Do a step now when the file is small, else queue it; tells whether it is done.

    ValidationError when the step was done now and cannot be.
    """
    if batch.size_bytes <= INLINE_BYTES:
        run_inline(actor, definition, batch_id=str(batch.id), **params)
        return True
    job_id = start_job(
        actor, definition, detail=batch.name, unique_key=str(batch.id), batch_id=str(batch.id), **params
    )
    services.note_job(actor=actor, batch_id=batch.id, job_id=job_id)
    return False
