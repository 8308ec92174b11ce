"""API of background jobs."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.jobs.choices import JobState
from zhiheng.jobs.policies import MANAGE_JOB, READ_JOB
from zhiheng.jobs.queries import run_for_actor, runs_for_actor
from zhiheng.jobs.schemas import JobOut
from zhiheng.jobs.services import runs
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["jobs"])


@router.get("", response=CursorPage[JobOut])
@requires(READ_JOB)
def list_jobs(request: HttpRequest, page: Paging, state: JobState | None = None):
    """List the jobs you may see, latest first: your own, or all of the company."""
    rows = runs_for_actor(request.actor)
    return cursor_page(rows.filter(state=state) if state else rows, page, order=("-id",))


@router.get("/{uuid:job_id}", response=JobOut)
@requires(READ_JOB)
def get_job(request: HttpRequest, job_id: UUID):
    """Get a job."""
    return run_for_actor(request.actor, job_id)


@router.post("/{uuid:job_id}/cancel", response=JobOut)
@requires(MANAGE_JOB)
def cancel_job(request: HttpRequest, job_id: UUID):
    """Cancel a job: a waiting one at once, a running one at its next step."""
    runs.cancel_job(actor=request.actor, job_id=job_id)
    return run_for_actor(request.actor, job_id)


@router.post("/{uuid:job_id}/retry", response=JobOut)
@requires(MANAGE_JOB)
def retry_job(request: HttpRequest, job_id: UUID):
    """Queue a failed or cancelled job again."""
    runs.retry_job(actor=request.actor, job_id=job_id)
    return run_for_actor(request.actor, job_id)
