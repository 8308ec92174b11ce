"""The pages, as people use them: on the phone and at the desk."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests.factories import make_member
from tests.worklog.conftest import MONDAY

from zhiheng.tenancy.context import tenant_context
from zhiheng.worklog.models import Customer, Project, TimesheetEntry, TimesheetWeek, Visit, WorkEntry
from zhiheng.worklog.services.projects import ProjectData, add_activity, save_project, set_members
from zhiheng.worklog.services.visits import check_in

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


@pytest.fixture
def browse(company, clock, settled):
    """Return a browser of somebody with a role."""

    def make(role: str, person=None, unit=None) -> Client:
        client = Client()
        with tenant_context(company.tenant.id):
            client.force_login(make_member(company.tenant, role, person, within_org_unit=unit))
        return client

    return make


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def inside(company):
    return tenant_context(company.tenant.id)


def test_a_visit_on_the_phone(company, browse, clock):
    with inside(company):
        lake = company.customer("C1", company.ann)
    ann = browse("employee", company.ann)
    page = text(ann.get("/worklog/visits/start/"))
    assert "客户C1" in page
    assert 'data-controller="place"' in page
    photo = SimpleUploadedFile("door.png", PNG, "image/png")
    place = {"latitude": "30.25", "longitude": "120.15", "accuracy": "12.4"}
    assert (
        ann.post(
            "/worklog/visits/start/", {"customer_id": lake, "purpose": "续约", "photo": photo, **place}
        ).status_code
        == 302
    )
    with inside(company):
        visit = Visit.objects.get()
    assert (visit.state, visit.risks, visit.distance) == ("started", [], 0)
    assert "签退" in text(ann.get("/worklog/me/"))
    clock.set(MONDAY, "10:30")
    end = f"/worklog/visits/{visit.id}/end/"
    assert "hr-error" in text(ann.post(end, {"summary": ""}), 422)
    assert ann.post(end, {"summary": "同意续约", "next_step": "寄合同", **place}).status_code == 302
    page = text(ann.get("/worklog/me/"))
    assert "90 分钟" in page
    assert "客户拜访" in page
    detail = text(ann.get(f"/worklog/visits/{visit.id}/"))
    assert "同意续约" in detail
    assert "距客户 0 米" in detail
    assert "精度 12 米" in detail
    assert ann.post(f"/worklog/visits/{visit.id}/notes/", {"summary": "补充"}).status_code == 302
    again = text(ann.post(end, {"summary": "再次"}), 422)
    assert "没有在进行中" in again


def test_planning_and_cancelling(company, browse, clock):
    with inside(company):
        lake = company.customer("C1", company.ann)
    ann = browse("employee", company.ann)
    assert (
        ann.post("/worklog/visits/plan/", {"customer_id": lake, "planned_at": "2026-11-02T14:00"}).status_code
        == 302
    )
    with inside(company):
        visit = Visit.objects.get()
    assert "客户C1" in text(ann.get(f"/worklog/visits/{visit.id}/start/"))
    assert "取消拜访" in text(ann.get(f"/worklog/visits/{visit.id}/"))
    assert ann.post(f"/worklog/visits/{visit.id}/cancel/").status_code == 302
    assert "只有尚未开始" in text(ann.post(f"/worklog/visits/{visit.id}/cancel/", follow=True))
    text(ann.post(f"/worklog/visits/{visit.id}/start/", {}), 422)


def test_without_customers_the_page_says_what_to_do(company, browse):
    assert "导入客户名单" in text(browse("employee", company.ann).get("/worklog/visits/start/"))


def test_lists_filters_and_files_of_visits_and_customers(company, browse, clock):
    with inside(company):
        lake = company.customer("C1", company.ann)
        check_in(actor=company.actor, customer_id=lake, person_id=company.ann.id)
    hr = browse("hr")
    assert "没有位置信息" in text(hr.get("/worklog/visits/?flag=any"))
    assert "没有符合" in text(hr.get("/worklog/visits/?flag=far"))
    sheet = b"".join(hr.get("/worklog/visits/?export=xlsx").streaming_content)
    assert (
        CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()[1][0] == "客户C1"
    )
    assert "客户C1" in text(hr.get("/worklog/customers/?place=yes"))
    assert hr.get("/worklog/customers/?export=csv").status_code == 200


def test_keeping_customers(company, browse):
    head = browse("department_head", company.dora, company.east)
    data = {
        "code": "C7",
        "name": "七号客户",
        "owner": company.ann.employee_number,
        "datum": "gcj02",
        "radius": "300",
        "is_active": "on",
    }
    half = text(head.post("/worklog/customers/add/", {**data, "latitude": "30.25"}), 422)
    assert "同时填写纬度和经度" in half
    assert "没有工号" in text(head.post("/worklog/customers/add/", {**data, "owner": "X"}), 422)
    assert (
        head.post("/worklog/customers/add/", {**data, "latitude": "30.25", "longitude": "120.15"}).status_code
        == 302
    )
    with inside(company):
        customer = Customer.objects.get()
    assert (customer.owner_id, customer.latitude != 0, float(customer.latitude) == 30.25) == (
        company.ann.id,
        True,
        False,
    )
    edit = f"/worklog/customers/{customer.id}/"
    assert "七号客户" in text(head.get(edit))
    assert head.post(edit, {**data, "name": "改名"}).status_code == 302
    west = browse("department_head", company.cleo, company.west)
    assert west.get(edit).status_code == 404
    outside = {**data, "code": "C8"}
    assert west.post("/worklog/customers/add/", outside).status_code == 403


def test_quick_entry_and_deleting(company, browse, clock):
    clock.set(MONDAY, "18:00")
    ann = browse("employee", company.ann)
    base = {"on": "2026-11-02", "category": "follow_up"}
    for wrong in ({}, {"hours": "x"}, {"started": "09:00"}):
        text(ann.post("/worklog/entries/add/", {**base, **wrong}), 422)
    assert ann.post("/worklog/entries/add/", {**base, "hours": "1:30"}).status_code == 302
    assert (
        ann.post("/worklog/entries/add/", {**base, "started": "09:00", "ended": "10:00"}).status_code == 302
    )
    with inside(company):
        assert sorted(WorkEntry.objects.values_list("minutes", flat=True)) == [60, 90]
        first = WorkEntry.objects.first()
    assert "订单跟进" in text(ann.get("/worklog/me/?day=2026-11-02"))
    assert ann.post(f"/worklog/entries/{first.id}/delete/").status_code == 302
    text(ann.get("/worklog/entries/add/"))
    assert "没有关联员工" in text(browse("employee").get("/worklog/me/"))


@pytest.fixture
def star(company):
    with inside(company):
        project = save_project(actor=company.actor, data=ProjectData("P1", "星图", company.east.id))
        activity = add_activity(actor=company.actor, project_id=project, name="开发", planned_days=20)
        set_members(actor=company.actor, project_id=project, person_ids=[company.ann.id])
    return project, activity


def test_a_week_at_the_desk(company, browse, settled, star):
    settled.minutes = {(str(company.ann.id), MONDAY): 60}
    ann, head = browse("employee", company.ann), browse("department_head", company.dora, company.east)
    cell = f"h-{star[1]}-20261102"
    url = "/worklog/week/?week=2026-11-04"
    assert cell in text(ann.get(url))
    wrong = text(ann.post(url, {cell: "abc", "act": "save"}), 422)
    assert "看不懂" in wrong
    assert 'value="abc"' in wrong
    assert ann.post(url, {cell: "7.5", "act": "save"}).status_code == 302
    page = text(ann.get(url))
    assert "填报 7.5 小时，在岗只有 1 小时" in page
    assert "已按排班填充 5 天" in text(ann.post(url, {"act": "fill", "activity": star[1]}, follow=True))
    ann.post(url, {f"h-{star[1]}-202611{day:02}": "7.5" if day == 2 else "0" for day in range(2, 9)})
    assert "请先选择" in text(ann.post(url, {"act": "fill", "activity": ""}), 422)
    assert "已复制上周的 0 条" in text(ann.post(url, {"act": "copy"}, follow=True))
    assert "已提交" in text(ann.post(url, {"act": "submit"}, follow=True))
    assert "1 人待审核" in text(head.get("/worklog/weeks/?week=2026-11-02"))
    mine = f"/worklog/weeks/{company.ann.id}/"
    assert "7.5" in text(head.get(f"{mine}?week=2026-11-02"))
    assert head.post(f"{mine}lock/", {"week": "2026-11-02"}).status_code == 302
    assert "请填写解锁理由" in text(head.post(f"{mine}unlock/", {"week": "2026-11-02"}, follow=True))
    head.post(f"{mine}unlock/", {"week": "2026-11-02", "reason": "填错"})
    with inside(company):
        assert (TimesheetWeek.objects.get().state, TimesheetEntry.objects.get().minutes) == ("open", 450)
    assert "已解锁：填错" in text(ann.get(url))


def test_weeks_of_nobody_and_without_projects(company, browse):
    assert "没有关联员工" in text(browse("hr").get("/worklog/week/"))
    assert "没有可以填报的项目" in text(browse("employee", company.bob).get("/worklog/week/"))


def test_keeping_projects_and_reporting_hours(company, browse, star):
    hr, ann = browse("hr"), browse("employee", company.ann)
    assert "星图" in text(hr.get("/worklog/projects/"))
    data = {"code": "P2", "name": "听潮", "org_unit_id": company.east.id, "is_active": "on"}
    assert hr.post("/worklog/projects/add/", data).status_code == 302
    with inside(company):
        second = Project.objects.get(code="P2")
    detail = f"/worklog/projects/{second.id}/"
    assert "还没有活动" in text(hr.get(detail))
    assert hr.post(f"{detail}edit/", {**data, "name": "听潮二"}).status_code == 302
    text(hr.get(f"{detail}edit/"))
    assert hr.post(f"{detail}activities/", {"name": "测试", "planned_days": "8"}).status_code == 302
    numbers = f"{company.ann.employee_number}，{company.bob.employee_number}"
    assert hr.post(f"{detail}members/", {"members": numbers}).status_code == 302
    assert "没有工号" in text(hr.post(f"{detail}members/", {"members": "XX"}), 422)
    assert "白白" in text(hr.get(detail))
    cell = f"h-{star[1]}-20261102"
    ann.post("/worklog/week/?week=2026-11-02", {cell: "8"})
    assert "8.0" in text(hr.get("/worklog/hours/"))
    sheet = b"".join(hr.get("/worklog/hours/?export=xlsx").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert rows[1][1:3] + rows[1][-1:] == ["星图", "开发", 8.0]
    assert "还没有项目工时" in text(hr.get("/worklog/hours/?from=2025-01-01&to=2025-02-01"))


def test_the_overview_down_to_the_entries(company, browse, clock, settled):
    settled.minutes = {(str(company.ann.id), MONDAY): 480}
    clock.set(MONDAY, "18:00")
    ann, head = browse("employee", company.ann), browse("department_head", company.dora, company.east)
    hr = browse("hr")
    assert "还没有工作记录" in text(hr.get("/worklog/?from=2025-01-01&to=2025-02-01"))
    ann.post("/worklog/entries/add/", {"on": "2026-11-02", "category": "follow_up", "hours": "6"})
    page = text(head.get("/worklog/"))
    assert "75.0%" in page
    assert "安安" in page
    assert "时间去哪了" in page
    assert "没有符合" in text(head.get("/worklog/?q=nobody"))
    part = head.get("/worklog/", {"unit": "东区"}, headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    mine = text(head.get(f"/worklog/people/{company.ann.id}/?from=2026-11-01&to=2026-11-30"))
    assert "订单跟进" in mine
    assert "考勤结算" in mine
    assert head.get(f"/worklog/people/{company.cleo.id}/").status_code == 404
    sheet = b"".join(hr.get("/worklog/?export=xlsx").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert rows[1][2:6] == ["安安", 8.0, 6.0, 0.75]


def test_categories(company, browse):
    hr = browse("hr")
    assert "订单跟进" in text(hr.get("/worklog/categories/"))
    assert "follow_up" in text(hr.get("/worklog/categories/set/?code=follow_up"))
    assert (
        hr.post(
            "/worklog/categories/set/", {"code": "support", "name": "售后", "is_active": "on"}
        ).status_code
        == 302
    )
    assert "售后" in text(hr.get("/worklog/categories/"))


def test_days_of_the_query_string(company, browse, clock):
    ann = browse("employee", company.ann)
    future = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    assert "2026-11-02" in text(ann.get(f"/worklog/me/?day={future}"))
    text(ann.get("/worklog/?from=2026-12-01&to=2026-11-01"))
    text(ann.get("/worklog/?from=2020-01-01&to=nonsense"))
