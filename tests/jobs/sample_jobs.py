"""Jobs that the tests run, also in worker processes."""

from __future__ import annotations

import time

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404

from zhiheng.audit.public import record
from zhiheng.jobs.policies import READ_JOB
from zhiheng.jobs.public import JobError, job


@job("test.add", label="相加", queue="settlement", link=lambda params, result: f"/sum/{result['sum']}/")
def add(run, *, a: int, b: int):
    run.progress(1, 2, "一半")
    record(run.actor, "test.add", subject=("test", a), payload={"sum": a + b})
    return {"sum": a + b}


@job("test.slow", label="慢任务", is_exclusive=True)
def slow(run, *, seconds: float):
    """Record one entry, then work on with progress, so that a kill strikes after the record."""
    record(run.actor, "test.slow", subject=("test", "slow"))
    steps = max(1, int(seconds * 10))
    for step in range(steps):
        run.progress(step, steps, f"{step}")
        time.sleep(0.1)
    return {"steps": steps}


ERRORS = {
    "told": lambda: JobError("没有可结算的数据。"),
    "invalid": lambda: ValidationError("第 3 行缺少工号。"),
    "gone": lambda: Http404(),
    "broken": lambda: ZeroDivisionError("secret detail"),
    "outage": lambda: OperationalError("server closed the connection"),
}


@job("test.fail", label="失败", max_attempts=2)
def fail(run, *, how: str):
    record(run.actor, "test.fail", subject=("test", how))
    raise ERRORS[how]()


@job("test.guarded", label="需权限")
def guarded(run):
    run.actor.scope(READ_JOB)
    return sorted(run.actor.grants)
