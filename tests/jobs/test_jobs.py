"""Starting, running, failing, cancelling and retrying jobs, within one transaction each."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import actor_for, make_member, make_tenant, system_actor
from tests.factories.jobs import run_job
from tests.jobs import sample_jobs

from zhiheng.access.models import Membership
from zhiheng.audit.models import AuditEntry
from zhiheng.jobs.definitions import all_definitions
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.public import cancel_job, job, job_status, run_inline, start_job
from zhiheng.jobs.services import execution, states
from zhiheng.jobs.services.errors import AttemptAgain, JobFailed
from zhiheng.jobs.services.execution import execute
from zhiheng.jobs.services.runs import retry_job
from zhiheng.jobs.services.side import SameConnection
from zhiheng.jobs.tasks import RetryWhenAsked
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant():
    return make_tenant()


@pytest.fixture
def hr(tenant):
    return actor_for(make_member(tenant, "hr"), tenant)


@pytest.fixture
def employee(tenant):
    return actor_for(make_member(tenant, "employee"), tenant)


def start(actor, definition, **fields) -> UUID:
    with tenant_context(actor.tenant_id):
        return start_job(actor, definition, **fields)


def verbs(tenant) -> list[str]:
    with tenant_context(tenant.id):
        return list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))


def state_of(tenant, job_id) -> JobRun:
    with tenant_context(tenant.id):
        return JobRun.objects.get(id=job_id)


def test_a_start_makes_a_row_and_a_queued_job(tenant, hr):
    job_id = start(hr, sample_jobs.add, detail="三月", a=1, b=2)
    run = state_of(tenant, job_id)
    assert (run.kind, run.detail, run.queue, run.state) == ("test.add", "三月", "settlement", "queued")
    assert (run.params, run.actor_name, run.membership_id) == ({"a": 1, "b": 2}, "张三", hr.membership_id)
    queued = ProcrastinateJob.objects.get(id=run.queued_job_id)
    assert (queued.task_name, queued.queue_name, queued.lock) == (
        "zhiheng.jobs.run",
        "settlement",
        str(job_id),
    )
    assert queued.args == {"tenant_id": str(tenant.id), "job_id": str(job_id)}


def test_a_run_does_the_work_as_its_starter_and_says_done(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    run = run_job(tenant, job_id)
    assert (run.state, run.result, run.attempts) == ("done", {"sum": 3}, 1)
    assert (run.progress_done, run.progress_total, run.progress_text) == (2, 2, "一半")
    assert run.started_at <= run.finished_at
    with tenant_context(tenant.id):
        assert AuditEntry.objects.get().membership_id == hr.membership_id
        status = job_status(hr, job_id)
    assert (status.state, status.percent, status.result, status.is_open) == ("done", 100, {"sum": 3}, False)


def test_a_job_that_is_over_is_not_done_again(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    run_job(tenant, job_id)
    assert run_job(tenant, job_id).attempts == 1
    assert verbs(tenant) == ["test.add"]


def test_an_exclusive_kind_has_one_lock_a_tenant(tenant, hr):
    run = state_of(tenant, start(hr, sample_jobs.slow, seconds=0))
    assert ProcrastinateJob.objects.get(id=run.queued_job_id).lock == f"{tenant.id}:test.slow"


def test_a_unique_key_returns_the_run_that_is_still_open(tenant, hr):
    first = start(hr, sample_jobs.add, unique_key="k", a=1, b=2)
    assert start(hr, sample_jobs.add, unique_key="k", a=1, b=2) == first
    assert start(hr, sample_jobs.add, unique_key="other", a=1, b=2) != first
    assert ProcrastinateJob.objects.count() == 2
    run_job(tenant, first)
    assert start(hr, sample_jobs.add, unique_key="k", a=1, b=2) != first


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("told", "没有可结算的数据。"),
        ("invalid", "第 3 行缺少工号。"),
        ("gone", "要处理的数据已不存在，或发起人已无权查看。"),
    ],
)
def test_a_failure_with_a_reason_tells_people(tenant, hr, how, message):
    job_id = start(hr, sample_jobs.fail, how=how)
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    run = state_of(tenant, job_id)
    assert (run.state, run.error, run.error_id) == ("failed", message, "")
    assert verbs(tenant) == []


def test_an_unknown_failure_shows_a_number_and_no_detail(tenant, hr, caplog):
    job_id = start(hr, sample_jobs.fail, how="broken")
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    run = state_of(tenant, job_id)
    assert run.error == "系统内部错误，任务没有完成，数据没有改动。请重试；若仍失败，请把错误编号告诉管理员。"
    assert len(run.error_id) == 8
    assert f"error {run.error_id}" in caplog.text
    assert verbs(tenant) == []


def test_messages_are_in_the_starters_language(tenant, hr):
    with translation.override("en"):
        job_id = start(hr, sample_jobs.fail, how="gone")
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    assert state_of(tenant, job_id).error == (
        "The data to work on no longer exists, or the person who started the job may no longer see it."
    )


def test_an_outage_is_tried_again_up_to_the_last_attempt(tenant, hr):
    job_id = start(hr, sample_jobs.fail, how="outage")
    with pytest.raises(AttemptAgain) as again:
        run_job(tenant, job_id)
    run = state_of(tenant, job_id)
    assert (run.state, run.progress_text, again.value.seconds) == (
        "queued",
        "数据库暂时不可用，稍后自动重试。",
        5,
    )
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    assert state_of(tenant, job_id).state == "failed"


def test_a_job_that_kills_its_workers_is_given_up(tenant, hr):
    job_id = start(hr, sample_jobs.fail, how="told")
    for _death in range(2):
        states.claim(tenant.id, job_id)
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    assert state_of(tenant, job_id).error == (
        "任务多次中断，已停止自动重试。请检查数据量后手动重试，或联系管理员。"
    )


def test_an_attempt_that_was_superseded_takes_no_effect(tenant, hr, monkeypatch):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    finish = states.finish

    def meanwhile_claimed(run, result):
        states.claim(tenant.id, job_id)
        finish(run, result)

    monkeypatch.setattr(execution.states, "finish", meanwhile_claimed)
    run = run_job(tenant, job_id)
    assert (run.state, run.attempts) == ("running", 1)  # here the claim in between was undone with the work
    assert verbs(tenant) == []


def test_permissions_are_those_of_the_run_not_of_the_start(tenant, hr):
    job_id = start(hr, sample_jobs.guarded)
    with tenant_context(tenant.id):
        Membership.objects.get(id=hr.membership_id).assignments.all().delete()
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    assert state_of(tenant, job_id).error == "发起人没有“查看后台任务”权限。"


def test_a_starter_who_left_has_nothing_done(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    with tenant_context(tenant.id):
        Membership.objects.filter(id=hr.membership_id).update(is_active=False)
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    assert state_of(tenant, job_id).error == "发起人已不能在本企业工作，任务没有执行。"


def test_work_asked_for_by_a_token_gets_only_the_tokens_permissions(tenant, hr):
    narrow = replace(hr, token_id=uuid4(), grants={"jobs.run.read": hr.grants["jobs.run.read"]})
    job_id = start(narrow, sample_jobs.guarded)
    assert run_job(tenant, job_id).result == ["jobs.run.read"]


def test_the_system_can_start_jobs(tenant):
    job_id = start(system_actor(tenant), sample_jobs.add, a=2, b=2)
    assert run_job(tenant, job_id).result == {"sum": 4}


def test_a_waiting_job_is_cancelled_at_once(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    with tenant_context(tenant.id):
        assert cancel_job(hr, job_id) == "cancelled"
    run = run_job(tenant, job_id)
    assert (run.state, run.attempts) == ("cancelled", 0)
    assert ProcrastinateJob.objects.get(id=run.queued_job_id).status == "cancelled"
    assert verbs(tenant) == ["jobs.run.cancel"]


def test_a_running_job_is_cancelled_at_its_next_progress(tenant, hr, monkeypatch):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    monkeypatch.setattr(execution, "PROGRESS_SECONDS", 0)
    note = states.note_progress

    def cancelled_meanwhile(run, *rest):
        with tenant_context(tenant.id):
            assert cancel_job(hr, job_id) == "running"
        return note(run, *rest)

    monkeypatch.setattr(execution.states, "note_progress", cancelled_meanwhile)
    run = run_job(tenant, job_id)
    assert (run.state, run.result) == ("cancelled", None)


def test_cancelling_what_is_over_changes_nothing(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    run_job(tenant, job_id)
    with tenant_context(tenant.id):
        assert cancel_job(hr, job_id) == "done"


def test_a_stopping_worker_hands_the_job_back(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    with pytest.raises(AttemptAgain) as again:
        execute(tenant_id=tenant.id, job_id=job_id, side=SameConnection(), should_stop=lambda: True)
    run = state_of(tenant, job_id)
    assert (run.state, run.progress_text, again.value.seconds) == (
        "queued", "工作进程正在重启，任务稍后继续。", 0,
    )  # fmt: skip
    assert run_job(tenant, job_id).state == "done"


def test_a_failed_job_can_be_retried_with_fresh_attempts(tenant, hr, monkeypatch):
    job_id = start(hr, sample_jobs.fail, how="outage")
    for refusal in (AttemptAgain, JobFailed):
        with pytest.raises(refusal):
            run_job(tenant, job_id)
    with tenant_context(tenant.id):
        retry_job(actor=hr, job_id=job_id)
    run = state_of(tenant, job_id)
    assert (run.state, run.error, run.attempts, run.first_attempt) == ("queued", "", 2, 2)
    monkeypatch.setattr(sample_jobs, "ERRORS", {"outage": lambda: ZeroDivisionError()})
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    assert verbs(tenant) == ["jobs.run.retry"]


def test_what_is_not_over_cannot_be_retried(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    with tenant_context(tenant.id), pytest.raises(ValidationError, match="只有失败或已取消的任务可以重试"):
        retry_job(actor=hr, job_id=job_id)


def test_a_kind_the_program_no_longer_has_fails_and_cannot_be_retried(tenant, hr):
    job_id = start(hr, replace(sample_jobs.add, kind="test.gone"), a=1, b=2)
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    assert state_of(tenant, job_id).error == "本版本已没有这种任务。"
    with tenant_context(tenant.id), pytest.raises(ValidationError, match="不能重试"):
        retry_job(actor=hr, job_id=job_id)


def test_everybody_sees_their_own_jobs_and_hr_all(tenant, hr, employee):
    ours, theirs = start(hr, sample_jobs.add, a=1, b=2), start(employee, sample_jobs.add, a=1, b=2)
    with tenant_context(tenant.id):
        assert job_status(hr, theirs).state == "queued"
        assert job_status(employee, theirs).state == "queued"
        with pytest.raises(Http404):
            job_status(employee, ours)
        with pytest.raises(Http404):
            cancel_job(employee, ours)


def test_an_auditor_sees_all_and_cancels_none(tenant, hr):
    auditor = actor_for(make_member(tenant, "auditor"), tenant)
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    with tenant_context(tenant.id):
        assert job_status(auditor, job_id).state == "queued"
        with pytest.raises(Http404):
            cancel_job(auditor, job_id)


def test_a_job_can_run_inline_with_progress_reported(tenant, hr):
    seen = []
    with tenant_context(tenant.id):
        result = run_inline(hr, sample_jobs.add, report=lambda *step: seen.append(step), a=1, b=2)
        assert run_inline(hr, sample_jobs.add, a=2, b=2) == {"sum": 4}
    assert (result, seen) == ({"sum": 3}, [(1, 2, "一半")])


def test_two_functions_cannot_share_a_kind():
    with pytest.raises(ValueError, match=r"test\.add is declared twice"):
        job("test.add", label="x")(lambda run: None)


def test_an_actor_of_another_tenant_is_refused(hr):
    with tenant_context(make_tenant("乙公司").id), pytest.raises(ValueError, match="another tenant"):
        start_job(hr, sample_jobs.add, a=1, b=2)


def test_a_cancelled_job_whose_worker_died_is_cancelled_by_the_next_one(tenant, hr):
    job_id = start(hr, sample_jobs.add, a=1, b=2)
    states.claim(tenant.id, job_id)
    with tenant_context(tenant.id):
        assert cancel_job(hr, job_id) == "running"
    assert run_job(tenant, job_id).state == "cancelled"


def test_when_not_even_the_outcome_can_be_written_the_queue_tries_again(tenant, hr):
    class Away:
        def call(self, write):
            raise OperationalError("server closed the connection")

    job_id = start(hr, sample_jobs.add, a=1, b=2)
    with pytest.raises(AttemptAgain) as again:
        execute(tenant_id=tenant.id, job_id=job_id, side=Away(), should_stop=lambda: False)
    assert again.value.seconds == 5


def test_progress_is_written_twice_a_second_at_most_and_at_the_end(tenant, hr, monkeypatch):
    written, now = [], [0.0]
    monkeypatch.setattr(execution.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(execution.states, "note_progress", lambda run, *step: written.append(step))
    running = execution.RunningJob(hr, JobRun(tenant_id=tenant.id), SameConnection(), lambda: False)
    for done, at in ((0, 0.0), (1, 0.1), (2, 0.4), (3, 0.6), (4, 0.7), (5, 0.8)):
        now[0] = at
        running.progress(done, 5)
    assert [done for done, _total, _text in written] == [0, 3, 5]


def test_a_retry_gives_way_to_the_same_job_started_meanwhile(tenant, hr):
    first = start(hr, sample_jobs.add, unique_key="k", a=1, b=2)
    with tenant_context(tenant.id):
        cancel_job(hr, first)
        start_job(hr, sample_jobs.add, unique_key="k", a=1, b=2)
        with pytest.raises(ValidationError, match="同样的任务已在排队或运行"):
            retry_job(actor=hr, job_id=first)
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1


def test_all_kinds_are_listed_and_callable(hr):
    kinds = [each.kind for each in all_definitions()]
    assert kinds == sorted(kinds)
    assert {"audit.chain.verify", "test.add"} <= set(kinds)


def test_a_job_stays_callable_as_a_plain_function(tenant, hr):
    running = execution.RunningJob(
        hr, JobRun(tenant_id=tenant.id), SameConnection(), lambda: False, float("inf")
    )
    assert running.job_id == running.run.id
    with tenant_context(tenant.id):
        assert sample_jobs.add(running, a=1, b=5) == {"sum": 6}
    assert str(JobRun(tenant_id=tenant.id, kind="k", state="done")) == "k done"


def test_only_what_asks_for_it_is_tried_again_by_the_queue():
    strategy = RetryWhenAsked()
    assert strategy.get_retry_decision(exception=JobFailed(), job=None) is None
    decision = strategy.get_retry_decision(exception=AttemptAgain(30), job=None)
    assert 29 < (decision.retry_at - timezone.now()).total_seconds() <= 30
