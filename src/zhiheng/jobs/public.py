"""What other domains use of background jobs.

A job is declared in the domain's ``tasks.py`` and does one service call::

    @job("dataimport.commit", queue="imports", label=_("提交导入"))
    def commit_import(run, *, batch_id: str):
        services.commit_batch(actor=run.actor, batch_id=UUID(batch_id), progress=run.progress)

and is started in the transaction of the request, so that a rollback starts nothing::

    job_id = start_job(actor, commit_import, detail="员工.xlsx", batch_id=str(batch.id))

The function runs in the starter's tenant and subsidiaries, with the permissions they have by then, in one
transaction that commits together with the word that the job is done. It may be called again after a crash:
what it does outside the database must bear repeating. To tell people why it cannot be done, raise `JobError`
(or let a ``ValidationError`` through); anything else shows an error number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from zhiheng.jobs.definitions import JobDefinition, Run, job
from zhiheng.jobs.services.errors import JobError

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

__all__ = [
    "JobDefinition", "JobError", "JobStatus", "Run", "cancel_job", "job", "job_status", "run_inline",
    "start_job",
]  # fmt: skip


@dataclass(frozen=True)
class JobStatus:
    """Where a job is; ``percent`` is ``None`` while the total is not known."""

    id: UUID
    kind: str
    state: str
    percent: int | None
    progress_text: str
    error: str
    error_id: str
    result: object
    finished_at: datetime | None
    is_open: bool


def start_job(
    actor: Actor, definition: JobDefinition, /, *, detail: str = "", unique_key: str = "", **params: object
) -> UUID:
    """Queue a job in the current transaction and return its id; ``params`` go to its function.

    ``detail`` tells people what it is about. With a ``unique_key``, such as the id of what is worked on, a
    run of the kind that still waits or runs under that key is returned instead of a second one.
    """
    from zhiheng.jobs.services import runs

    return runs.start_job(
        actor=actor, definition=definition, detail=detail, unique_key=unique_key, params=params
    )


def cancel_job(actor: Actor, job_id: UUID) -> str:
    """Cancel a job the actor may handle; return its state now (a running one ends at its next progress)."""
    from zhiheng.jobs.services import runs

    return runs.cancel_job(actor=actor, job_id=job_id).value


def job_status(actor: Actor, job_id: UUID) -> JobStatus:
    """Return where a job is; raise `Http404` for one the actor may not see."""
    from zhiheng.jobs.queries import run_for_actor

    run = run_for_actor(actor, job_id)
    return JobStatus(
        run.id, run.kind, run.state, run.percent, run.progress_text, run.error, run.error_id, run.result,
        run.finished_at, run.is_open,
    )  # fmt: skip


@dataclass(frozen=True)
class _Inline:
    """A job that runs here and now; progress goes to ``report``."""

    actor: Actor
    report: Callable[[int, int | None, str], None] | None
    job_id: UUID | None = None

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Pass the progress on."""
        if self.report:
            self.report(done, total, str(text))


def run_inline(
    actor: Actor,
    definition: JobDefinition,
    /,
    *,
    report: Callable[[int, int | None, str], None] | None = None,
    **params: object,
) -> object:
    """Do the work of a job here and now, in the caller's transaction: for the command line."""
    return definition.function(_Inline(actor, report), **params)
