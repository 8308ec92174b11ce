"""Hours by week: typed, copied, filled from the shifts, submitted and locked."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from tests.worklog.conftest import MONDAY

from zhiheng.access.errors import Forbidden
from zhiheng.rosters.calc.shift import Flex, Shift
from zhiheng.worklog.models import Project, TimesheetEntry, TimesheetWeek
from zhiheng.worklog.policies import WRITE_ENTRY
from zhiheng.worklog.queries import plans
from zhiheng.worklog.queries.projects import (
    activities_to_log,
    activities_with_hours,
    hours_report,
    projects_for_actor,
)
from zhiheng.worklog.queries.scopes import person_in_scope
from zhiheng.worklog.queries.timesheets import week_of, weeks_for_actor
from zhiheng.worklog.services.projects import ProjectData, add_activity, save_project, set_members
from zhiheng.worklog.services.timesheets import (
    copy_last_week,
    fill_week,
    lock_week,
    save_hours,
    submit_week,
    unlock_week,
)

pytestmark = pytest.mark.django_db
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@pytest.fixture
def star(firm, settled):
    """A project of the east with development and test; Ann is a member."""
    project_id = save_project(actor=firm.actor, data=ProjectData("P1", "星图", firm.east.id))
    for name, days in (("开发", 20), ("测试", 10)):
        add_activity(actor=firm.actor, project_id=project_id, name=name, planned_days=days)
    set_members(actor=firm.actor, project_id=project_id, person_ids=[firm.ann.id])
    dev, test = activities_to_log(person_in_scope(firm.actor, WRITE_ENTRY, firm.ann.id))
    return SimpleNamespace(id=project_id, dev=dev.id, test=test.id, ann=firm.member(firm.ann))


def logged(person) -> dict:
    rows = TimesheetEntry.objects.filter(person=person)
    return {(each.activity.name, (each.on - MONDAY).days): each.minutes for each in rows}


def test_project_a_development_2_h_project_b_test_3_h(firm, star):
    changed = save_hours(actor=star.ann, cells={(star.dev, MONDAY): 120, (star.test, MONDAY): 180})
    assert (changed, logged(firm.ann)) == (2, {("开发", 0): 120, ("测试", 0): 180})
    again = save_hours(actor=star.ann, cells={(star.dev, MONDAY): 90, (star.test, MONDAY): 0})
    assert (again, logged(firm.ann)) == (2, {("开发", 0): 90})
    assert save_hours(actor=star.ann, cells={(star.dev, MONDAY): 90, (star.test, MONDAY): 0}) == 0


def test_the_grid_of_a_week_against_the_time_present(firm, star, settled):
    settled.minutes = {(str(firm.ann.id), MONDAY): 480, (str(firm.ann.id), MONDAY + DAY): 60}
    save_hours(actor=star.ann, cells={(star.dev, MONDAY): 450, (star.dev, MONDAY + DAY): 80})
    week = week_of(person_in_scope(firm.actor, WRITE_ENTRY, firm.ann.id), MONDAY)
    assert [(line.activity.name, line.total, line.cells[0].text) for line in week.lines] == [
        ("开发", "8:50", "7.5"),
        ("测试", "", ""),
    ]
    assert [(each.text, each.present, each.is_over) for each in week.days[:3]] == [
        ("7.5", 480, False),
        ("1:20", 60, True),
        ("", None, False),
    ]
    assert (week.total, week.minutes, week.is_open, week.state_label) == ("8:50", 530, True, "填写中")


def test_copying_last_week_leaves_what_is_there(firm, star):
    save_hours(
        actor=star.ann,
        cells={(star.dev, MONDAY): 480, (star.dev, MONDAY + DAY): 300, (star.dev, MONDAY + WEEK): 60},
    )
    assert copy_last_week(actor=star.ann, monday=MONDAY + WEEK) == 1
    assert logged(firm.ann)["开发", 7] == 60
    assert logged(firm.ann)["开发", 8] == 300


NINE_TO_SIX = Shift(segments=((540, 720), (780, 1080)))
FLEX = Shift(flex=Flex(480, 600, 480))


def planned(monkeypatch, shift, leave=()):
    """Plan Monday to Friday with a shift, Saturday without, and let leave be approved."""
    templates = (SimpleNamespace(shift=shift), SimpleNamespace(shift=Shift()))
    rows = [(MONDAY + DAY * each, 0 if each < 5 else 1, "Asia/Shanghai") for each in range(6)]
    frame = pl.DataFrame(rows, ["on", "template", "zone"], orient="row")
    away = pl.DataFrame(
        list(leave), {"from_at": pl.Datetime("us", "UTC"), "to_at": pl.Datetime("us", "UTC")}, orient="row"
    )
    plan = SimpleNamespace(templates=templates, frame=frame)
    monkeypatch.setattr(plans, "planned_days", lambda ids, first, last: plan)
    monkeypatch.setattr(plans, "approved_leave", lambda ids, first, last: away)


def utc(hour: int) -> dt.datetime:
    return dt.datetime(2026, 11, 2, hour, tzinfo=dt.UTC)


def test_filling_from_the_shifts_gives_what_is_left(firm, star, monkeypatch):
    planned(monkeypatch, NINE_TO_SIX, [(utc(5), utc(10))])  # Monday afternoon off: 300 of 480
    save_hours(actor=star.ann, cells={(star.test, MONDAY): 60, (star.dev, MONDAY + DAY): 480})
    assert fill_week(actor=star.ann, monday=MONDAY, activity_id=star.dev) == 4
    assert logged(firm.ann) == {
        ("测试", 0): 60, ("开发", 0): 120, **{("开发", each): 480 for each in range(1, 5)},
    }  # fmt: skip


def test_a_flexible_day_loses_what_is_on_leave(firm, star, monkeypatch):
    planned(monkeypatch, FLEX, [(utc(1), utc(3))])
    assert fill_week(actor=star.ann, monday=MONDAY, activity_id=star.dev) == 5
    assert (logged(firm.ann)["开发", 0], logged(firm.ann)["开发", 1]) == (360, 480)


def test_without_shifts_nothing_is_filled(firm, star, monkeypatch):
    planned(monkeypatch, Shift())
    with pytest.raises(ValidationError, match="没有排班"):
        fill_week(actor=star.ann, monday=MONDAY, activity_id=star.dev)


def test_a_submitted_and_a_locked_week_stay_until_they_are_unlocked(firm, star):
    head = firm.member(firm.dora, "department_head", firm.east)
    cells = {(star.dev, MONDAY): 480}
    with pytest.raises(ValidationError, match="还没有工时"):
        submit_week(actor=star.ann, monday=MONDAY)
    save_hours(actor=star.ann, cells=cells)
    submit_week(actor=star.ann, monday=MONDAY)
    with pytest.raises(ValidationError, match="已提交或锁定"):
        save_hours(actor=star.ann, cells={(star.dev, MONDAY): 1})
    lock_week(actor=head, monday=MONDAY, person_id=firm.ann.id)
    lock_week(actor=head, monday=MONDAY, person_id=firm.ann.id)
    (row,) = weeks_for_actor(head, MONDAY)
    assert (row["person__name"], row["minutes"], row["state"]) == ("安安", 480, "locked")
    with pytest.raises(ValidationError, match="理由"):
        unlock_week(actor=head, monday=MONDAY, person_id=firm.ann.id, reason=" ")
    unlock_week(actor=head, monday=MONDAY, person_id=firm.ann.id, reason="填错项目")
    assert TimesheetWeek.objects.get().reason == "填错项目"
    assert save_hours(actor=star.ann, cells={(star.dev, MONDAY): 420}) == 1
    with pytest.raises(ValidationError, match="没有提交或锁定"):
        unlock_week(actor=head, monday=MONDAY, person_id=firm.ann.id, reason="再次")


def test_who_may_log_and_lock(firm, star):
    bob, west = firm.member(firm.bob), firm.member(firm.cleo, "department_head", firm.west)
    with pytest.raises(ValidationError, match="不是这个项目的成员"):
        save_hours(actor=bob, cells={(star.dev, MONDAY): 60})
    with pytest.raises(Forbidden):
        save_hours(actor=bob, cells={(star.dev, MONDAY): 60}, person_id=firm.ann.id)
    with pytest.raises(Forbidden):
        lock_week(actor=west, monday=MONDAY, person_id=firm.ann.id)
    with pytest.raises(ValidationError, match="周一"):
        lock_week(actor=firm.actor, monday=MONDAY + DAY, person_id=firm.ann.id)


@pytest.mark.parametrize(
    ("cells", "said"),
    [({"dev": 1441}, "0 到 24"), ({"dev": -1}, "0 到 24"), ({"dev": 1000, "test": 500}, "超过 24 小时")],
)
def test_impossible_hours(firm, star, cells, said):
    with pytest.raises(ValidationError, match=said):
        save_hours(
            actor=star.ann, cells={(getattr(star, name), MONDAY): minutes for name, minutes in cells.items()}
        )


def test_projects_one_sees(firm, star):
    save_project(actor=firm.actor, data=ProjectData("P2", "西方", firm.west.id))
    seen = {
        who: [each.code for each in projects_for_actor(actor)]
        for who, actor in (
            ("ann", star.ann), ("bob", firm.member(firm.bob)), ("all", firm.actor),
            ("west", firm.member(firm.cleo, "department_head", firm.west)),
        )
    }  # fmt: skip
    assert seen == {"ann": ["P1"], "bob": [], "all": ["P1", "P2"], "west": ["P2"]}


def test_a_project_open_to_all(firm, star):
    data = ProjectData("P1", "星图", firm.east.id, is_open=True)
    save_project(actor=firm.actor, data=data, project_id=star.id)
    assert save_hours(actor=firm.member(firm.cleo), cells={(star.dev, MONDAY): 60}) == 1


def test_hours_against_the_plan_and_by_person(firm, star):
    save_hours(actor=star.ann, cells={(star.dev, MONDAY): 480, (star.dev, MONDAY + DAY): 480})
    found = activities_with_hours(Project.objects.get())
    assert [(each.activity.name, each.minutes, each.share) for each in found] == [
        ("开发", 960, 0.1),
        ("测试", 0, 0.0),
    ]
    (row,) = hours_report(star.ann, MONDAY, MONDAY + WEEK)
    assert (row["activity__project__name"], row["person__name"], row["minutes"]) == ("星图", "安安", 960)
    assert hours_report(firm.member(firm.cleo), MONDAY, MONDAY + WEEK) == []


def test_refused_projects(firm, star):
    west = firm.member(firm.cleo, "department_head", firm.west)
    with pytest.raises(Forbidden):
        save_project(actor=west, data=ProjectData("P9", "越界", firm.east.id))
    with pytest.raises(ValidationError, match="结束日期"):
        save_project(actor=firm.actor, data=ProjectData("P9", "倒", firm.east.id, MONDAY, MONDAY - DAY))
    with pytest.raises(ValidationError, match="该编号"):
        save_project(actor=firm.actor, data=ProjectData("P1", "重复", firm.east.id))
    with pytest.raises(ValidationError, match="没有这个部门"):
        save_project(actor=firm.actor, data=ProjectData("P9", "无", star.id))
    with pytest.raises(ValidationError, match="同一法人实体"):
        set_members(actor=firm.actor, project_id=star.id, person_ids=[star.id])
