"""Shifts and rules in versions, rotations, calendars, assignments and working times."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.factories import actor_for, make_legal_entity, make_member, make_org_unit, make_person
from tests.factories.rosters import MONDAY, make_shift

from zhiheng.access.errors import Forbidden
from zhiheng.rosters.calc.shift import Flex, Policy, Shift
from zhiheng.rosters.models import RotationSlot, RuleSet, ShiftAssignment, ShiftVersion
from zhiheng.rosters.public import day_types, on_change, planned_days
from zhiheng.rosters.queries.board import limits_in_force
from zhiheng.rosters.services import changes
from zhiheng.rosters.services.assignments import (
    Subject,
    assign_shift,
    end_assignment,
    end_working_time,
    set_working_time,
)
from zhiheng.rosters.services.calendars import save_calendar, set_calendar_day, use_calendar
from zhiheng.rosters.services.rotations import save_rotation
from zhiheng.rosters.services.settings import save_setting
from zhiheng.rosters.services.shifts import ShiftLook, save_rule_set, save_shift
from zhiheng.tenancy.keys import uuid7

TODAY = dt.date(2026, 8, 5)  # a Wednesday
LOOK = ShiftLook("E", "早班")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(changes.timezone, "localdate", lambda: TODAY)


def on(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def days(person, first: int = 0, last: int = 6) -> list:
    found = planned_days({person.id}, on(first), on(last))
    return [found.templates[each] for each in found.frame["template"].to_list()]


def names(person) -> str:
    return "".join(each.name[0] for each in days(person))


# --- Shifts and rules ----------------------------------------------------------------------------------------


def test_a_change_holds_from_a_date_and_tells_of_days_that_have_come(inside, told):
    assign_shift(
        actor=inside.actor, subject=Subject(MONDAY, org_unit_id=inside.line.id), shift_id=inside.early
    )
    told.clear()
    longer = Shift(segments=((480, 1020),))
    save_shift(
        actor=inside.actor, look=LOOK, kind="fixed", times=longer, shift_id=inside.early, valid_from=on(1)
    )
    assert [each.shift.segments for each in days(inside.ann, 0, 1)] == [((480, 960),), ((480, 1020),)]
    assert sorted(told, key=str) == sorted(
        [(who.id, on(number)) for who in (inside.ann, inside.bob) for number in (1, 2)], key=str
    )


def test_changing_only_the_name_makes_no_version(inside, told):
    save_shift(
        actor=inside.actor, look=ShiftLook("E", "晨班", "Morning", "rose", False), kind="fixed",
        times=Shift(segments=((480, 960),)), shift_id=inside.early,
    )  # fmt: skip
    assert ShiftVersion.objects.filter(shift_id=inside.early).count() == 1
    assert told == []


def test_a_change_needs_a_date_not_before_the_last_one(inside):
    change = {"actor": inside.actor, "look": LOOK, "kind": "fixed", "shift_id": inside.early}
    times = Shift(segments=((480, 1000),))
    for valid_from, code in ((None, "no_date"), (dt.date(1999, 1, 1), "before_latest")):
        with pytest.raises(ValidationError) as caught:
            save_shift(**change, times=times, valid_from=valid_from)
        assert caught.value.code == code
    save_shift(**change, times=times, valid_from=on(0))
    save_shift(**change, times=Shift(segments=((480, 1010),)), valid_from=on(0))  # the same day: said again
    assert ShiftVersion.objects.filter(shift_id=inside.early).count() == 2


def test_shifts_that_make_no_sense(inside):
    with pytest.raises(ValidationError) as caught:
        save_shift(actor=inside.actor, look=ShiftLook("X", "空"), kind="fixed", times=Shift())
    assert caught.value.code == "no_segments"
    with pytest.raises(ValidationError, match="该编码已被其他班次使用"):
        make_shift(inside.actor, "又一个", (480, 960), code="E")
    with pytest.raises(ValidationError):
        make_shift(inside.actor, "没有规则", (480, 960), rule_set_id=uuid7())
    with pytest.raises(Http404):
        save_shift(
            actor=inside.actor, look=LOOK, kind="fixed", times=Shift(segments=((480, 960),)), shift_id=uuid7()
        )
    nobody = actor_for(make_member(inside.tenant, "employee"), inside.tenant)
    with pytest.raises(Forbidden):
        make_shift(nobody, "偷偷", (480, 960))


def test_rules_of_the_shift_or_the_default_ones(inside, told):
    strict = save_rule_set(actor=inside.actor, code="S", name="严格", rules=Policy(late_grace=0, dedupe=5))
    save_rule_set(actor=inside.actor, code="D", name="默认", rules=Policy(late_grace=5), is_default=True)
    own = make_shift(inside.actor, "严班", (480, 960), rule_set_id=strict)
    assign_shift(actor=inside.actor, subject=Subject(MONDAY, person_id=inside.ann.id), shift_id=own)
    assign_shift(actor=inside.actor, subject=Subject(MONDAY, person_id=inside.bob.id), shift_id=inside.early)
    assert [days(who)[0].policy.late_grace for who in (inside.ann, inside.bob, inside.cleo)] == [0, 5, 5]
    assert {each.policy.dedupe for each in days(inside.ann)} == {5}  # rest days too
    told.clear()
    save_rule_set(
        actor=inside.actor, code="S", name="严格", rules=Policy(dedupe=9), rule_set_id=strict, valid_from=TODAY,
        is_default=True,
    )  # fmt: skip
    assert {each[1] for each in told} == {TODAY}
    assert [each.policy.dedupe for each in days(inside.ann, 1, 2)] == [5, 9]
    assert RuleSet.objects.filter(is_default=True).get().code == "S"
    told.clear()
    save_rule_set(actor=inside.actor, code="S", name="严格", rules=Policy(dedupe=9), rule_set_id=strict)
    assert min(each[1] for each in told) == dt.date(2020, 1, 1)  # no longer anybody's default
    with pytest.raises(ValidationError, match="重复打卡间隔"):
        save_rule_set(actor=inside.actor, code="T", name="错", rules=Policy(dedupe=61))


def test_a_flexible_shift(inside):
    flex = Shift(flex=Flex(480, 600, 480, ((600, 960),)), breaks=((720, 780),))
    shift = save_shift(actor=inside.actor, look=ShiftLook("F", "弹性"), kind="flexible", times=flex)
    assign_shift(actor=inside.actor, subject=Subject(MONDAY, person_id=inside.ann.id), shift_id=shift)
    assert days(inside.ann)[0].shift == flex


# --- Rotations -----------------------------------------------------------------------------------------------


def test_a_rotation_in_use_keeps_its_cycle(inside):
    make = {"actor": inside.actor, "code": "2", "name": "两班倒"}
    rotation = save_rotation(**make, slots=[inside.early, None])
    save_rotation(**make, slots=[inside.early, inside.late, None], rotation_id=rotation)
    assert RotationSlot.objects.filter(rotation_id=rotation).count() == 3
    assign_shift(
        actor=inside.actor,
        subject=Subject(MONDAY, person_id=inside.ann.id),
        rotation_id=rotation,
        anchor_on=MONDAY,
    )
    assert names(inside.ann) == "早中休早中休早"
    save_rotation(
        **{**make, "name": "三天一轮"}, slots=[inside.early, inside.late, None], rotation_id=rotation
    )
    for slots, code in (
        ([inside.early], "in_use"),
        ([], "slots"),
        ([None], "slots"),
        ([uuid7()], "unknown_shift"),
    ):
        with pytest.raises(ValidationError) as caught:
            save_rotation(**make, slots=slots, rotation_id=rotation)
        assert caught.value.code == code
    with pytest.raises(Http404):
        save_rotation(**make, slots=[inside.early], rotation_id=uuid7())


# --- Calendars -----------------------------------------------------------------------------------------------


def test_the_companys_own_days_and_another_country(inside, told):
    own = save_calendar(actor=inside.actor, code="OWN", name="公司日历", is_default=True)
    set_calendar_day(actor=inside.actor, calendar_id=own, on=on(1), until=on(2), kind="REST_DAY", note="厂庆")
    assert names(inside.ann) == "标休休标标休休"
    assert {each[1] for each in told[-9:]} == {on(0), on(1), on(2)}  # the day before runs into the first
    set_calendar_day(actor=inside.actor, calendar_id=own, on=on(2), kind=None)
    assert day_types(on(1), on(2), "OWN") == {on(1): "REST_DAY", on(2): "WORKDAY"}
    hong_kong = save_calendar(
        actor=inside.actor, code="HK", name="香港", country="", zone="Asia/Hong_Kong", is_default=True
    )
    holiday = dt.date(2026, 10, 1)
    assert day_types(holiday, holiday, "HK") == {holiday: "WORKDAY"}
    assert day_types(holiday, holiday) == {holiday: "STATUTORY_HOLIDAY"}
    with pytest.raises(LookupError):
        day_types(holiday, holiday, "XX")
    use_calendar(actor=inside.actor, calendar_id=own, org_unit_id=inside.store.id)
    use_calendar(actor=inside.actor, calendar_id=hong_kong, legal_entity_id=inside.line.legal_entity_id)
    zones = planned_days(None, MONDAY, MONDAY).frame.select("person_id", "zone").rows()
    assert dict(zones) == {
        str(inside.ann.id): "Asia/Hong_Kong", str(inside.bob.id): "Asia/Hong_Kong", str(inside.cleo.id): "Asia/Shanghai",
    }  # fmt: skip
    use_calendar(actor=inside.actor, calendar_id=None, org_unit_id=inside.store.id)
    assert set(planned_days(None, MONDAY, MONDAY).frame["zone"]) == {"Asia/Hong_Kong"}


def test_calendars_that_make_no_sense(inside):
    for wrong in ({"country": "HK"}, {"zone": "Mars/Base"}):
        with pytest.raises(ValidationError):
            save_calendar(actor=inside.actor, code="W", name="错", **wrong)
    own = save_calendar(actor=inside.actor, code="OWN", name="公司日历")
    save_calendar(actor=inside.actor, code="OWN", name="我们的日历", calendar_id=own)
    with pytest.raises(ValidationError):
        set_calendar_day(actor=inside.actor, calendar_id=own, on=on(1), until=on(0), kind="REST_DAY")
    with pytest.raises(Http404):
        set_calendar_day(actor=inside.actor, calendar_id=uuid7(), on=on(1), kind="REST_DAY")
    with pytest.raises(Http404):
        use_calendar(actor=inside.actor, calendar_id=own, org_unit_id=uuid7())


# --- Assignments ---------------------------------------------------------------------------------------------


def test_an_assignment_ends_the_one_before_and_tells(inside, told):
    unit = Subject(MONDAY, org_unit_id=inside.line.id)
    assign_shift(actor=inside.actor, subject=unit, shift_id=inside.early)
    later = Subject(on(2), org_unit_id=inside.line.id)
    told.clear()
    second = assign_shift(actor=inside.actor, subject=later, shift_id=inside.late, follows_calendar=False)
    assert names(inside.ann) == "早早中中中中中"
    assert set(told) == {(inside.ann.id, on(2)), (inside.bob.id, on(2))}
    end_assignment(actor=inside.actor, assignment_id=second, valid_to=on(3))
    assert names(inside.ann) == "早早中标标休休"
    end_assignment(actor=inside.actor, assignment_id=second, valid_to=on(2))
    assert not ShiftAssignment.objects.filter(id=second).exists()
    with pytest.raises(Http404):
        end_assignment(actor=inside.actor, assignment_id=second, valid_to=on(2))


def test_assignments_that_make_no_sense(inside):
    person = Subject(MONDAY, person_id=inside.ann.id)
    assign = {"actor": inside.actor, "shift_id": inside.early}
    for subject, more in (
        (person, {"rotation_id": uuid7()}),  # both
        (person, {"shift_id": None}),  # neither
        (person, {"shift_id": None, "rotation_id": uuid7()}),  # without a first day
        (person, {"shift_id": uuid7()}),  # of nobody
        (Subject(MONDAY), {}),  # for nobody
        (Subject(MONDAY, inside.ann.id, None, MONDAY), {}),  # without days
    ):
        with pytest.raises(ValidationError):
            assign_shift(**{**assign, **more}, subject=subject)
    for subject in (Subject(MONDAY, person_id=uuid7()), Subject(MONDAY, org_unit_id=uuid7())):
        with pytest.raises(Http404):
            assign_shift(**assign, subject=subject)
    first = assign_shift(**assign, subject=Subject(on(3), person_id=inside.ann.id, valid_to=on(5)))
    with pytest.raises(ValidationError, match="该员工在此期间已有排班规则"):
        assign_shift(**assign, subject=person)
    with pytest.raises(ValidationError):
        end_assignment(actor=inside.actor, assignment_id=first, valid_to=on(6))


def test_hr_of_a_subsidiary_assigns_only_there(inside):
    other = make_legal_entity(inside.tenant, "分公司")
    stranger = make_person(make_org_unit(other), "外人")
    entity = inside.line.legal_entity
    hr = actor_for(make_member(inside.tenant, "hr", within_legal_entity=entity), inside.tenant)
    assign_shift(actor=hr, subject=Subject(MONDAY, person_id=inside.ann.id), shift_id=inside.early)
    with pytest.raises(Forbidden):
        assign_shift(actor=hr, subject=Subject(MONDAY, person_id=stranger.id), shift_id=inside.early)


def test_working_time_systems_need_their_approval(inside):
    unit = Subject(MONDAY, org_unit_id=inside.line.id)
    set_time = {"actor": inside.actor, "subject": unit, "kind": "comprehensive"}
    for more in ({}, {"period": "month"}):
        with pytest.raises(ValidationError):
            set_working_time(**set_time, **more)
    made = set_working_time(**set_time, period="month", approval_number="示例〔2026〕1号")
    assert [days(who)[0].system for who in (inside.ann, inside.cleo)] == ["comprehensive", "standard"]
    end_working_time(actor=inside.actor, working_time_id=made, valid_to=on(1))
    assert [each.system for each in days(inside.ann, 0, 1)] == ["comprehensive", "standard"]


def test_when_the_board_warns(inside):
    assert limits_in_force().week == 2640
    save_setting(actor=inside.actor, min_rest_minutes=600, max_run_days=5, week_minutes=2400)
    save_setting(actor=inside.actor, min_rest_minutes=600, max_run_days=5, week_minutes=2460)
    assert (limits_in_force().min_rest, limits_in_force().max_run, limits_in_force().week) == (600, 5, 2460)


def test_a_hook_is_called_once(monkeypatch):
    monkeypatch.setattr(changes, "_hooks", {})

    def hook(days):
        """Hear of days."""

    on_change(hook)
    on_change(hook)
    assert list(changes._hooks) == [hook]
