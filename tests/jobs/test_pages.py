"""Pages and API of background jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import actor_for, make_member, make_tenant
from tests.factories.jobs import run_job
from tests.jobs import sample_jobs

from zhiheng.audit.models import AuditEntry
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.public import start_job
from zhiheng.jobs.services import states
from zhiheng.jobs.services.errors import JobFailed
from zhiheng.jobs.views import duration_text
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant():
    return make_tenant()


@pytest.fixture
def user(tenant):
    return make_member(tenant, "hr")


@pytest.fixture
def page(client, user):
    client.force_login(user)
    return client


def start(user, tenant, definition=sample_jobs.add, **params):
    with tenant_context(tenant.id):
        return start_job(
            actor_for(user, tenant), definition, detail="员工.xlsx", **params or {"a": 1, "b": 2}
        )


def failed(user, tenant, how="told"):
    job_id = start(user, tenant, sample_jobs.fail, how=how)
    with pytest.raises(JobFailed):
        run_job(tenant, job_id)
    return job_id


def url(name, job_id):
    return reverse(f"jobs:{name}", args=[job_id])


def test_an_empty_list_says_so(page):
    assert "还没有后台任务" in page.get("/jobs/").content.decode()


def test_the_list_shows_state_and_progress(page, user, tenant):
    job_id = start(user, tenant)
    run = states.claim(tenant.id, job_id)
    states.note_progress(run, 1, 4, "第 1 批")
    text = page.get("/jobs/").content.decode()
    for each in ("相加", "员工.xlsx", "运行中", "25%", "第 1 批", f"/jobs/{job_id}/progress/"):
        assert each in text


def test_the_list_filters_by_state(page, user, tenant):
    start(user, tenant)
    failed(user, tenant)
    text = page.get("/jobs/?state=failed").content.decode()
    assert "没有可结算的数据。" in text
    assert "相加" not in text


def test_a_list_costs_few_queries(page, user, tenant):
    for _each in range(60):
        start(user, tenant)
    page.get("/jobs/")
    with CaptureQueriesContext(connection) as queries:
        page.get("/jobs/")
    # Beside these: SET LOCAL of each tenant context, and the savepoints it is in a test.
    selects = [each for each in queries.captured_queries if each["sql"].startswith("SELECT")]
    assert len(selects) == 6


def test_a_running_job_refreshes_itself_until_it_is_over(page, user, tenant):
    job_id = start(user, tenant)
    text = page.get(url("run_detail", job_id), headers={"HX-Request": "true"}).content.decode()
    assert 'data-poll-done-value="false"' in text
    assert "取消任务" in text
    assert "<html" not in text
    run_job(tenant, job_id)
    text = page.get(url("run_detail", job_id)).content.decode()
    assert 'data-poll-done-value="true"' in text
    assert "任务已完成" in text
    assert 'href="/sum/3/"' in text
    text = page.get(url("run_progress", job_id)).content.decode()
    assert "已完成" in text
    assert 'data-poll-done-value="true"' in text


def test_a_failed_job_shows_why_and_is_retried(page, user, tenant):
    job_id = failed(user, tenant, "broken")
    run = page.get(url("run_detail", job_id)).context["run"]
    text = page.get(url("run_detail", job_id)).content.decode()
    assert run.error_id in text
    assert "ZeroDivisionError" not in text
    assert "任务已重新排队。" in page.post(url("run_retry", job_id), follow=True).content.decode()
    text = page.post(url("run_retry", job_id), follow=True).content.decode()
    assert "只有失败或已取消的任务可以重试。" in text


def test_a_job_is_cancelled(page, user, tenant):
    job_id = start(user, tenant)
    assert "任务已取消。" in page.post(url("run_cancel", job_id), follow=True).content.decode()
    assert "任务已经结束。" not in page.get(url("run_detail", job_id)).content.decode()
    running = start(user, tenant)
    states.claim(tenant.id, running)
    text = page.post(url("run_cancel", running), follow=True).content.decode()
    assert "已请求取消，任务会在下一步停止。" in text
    assert "正在取消" in text


def test_an_employee_sees_and_handles_only_their_own(client, tenant, user):
    employee = make_member(tenant, "employee")
    client.force_login(employee)
    theirs, own = start(user, tenant), start(employee, tenant)
    assert client.get(url("run_detail", theirs)).status_code == 404
    assert client.post(url("run_cancel", theirs)).status_code == 404
    assert client.get(f"/api/v1/jobs/{theirs}").status_code == 404
    assert [each["id"] for each in client.get("/api/v1/jobs").json()["items"]] == [str(own)]
    assert client.post(url("run_cancel", own)).status_code == 302


def test_an_auditor_sees_no_buttons_on_others_jobs(client, tenant, user):
    client.force_login(make_member(tenant, "auditor"))
    text = client.get(url("run_detail", start(user, tenant))).content.decode()
    assert "排队中" in text
    assert "取消任务" not in text


def test_another_tenants_job_is_not_there(page):
    other = make_tenant("乙公司")
    job_id = start(make_member(other, "owner"), other)
    assert page.get(url("run_detail", job_id)).status_code == 404


def test_the_audit_chain_is_verified_by_a_button(client, tenant):
    client.force_login(make_member(tenant, "auditor"))
    answer = client.post("/jobs/start/audit.chain.verify/")
    assert answer.status_code == 302
    assert client.post("/jobs/start/audit.chain.verify/").url == answer.url  # still open: not started twice
    with tenant_context(tenant.id):
        run = JobRun.objects.get()
    run = run_job(tenant, run.id)
    assert (run.state, run.result) == ("done", {"entry_count": 0, "finding_count": 0})
    with tenant_context(tenant.id):
        assert AuditEntry.objects.get().verb == "audit.chain.verify"
    assert 'href="/audit/"' in client.get(answer.url).content.decode()


def test_only_what_has_a_button_is_started_and_only_with_the_permission(page):
    assert page.post("/jobs/start/audit.chain.verify/").status_code == 403
    assert page.post("/jobs/start/test.add/").status_code == 404
    assert page.post("/jobs/start/nothing/").status_code == 404


def test_the_api_lists_gets_cancels_and_retries(page, user, tenant):
    first, second = start(user, tenant), failed(user, tenant)
    listed = page.get("/api/v1/jobs?limit=1").json()
    assert [each["id"] for each in listed["items"]] == [str(second)]
    rest = page.get(f"/api/v1/jobs?limit=1&cursor={listed['next_cursor']}").json()
    assert [each["id"] for each in rest["items"]] == [str(first)]
    assert [each["id"] for each in page.get("/api/v1/jobs?state=failed").json()["items"]] == [str(second)]
    assert page.get("/api/v1/jobs?state=odd").status_code == 422
    one = page.get(f"/api/v1/jobs/{second}").json()
    assert (one["state"], one["error"], one["detail"]) == ("failed", "没有可结算的数据。", "员工.xlsx")
    assert page.post(f"/api/v1/jobs/{first}/cancel").json()["state"] == "cancelled"
    assert page.post(f"/api/v1/jobs/{second}/retry").json()["state"] == "queued"


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (None, ""),
        (timedelta(seconds=-1), "0 秒"),
        (timedelta(seconds=59.9), "59 秒"),
        (timedelta(seconds=61), "1 分 1 秒"),
        (timedelta(hours=3, minutes=2, seconds=9), "3 小时 2 分"),
    ],
)
def test_durations_are_written_in_two_units(duration, text):
    assert duration_text(duration) == text
