"""The one task that procrastinate runs for all jobs, and the housekeeping of its tables."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from zhiheng.audit.public import VERIFY_CHAIN, verify_chain
from zhiheng.jobs.definitions import Run, job
from zhiheng.jobs.services.errors import AttemptAgain
from zhiheng.jobs.services.execution import execute
from zhiheng.jobs.services.runs import TASK
from zhiheng.jobs.services.side import SideThread

KEEP_HOURS = 72


class RetryWhenAsked(BaseRetryStrategy):
    """Repeat only what asks for it; how often is decided where the run's attempts are counted."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or ``None``."""
        if isinstance(exception, AttemptAgain):
            return RetryDecision(retry_in={"seconds": int(exception.seconds)})
        return None


@app.task(name=TASK, retry=RetryWhenAsked(), pass_context=True)
def run_job(context: JobContext, *, tenant_id: str, job_id: str) -> None:
    """Attempt a run."""
    with SideThread() as side:
        execute(tenant_id=UUID(tenant_id), job_id=UUID(job_id), side=side, should_stop=context.should_abort)


@app.periodic(cron="23 3 * * *")
@app.task(
    name="zhiheng.jobs.delete_old",
    queue="default",
    queueing_lock="zhiheng.jobs.delete_old",
    pass_context=True,
)
async def delete_old(context: JobContext, timestamp: int) -> None:
    """Empty the queue of what ended days ago, nightly; the runs that people see stay."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@job(
    "audit.chain.verify",
    label=_("校验审计链"),
    is_exclusive=True,
    link=lambda params, result: reverse("audit:entry_list"),
    start_permission=VERIFY_CHAIN,
)
def verify_audit_chain(run: Run) -> dict[str, int]:
    """Verify the audit chain of the tenant; here because the audit log lies below the jobs."""
    report = verify_chain(run.actor)
    return {"entry_count": report.entry_count, "finding_count": len(report.findings)}
