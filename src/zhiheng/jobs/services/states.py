"""The state machine of a run: each step is one UPDATE that names the state and attempt it starts from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from zhiheng.jobs.choices import OPEN_STATES, JobState
from zhiheng.jobs.models import JobRun
from zhiheng.tenancy.context import tenant_context


class Superseded(Exception):
    """Another attempt has taken the run over; this one must leave nothing behind."""


def claim(tenant_id: UUID, job_id: UUID) -> JobRun | None:
    """Take a run that waits, or whose worker died, as a new attempt; ``None`` if there is nothing to do."""
    with tenant_context(tenant_id):
        run = JobRun.objects.select_for_update().filter(id=job_id, state__in=OPEN_STATES).first()
        if run is None:
            return None
        if run.is_cancel_requested:
            run.state, run.finished_at = JobState.CANCELLED, timezone.now()
            run.save(update_fields=["state", "finished_at"])
            return None
        run.state = JobState.RUNNING
        run.attempts += 1
        run.started_at = run.started_at or timezone.now()
        run.progress_done, run.progress_total, run.progress_text = 0, None, ""
        run.save(
            update_fields=[
                "state", "attempts", "started_at", "progress_done", "progress_total", "progress_text",
            ]
        )  # fmt: skip
        return run


def note_progress(run: JobRun, done: int, total: int | None, text: str) -> bool:
    """Write the progress of an attempt; return whether somebody asked to cancel. Raises `Superseded`."""
    with tenant_context(run.tenant_id):
        _of_attempt(run, progress_done=done, progress_total=total, progress_text=text[:200])
        return JobRun.objects.values_list("is_cancel_requested", flat=True).get(id=run.id)


def finish(run: JobRun, result: object) -> None:
    """Mark the run done, in the transaction of its work. Raises `Superseded`, which undoes that work."""
    done = {"progress_done": F("progress_total")} if run.progress_total else {}
    _of_attempt(run, state=JobState.DONE, result=result, finished_at=timezone.now(), **done)


def fail(run: JobRun, error: str, error_id: str = "") -> None:
    """Mark the run failed, with what people should read."""
    _end(run, state=JobState.FAILED, error=error[:500], error_id=error_id, finished_at=timezone.now())


def cancel(run: JobRun) -> None:
    """Mark the run cancelled."""
    _end(run, state=JobState.CANCELLED, finished_at=timezone.now())


def requeue(run: JobRun, text: str) -> None:
    """Put the run back to waiting, to be attempted again."""
    _end(run, state=JobState.QUEUED, progress_text=text[:200])


def _end(run: JobRun, **fields: str | datetime) -> None:
    with tenant_context(run.tenant_id):
        _of_attempt(run, **fields)


def _of_attempt(run: JobRun, **fields: object) -> None:
    ours = JobRun.objects.filter(id=run.id, state=JobState.RUNNING, attempts=run.attempts)
    if not ours.update(**fields):
        raise Superseded
