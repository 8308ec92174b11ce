"""Hiring, transfers, leaving, corrections: what holds on which day, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from tests.factories import make_legal_entity, make_org_unit, make_person, make_tenant

from zhiheng.access.errors import Forbidden
from zhiheng.people import services
from zhiheng.people.models import Assignment, Employment, Person, PersonIdentifier
from zhiheng.people.services.snapshots import refresh_person_snapshots

D = date


def timeline(person: Person) -> list[tuple]:
    rows = (
        Assignment.objects.filter(person=person, is_primary=True).select_related("org_unit").order_by("valid")
    )
    return [(row.org_unit.name, row.valid.lower, row.valid.upper) for row in rows]


def spells(person: Person) -> list[tuple]:
    rows = Employment.objects.filter(person=person).select_related("legal_entity").order_by("valid")
    return [(row.legal_entity.name, row.employee_number, row.valid.lower, row.valid.upper) for row in rows]


def said(refusal: pytest.ExceptionInfo) -> str:
    return "；".join(refusal.value.messages)


def test_hiring_writes_person_employment_and_assignment(inside):
    person = services.hire_person(
        actor=inside.hr, name=" 王芳 ", employee_number="B1", hired_on=D(2024, 5, 1), org_unit_id=inside.east.id,
        position_id=inside.position.id, manager_id=inside.seller.id, email="Wang@Example.com",
        identifiers={"phone": "13800001234", "id_card": ""}, probation_until=D(2024, 7, 31),
    )  # fmt: skip
    assert (person.name, person.email, person.employee_number) == ("王芳", "wang@example.com", "B1")
    assert (person.status, person.hired_on, person.left_on) == ("active", D(2024, 5, 1), None)
    assert (person.org_unit, person.position, person.manager) == (inside.east, inside.position, inside.seller)
    assert person.search_text == "王芳 wangfang wf b1 wang@example.com"
    assert timeline(person) == [("华东组", D(2024, 5, 1), None)]
    assert spells(person) == [("总公司", "B1", D(2024, 5, 1), None)]
    assert [row.masked for row in PersonIdentifier.objects.filter(person=person)] == ["138****1234"]


@pytest.mark.parametrize("number", ["A002", "a002", " A002 "])
def test_a_number_of_somebody_else_is_refused_by_name(inside, number):
    with pytest.raises(ValidationError) as refusal:
        services.hire_person(
            actor=inside.hr,
            name="王芳",
            employee_number=number,
            hired_on=D(2024, 5, 1),
            org_unit_id=inside.east.id,
        )
    assert said(refusal) == f"工号 {number.strip()} 已属于 单小芳，工号不能重复使用。"
    assert not Person.objects.filter(name="王芳").exists()


def test_the_number_stays_taken_after_leaving(inside):
    services.end_employment(actor=inside.hr, person_id=inside.seller.id, last_on=D(2021, 1, 31))
    with pytest.raises(ValidationError, match="A002"):
        make_person(inside.east, "王芳", employee_number="A002", hired_on=D(2024, 1, 1))


def test_the_same_number_is_fine_in_another_subsidiary(inside):
    assert make_person(inside.branch, "王芳", employee_number="A002").employee_number == "A002"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " "}, "请填写姓名。"),
        ({"employee_number": ""}, "请填写工号。"),
        ({"birth_on": D(2024, 5, 1)}, "出生日期必须早于入职日期。"),
        ({"probation_until": D(2024, 4, 30)}, "试用期截止日不能早于入职日期。"),
        ({"identifiers": {"id_card": "110105194912310021"}}, "居民身份证格式不正确，请检查位数与校验位。"),
        ({"hired_on": D(1999, 12, 31)}, "部门“华东组”在 1999-12-31 不存在。"),
    ],
)
def test_what_makes_no_sense_is_refused(inside, fields, message):
    given = {
        "name": "王芳",
        "employee_number": "B1",
        "hired_on": D(2024, 5, 1),
        "org_unit_id": inside.east.id,
    }
    with pytest.raises(ValidationError) as refusal:
        services.hire_person(actor=inside.hr, **{**given, **fields})
    assert said(refusal) == message
    assert not Person.objects.filter(employee_number="B1").exists()


def test_a_unit_or_manager_of_another_tenant_does_not_exist(inside):
    stranger = make_tenant("别家")
    foreign_unit = make_org_unit(make_legal_entity(stranger))
    foreign_boss = make_person(foreign_unit)
    given = {"actor": inside.hr, "name": "王芳", "employee_number": "B1", "hired_on": D(2024, 5, 1)}
    with pytest.raises(ValidationError, match="没有找到该部门"):
        services.hire_person(**given, org_unit_id=foreign_unit.id)
    with pytest.raises(ValidationError, match="没有找到该直接上级"):
        services.hire_person(**given, org_unit_id=inside.east.id, manager_id=foreign_boss.id)


@pytest.mark.parametrize("role", ["finance", "department_head", "employee", "auditor"])
def test_only_hr_and_owners_hire(inside, role):
    with pytest.raises(Forbidden):
        services.hire_person(
            actor=inside.actor(role), name="王芳", employee_number="B1", hired_on=D(2024, 5, 1),
            org_unit_id=inside.east.id,
        )  # fmt: skip


def test_hr_of_one_subsidiary_hires_only_there(inside):
    hr = inside.actor("hr", within_legal_entity=inside.other_entity)
    given = {"actor": hr, "name": "王芳", "employee_number": "B1", "hired_on": D(2024, 5, 1)}
    with pytest.raises(ValidationError, match="不在您的管理范围内"):
        services.hire_person(**given, org_unit_id=inside.east.id)
    assert (
        services.hire_person(**given, org_unit_id=inside.branch.id).legal_entity_id == inside.other_entity.id
    )
    with pytest.raises(Http404):
        services.update_person(actor=hr, person_id=inside.seller.id, name="改名")


def test_a_transfer_splits_the_timeline_on_its_day(inside):
    person = services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2022, 6, 1), org_unit_id=inside.east.id,
        manager_id=inside.boss.id,
    )  # fmt: skip
    assert timeline(person) == [("销售部", D(2020, 1, 1), D(2022, 6, 1)), ("华东组", D(2022, 6, 1), None)]
    assert person.org_unit == inside.east


def test_a_transfer_between_two_others_lasts_until_the_next(inside):
    services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2022, 6, 1), org_unit_id=inside.east.id
    )
    person = services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2021, 6, 1), org_unit_id=inside.finance.id
    )
    assert timeline(person) == [
        ("销售部", D(2020, 1, 1), D(2021, 6, 1)),
        ("财务部", D(2021, 6, 1), D(2022, 6, 1)),
        ("华东组", D(2022, 6, 1), None),
    ]


def test_a_transfer_on_the_first_day_replaces_the_assignment(inside):
    person = services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2020, 1, 1), org_unit_id=inside.east.id
    )
    assert timeline(person) == [("华东组", D(2020, 1, 1), None)]


def test_a_transfer_to_where_one_is_is_refused(inside):
    with pytest.raises(ValidationError) as refusal:
        services.transfer_person(
            actor=inside.hr, person_id=inside.seller.id, from_on=D(2022, 1, 1), org_unit_id=inside.sales.id,
            manager_id=inside.boss.id,
        )  # fmt: skip
    assert said(refusal) == "单小芳 在 2022-01-01 已经是这样安排的。"


def test_a_transfer_outside_the_employment_is_refused(inside):
    with pytest.raises(ValidationError) as refusal:
        services.transfer_person(
            actor=inside.hr, person_id=inside.seller.id, from_on=D(2019, 12, 31), org_unit_id=inside.east.id
        )
    assert said(refusal) == "单小芳 在 2019-12-31 没有有效的任职。"


def test_a_planned_transfer_shows_only_when_its_day_comes(inside):
    person = services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2099, 1, 1), org_unit_id=inside.east.id
    )
    assert person.org_unit == inside.sales
    for day, unit in [(D(2098, 12, 31), inside.sales), (D(2099, 1, 1), inside.east)]:
        refresh_person_snapshots(tenant_id=inside.tenant.id, on=day)
        person.refresh_from_db()
        assert person.org_unit == unit


def test_a_unit_of_another_subsidiary_changes_the_employment(inside):
    services.set_identifier(actor=inside.hr, person_id=inside.seller.id, kind="phone", text="13800001234")
    person = services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2023, 1, 1), org_unit_id=inside.branch.id
    )
    assert spells(person) == [
        ("总公司", "A002", D(2020, 1, 1), D(2023, 1, 1)),
        ("华东分公司", "A002", D(2023, 1, 1), None),
    ]
    assert timeline(person) == [("销售部", D(2020, 1, 1), D(2023, 1, 1)), ("华东分公司", D(2023, 1, 1), None)]
    assert (person.legal_entity, person.hired_on) == (inside.other_entity, D(2020, 1, 1))
    assert PersonIdentifier.objects.get(person=person).legal_entity == inside.other_entity


def test_changing_the_subsidiary_is_refused_before_a_planned_transfer_and_on_the_first_day(inside):
    given = {"actor": inside.hr, "person_id": inside.seller.id, "org_unit_id": inside.branch.id}
    with pytest.raises(ValidationError, match="必须晚于当前任职的起始日 2020-01-01"):
        services.transfer_person(**given, from_on=D(2020, 1, 1))
    services.transfer_person(**{**given, "org_unit_id": inside.east.id}, from_on=D(2030, 1, 1))
    with pytest.raises(ValidationError, match="2030-01-01 已有后续调动"):
        services.transfer_person(**given, from_on=D(2023, 1, 1))


def test_circles_of_managers_are_refused(inside):
    with pytest.raises(ValidationError) as refusal:
        services.transfer_person(
            actor=inside.hr, person_id=inside.boss.id, from_on=D(2022, 1, 1), org_unit_id=inside.root.id,
            manager_id=inside.seller.id,
        )  # fmt: skip
    assert said(refusal) == "单小芳 在 2022-01-01 已直接或间接向 曾国强 汇报，不能再作为其上级。"
    with pytest.raises(ValidationError, match="不能再作为其上级"):
        services.transfer_person(
            actor=inside.hr, person_id=inside.boss.id, from_on=D(2022, 1, 1), org_unit_id=inside.root.id,
            manager_id=inside.boss.id,
        )  # fmt: skip


def test_the_last_day_is_still_a_day_at_work(inside):
    services.end_employment(
        actor=inside.hr, person_id=inside.seller.id, last_on=D(2024, 2, 29), reason="个人原因"
    )
    for day, status in [(D(2019, 12, 31), "upcoming"), (D(2020, 1, 1), "active"), (D(2024, 2, 29), "active"),
                        (D(2024, 3, 1), "left")]:  # fmt: skip
        refresh_person_snapshots(tenant_id=inside.tenant.id, on=day)
        person = Person.objects.get(id=inside.seller.id)
        assert (day, person.status, person.left_on) == (day, status, D(2024, 2, 29))
    assert timeline(person) == [("销售部", D(2020, 1, 1), D(2024, 3, 1))]
    assert person.org_unit == inside.sales  # where they were last, so that their head still sees them


def test_leaving_drops_transfers_planned_for_later(inside):
    services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2025, 1, 1), org_unit_id=inside.east.id
    )
    person = services.end_employment(actor=inside.hr, person_id=inside.seller.id, last_on=D(2024, 12, 31))
    assert timeline(person) == [("销售部", D(2020, 1, 1), D(2025, 1, 1))]


def test_leaving_twice_or_with_people_reporting_is_refused(inside):
    services.end_employment(actor=inside.hr, person_id=inside.seller.id, last_on=D(2024, 1, 31))
    with pytest.raises(ValidationError) as refusal:
        services.end_employment(actor=inside.hr, person_id=inside.seller.id, last_on=D(2024, 1, 31))
    assert said(refusal) == "单小芳 的任职已于 2024-01-31 结束。"
    with pytest.raises(ValidationError) as refusal:
        services.end_employment(actor=inside.hr, person_id=inside.boss.id, last_on=D(2024, 6, 30))
    assert said(refusal) == "Ken Sánchez 等 1 人届时仍向 曾国强 汇报，请先为他们指定新的上级。"


def test_coming_back_and_overlapping_employments(inside):
    services.end_employment(actor=inside.hr, person_id=inside.seller.id, last_on=D(2021, 12, 31))
    given = {"actor": inside.hr, "person_id": inside.seller.id, "org_unit_id": inside.east.id}
    with pytest.raises(ValidationError) as refusal:
        services.rehire_person(**given, employee_number="A002", hired_on=D(2021, 12, 31))
    assert said(refusal) == "单小芳 在 2020-01-01 至 2021-12-31 已有任职，期间不能重叠。"
    person = services.rehire_person(**given, employee_number="C9", hired_on=D(2022, 1, 1))
    assert spells(person) == [
        ("总公司", "A002", D(2020, 1, 1), D(2022, 1, 1)),
        ("总公司", "C9", D(2022, 1, 1), None),
    ]
    assert (person.employee_number, person.hired_on, person.left_on) == ("C9", D(2022, 1, 1), None)
    assert person.search_text == "单小芳 shanxiaofang sxf c9 a002"


def test_correcting_an_assignment(inside):
    person = services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2022, 6, 1), org_unit_id=inside.east.id
    )
    first, second = Assignment.objects.filter(person=person).order_by("valid")
    given = {
        "actor": inside.hr,
        "person_id": person.id,
        "assignment_id": second.id,
        "org_unit_id": inside.east.id,
    }
    with pytest.raises(ValidationError) as refusal:
        services.correct_assignment(**given, from_on=D(2022, 5, 1), last_on=None, reason="录错日期")
    assert said(refusal) == "单小芳 在 2020-01-01 至 2022-05-31 已有主岗安排，期间不能重叠。"
    with pytest.raises(ValidationError, match="请说明更正原因"):
        services.correct_assignment(**given, from_on=D(2022, 7, 1), last_on=None, reason=" ")
    with pytest.raises(ValidationError, match="结束日期不能早于开始日期"):
        services.correct_assignment(**given, from_on=D(2022, 7, 1), last_on=D(2022, 6, 30), reason="录错日期")
    with pytest.raises(ValidationError, match="请使用调动"):
        services.correct_assignment(
            **{**given, "org_unit_id": inside.branch.id},
            from_on=D(2022, 7, 1),
            last_on=None,
            reason="录错日期",
        )
    services.correct_assignment(**given, from_on=D(2022, 7, 1), last_on=D(2023, 6, 30), reason="录错日期")
    assert timeline(person) == [
        ("销售部", D(2020, 1, 1), D(2022, 6, 1)),
        ("华东组", D(2022, 7, 1), D(2023, 7, 1)),
    ]
    with pytest.raises(ValidationError) as refusal:
        services.correct_assignment(
            **{**given, "assignment_id": first.id},
            from_on=D(2019, 1, 1),
            last_on=D(2022, 5, 31),
            reason="录错日期",
        )
    assert said(refusal) == "岗位安排必须在任职期间（2020-01-01 起）之内。"
    with pytest.raises(Http404):
        services.correct_assignment(
            **{**given, "person_id": inside.boss.id}, from_on=D(2022, 7, 1), last_on=None, reason="录错日期"
        )


def test_updating_changes_only_what_differs(inside):
    before = inside.seller.changed_at
    same = services.update_person(actor=inside.hr, person_id=inside.seller.id, name="单小芳")
    assert same.changed_at == before
    person = services.update_person(
        actor=inside.hr, person_id=inside.seller.id, name="解小芳", birth_on=D(1990, 1, 1)
    )
    assert (person.name, person.birth_on, person.search_text) == (
        "解小芳",
        D(1990, 1, 1),
        "解小芳 xiexiaofang xxf a002",
    )
    with pytest.raises(ValidationError, match="早于入职日期"):
        services.update_person(actor=inside.hr, person_id=person.id, birth_on=D(2020, 1, 1))
    with pytest.raises(ValidationError, match="请填写姓名"):
        services.update_person(actor=inside.hr, person_id=person.id, name=" ")
    with pytest.raises(TypeError, match="status"):
        services.update_person(actor=inside.hr, person_id=person.id, status="left")


def test_probation_ends_after_its_last_day(inside):
    today = timezone.localdate()
    person = make_person(inside.east, "王芳", hired_on=D(2024, 5, 1), probation_until=D(2024, 7, 31))
    for day, status in [(D(2024, 7, 31), "probation"), (D(2024, 8, 1), "active"), (today, "active")]:
        refresh_person_snapshots(tenant_id=inside.tenant.id, person_ids=[person.id], on=day)
        person.refresh_from_db()
        assert (day, person.status) == (day, status)


def test_refreshing_what_is_right_writes_nothing(inside):
    assert refresh_person_snapshots(tenant_id=inside.tenant.id) == 0
