"""Worker processes: jobs that commit, that are killed, that are told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from tests.factories import make_tenant, system_actor
from tests.jobs import sample_jobs

from zhiheng.audit.models import AuditEntry
from zhiheng.audit.public import verify
from zhiheng.jobs import worker as worker_module
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.public import cancel_job, start_job
from zhiheng.jobs.services import states
from zhiheng.jobs.worker import Timing, rescue_stalled
from zhiheng.tenancy.context import tenant_context

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 25


@pytest.fixture
def tenant(committed_db):
    return make_tenant()


@pytest.fixture
def worker(committed_db) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start worker processes on the test's database; they are gone when the test ends."""
    started: list[subprocess.Popen] = []

    def start(grace: float = 5) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker_process", str(grace)],
            cwd=ROOT,
            env={**os.environ, "ZHIHENG_DATABASE": committed_db, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
    connection.close()


def start(tenant, definition, **params):
    with tenant_context(tenant.id):
        return start_job(system_actor(tenant), definition, **params)


def wait_for(tenant, job_id, condition: Callable[[JobRun], bool]) -> JobRun:
    """Wait until the run meets the condition, as another connection sees it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with tenant_context(tenant.id):
            run = JobRun.objects.get(id=job_id)
        if condition(run):
            return run
        time.sleep(0.05)
    raise AssertionError(f"still {run.state} after {PATIENCE} s: {run.progress_text} {run.error}")


def subjects(tenant) -> list[str]:
    with tenant_context(tenant.id):
        return list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_rollback_queues_nothing(tenant):
    with rolled_back():
        start(tenant, sample_jobs.add, a=1, b=2)
    with tenant_context(tenant.id):
        assert JobRun.objects.count() == 0
    assert ProcrastinateJob.objects.count() == 0


def test_a_job_runs_with_progress_seen_while_its_work_is_not_yet(tenant, worker):
    worker()
    job_id = start(tenant, sample_jobs.slow, seconds=2)
    run = wait_for(tenant, job_id, lambda run: run.progress_done > 0)
    assert (run.state, run.progress_total, subjects(tenant)) == ("running", 20, [])
    run = wait_for(tenant, job_id, lambda run: not run.is_open)
    assert (run.state, run.result, run.attempts, run.percent) == ("done", {"steps": 20}, 1, 100)
    assert subjects(tenant) == ["test.slow"]


def test_a_job_whose_worker_is_killed_is_rescued_and_done_exactly_once(tenant, worker):
    first = worker()
    job_id = start(tenant, sample_jobs.slow, seconds=2)
    wait_for(tenant, job_id, lambda run: run.progress_done > 0)
    first.send_signal(signal.SIGKILL)
    first.wait()
    run = wait_for(tenant, job_id, lambda run: True)
    assert (run.state, run.attempts, subjects(tenant)) == ("running", 1, [])
    worker()
    run = wait_for(tenant, job_id, lambda run: not run.is_open)
    assert (run.state, run.attempts, run.result) == ("done", 2, {"steps": 20})
    assert subjects(tenant) == ["test.slow"]
    assert verify(tenant.id).findings == ()
    assert [each.attempts for each in ProcrastinateJob.objects.filter(id=run.queued_job_id)] == [2]


def test_a_worker_told_to_stop_lets_a_short_job_finish(tenant, worker):
    process = worker(grace=10)
    job_id = start(tenant, sample_jobs.slow, seconds=1)
    wait_for(tenant, job_id, lambda run: run.progress_done > 0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert wait_for(tenant, job_id, lambda run: not run.is_open).state == "done"
    assert subjects(tenant) == ["test.slow"]


def test_a_worker_told_to_stop_hands_a_long_job_back(tenant, worker):
    process = worker(grace=0.2)
    job_id = start(tenant, sample_jobs.slow, seconds=60)
    wait_for(tenant, job_id, lambda run: run.progress_done > 0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    run = wait_for(tenant, job_id, lambda run: True)
    assert (run.state, run.progress_text) == ("queued", "工作进程正在重启，任务稍后继续。")
    assert (ProcrastinateJob.objects.get(id=run.queued_job_id).status, subjects(tenant)) == ("todo", [])


def test_a_running_job_can_be_cancelled_from_outside(tenant, worker):
    worker()
    job_id = start(tenant, sample_jobs.slow, seconds=60)
    wait_for(tenant, job_id, lambda run: run.progress_done > 0)
    with tenant_context(tenant.id):
        assert cancel_job(system_actor(tenant), job_id) == "running"
    run = wait_for(tenant, job_id, lambda run: not run.is_open)
    assert (run.state, run.result) == ("cancelled", None)
    assert subjects(tenant) == ["jobs.run.cancel"]


def stop_when(condition: Callable[[], bool]) -> threading.Thread:
    """Send this process SIGTERM, as a service manager would, once the condition holds."""

    def watch() -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.1)
        connection.close()
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def state_of(tenant, job_id) -> str:
    with tenant_context(tenant.id):
        return JobRun.objects.values_list("state", flat=True).get(id=job_id)


def test_a_worker_gives_back_and_does_what_a_dead_one_held(tenant, caplog):
    caplog.set_level("WARNING", "zhiheng.jobs")
    job_id = start(tenant, sample_jobs.add, a=1, b=2)
    states.claim(tenant.id, job_id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    watcher = stop_when(lambda: state_of(tenant, job_id) == "done")
    worker_module.run(["settlement", "default"], concurrency=1, timing=Timing(rescue=0.2, stalled=2, grace=1))
    watcher.join()
    assert (state_of(tenant, job_id), subjects(tenant)) == ("done", ["test.add"])
    assert "was given back to its queue" in caplog.text


def test_a_worker_of_other_queues_leaves_a_job_alone(tenant):
    job_id = start(tenant, sample_jobs.add, a=1, b=2)
    began = time.monotonic()
    watcher = stop_when(lambda: time.monotonic() > began + 1)
    worker_module.run(["payroll"], timing=Timing())
    watcher.join()
    assert state_of(tenant, job_id) == "queued"


class Racing:
    """A queue whose stalled job another worker gives back first."""

    job_manager: Racing

    def __init__(self) -> None:
        self.job_manager = self

    async def get_stalled_jobs(self, seconds_since_heartbeat: float) -> list[Job]:
        return [Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t")]

    async def retry_job(self, job: Job) -> None:
        raise ConnectorException


def test_a_job_that_another_worker_gave_back_first_is_passed_over():
    assert asyncio.run(rescue_stalled(Racing(), 1)) == 0


def test_rescuing_goes_on_when_the_database_was_away(caplog, monkeypatch):
    calls = []

    async def away(app, seconds):
        calls.append(seconds)
        raise ConnectorException("away")

    async def rescue_a_while():
        async with worker_module._rescuing(None, Timing(rescue=0.01, stalled=3)):
            await asyncio.sleep(0.2)

    monkeypatch.setattr(worker_module, "rescue_stalled", away)
    asyncio.run(rescue_a_while())
    assert len(calls) > 1
    assert set(calls) == {3}
    assert "looking for stalled jobs failed" in caplog.text
