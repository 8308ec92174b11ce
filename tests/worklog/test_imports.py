"""Customers, projects and hours come from files, and can be taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from tests.factories import make_legal_entity
from tests.factories.performance import make_worker
from tests.worklog.conftest import MONDAY

from zhiheng.dataimport.services import import_file, undo_batch
from zhiheng.worklog.models import Customer, Project, ProjectActivity, TimesheetEntry
from zhiheng.worklog.services.timesheets import lock_week
from zhiheng.worklog.services.visits import check_in

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).parents[2] / "examples"


def load(firm, target: str, *lines: str):
    return import_file(firm.actor, f"worklog.{target}", name="file.csv", content="\n".join(lines).encode())


def said(report) -> list[str]:
    return sorted(issue.message for issue in report.issues)


CUSTOMERS = "客户编号,客户名称,客户类型,负责人工号,纬度,经度,坐标系"


def test_customers(firm, clock):
    report = load(
        firm,
        "customer",
        CUSTOMERS,
        f"C1,湖畔商行,批发商,{firm.ann.employee_number},30.25,120.15,WGS-84",
        "C2,公共商行,,,,,",
    )
    assert (report.state, report.result.created) == ("committed", 2)
    lake, pool = Customer.objects.order_by("code")
    assert (lake.owner_id, lake.latitude, lake.kind) == (firm.ann.id, Decimal("30.25"), "批发商")
    assert (pool.owner_id, pool.latitude) == (None, None)


def test_a_second_file_changes_adds_and_can_be_taken_back(firm, clock):
    ann = firm.ann.employee_number
    load(firm, "customer", "客户编号,客户名称,客户类型,负责人工号", f"C1,湖畔商行,批发商,{ann}")
    again = load(firm, "customer", "客户编号,客户名称,负责人工号", f"C1,湖畔集团,{ann}", f"C3,新商行,{ann}")
    assert (again.result.created, again.result.updated) == (1, 1)
    assert Customer.objects.get(code="C1").kind == "批发商"  # the second file has no such column
    undone = undo_batch(actor=firm.actor, batch_id=again.batch_id)
    assert (undone.deleted, undone.restored) == (1, 1)
    assert [each.name for each in Customer.objects.all()] == ["湖畔商行"]
    same = load(firm, "customer", "客户编号,客户名称,负责人工号", f"C1,湖畔商行,{ann}")
    assert same.result.unchanged == 1


def test_customers_that_were_visited_or_changed_stay(firm, clock):
    first = load(firm, "customer", "客户编号,客户名称,负责人工号", f"C1,湖畔商行,{firm.ann.employee_number}")
    check_in(actor=firm.member(firm.ann), customer_id=Customer.objects.get().id)
    with pytest.raises(ValidationError, match="被拜访"):
        undo_batch(actor=firm.actor, batch_id=first.batch_id)
    Customer.objects.update(name="改名")
    with pytest.raises(ValidationError, match="又被修改"):
        undo_batch(actor=firm.actor, batch_id=first.batch_id)


def test_wrong_customers_are_named(firm):
    report = load(firm, "customer", CUSTOMERS, "C1,甲,,NOBODY,30.25,,")
    assert said(report) == ["没有工号为「NOBODY」的员工。", "请同时填写纬度和经度，或都留空。"]


def test_with_several_subsidiaries_customers_need_an_owner(firm):
    make_legal_entity(firm.tenant, "分公司")
    with pytest.raises(ValidationError, match="负责人工号"):
        load(firm, "customer", CUSTOMERS, "C2,公共商行,,,,,")


def test_the_customers_of_the_example(firm):
    for number in range(1, 41):
        make_worker(firm.east, f"员工{number}", f"QH{number:03}")
    path = EXAMPLES / "trading" / "customers.csv"
    report = import_file(firm.actor, "worklog.customer", name=path.name, content=path)
    assert (report.state, report.result.created) == ("committed", 120)


def test_the_projects_of_the_example(firm):
    for number in (4, 5, 11, 12, 40, 41, 48, 49):
        make_worker(firm.east, f"员工{number}", f"YS{number:03}")
    path = EXAMPLES / "research" / "projects.xlsx"
    report = import_file(firm.actor, "worklog.project", name=path.name, content=path)
    assert (report.state, report.result.created) == ("committed", 10), said(report)
    star = Project.objects.get(code="P1")
    assert (star.name, star.starts_on, star.ends_on) == (
        "星图平台",
        dt.date(2026, 10, 12),
        dt.date(2026, 12, 11),
    )
    found = [(each.name, each.planned_days, each.owner.employee_number) for each in star.activities.all()]
    assert found == [
        ("需求", 10, "YS004"),
        ("开发", 20, "YS011"),
        ("测试", 10, "YS040"),
        ("上线", 5, "YS048"),
    ]
    undone = undo_batch(actor=firm.actor, batch_id=report.batch_id)
    assert (undone.deleted, Project.objects.count()) == (10, 0)


PROJECTS = "项目编号,项目名称,阶段,计划工作日,开始日期,结束日期,负责人工号,部门编码"


def star(firm) -> ProjectActivity:
    report = load(firm, "project", PROJECTS, f"P1,星图,开发,20,2026-10-26,2026-11-20,,{firm.east.code}")
    assert report.state == "committed", said(report)
    return ProjectActivity.objects.get()


def test_projects_change_and_wrong_ones_are_named(firm):
    star(firm)
    again = load(firm, "project", PROJECTS, f"P1,星图,开发,25,2026-10-26,2026-11-27,,{firm.east.code}")
    assert (again.result.updated, ProjectActivity.objects.get().planned_days) == (2, 25)
    undo_batch(actor=firm.actor, batch_id=again.batch_id)
    assert (ProjectActivity.objects.get().planned_days, Project.objects.get().ends_on) == (
        20,
        dt.date(2026, 11, 20),
    )
    wrong = load(firm, "project", PROJECTS, "P2,无,开发,1,2026-11-20,2026-11-19,NOBODY,NOWHERE")
    assert said(wrong) == sorted(
        ["没有工号为「NOBODY」的员工。", "没有编码或名称为「NOWHERE」的部门。", "结束日期不能早于开始日期。"]
    )
    make_legal_entity(firm.tenant, "分公司")
    with pytest.raises(ValidationError, match="部门或负责人"):
        load(firm, "project", "项目编号,项目名称,阶段", "P3,无主,开发")


HOURS = "工号,日期,项目编号,活动,小时"


def test_hours(firm, settled):
    star(firm)
    ann = firm.ann.employee_number
    first = load(firm, "timesheet", HOURS, f"{ann},2026-11-02,P1,开发,2.5", f"{ann},2026-11-03,P1,开发,8")
    second = load(firm, "timesheet", HOURS, f"{ann},2026-11-02,P1,开发,3", f"{ann},2026-11-03,P1,开发,8")
    assert (first.result.created, second.result.updated, second.result.unchanged) == (2, 1, 1)
    assert list(TimesheetEntry.objects.values_list("minutes", flat=True)) == [180, 480]
    undo_batch(actor=firm.actor, batch_id=second.batch_id)
    assert list(TimesheetEntry.objects.values_list("minutes", flat=True)) == [150, 480]
    lock_week(actor=firm.actor, monday=MONDAY, person_id=firm.ann.id)
    with pytest.raises(ValidationError, match="不能撤销"):
        undo_batch(actor=firm.actor, batch_id=first.batch_id)


def test_wrong_hours_are_named(firm, settled):
    star(firm)
    ann = firm.ann.employee_number
    lock_week(actor=firm.actor, monday=MONDAY, person_id=firm.ann.id)
    rows = [
        "NOBODY,2026-11-02,P1,开发,2", f"{ann},2026-11-09,P1,睡觉,2", f"{ann},2026-11-02,P1,开发,2",
        f"{firm.bob.employee_number},2026-11-02,P1,开发,24", f"{firm.bob.employee_number},2026-11-02,P1,测试,24",
    ]  # fmt: skip
    assert said(load(firm, "timesheet", HOURS, *rows)) == sorted(
        [
            "没有工号为「NOBODY」的员工。", "项目「P1」没有活动「睡觉」。", "这一周的工时已提交或锁定。",
            "2026-11-02 的工时超过 24 小时。", "项目「P1」没有活动「测试」。",
        ]
    )  # fmt: skip
