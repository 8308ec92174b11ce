"""Who sees whom, today and as of a day; what other domains get."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.http import Http404
from tests.factories import make_legal_entity, make_org_unit, make_person, make_tenant

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.people import public, services
from zhiheng.people.calc.org_chart import flattened
from zhiheng.people.queries.history import history_of_person
from zhiheng.people.queries.org_units import (
    legal_entities_for_actor,
    org_tree_as_of,
    org_unit_for_actor,
    positions_for_actor,
    unit_choices,
)
from zhiheng.people.queries.persons import PersonFilter, person_for_actor, persons_as_of, persons_for_actor
from zhiheng.tenancy.context import tenant_context

D = date


def names(rows) -> list[str]:
    return sorted(row.name for row in rows)


@pytest.fixture
def peopled(inside):
    """The company with somebody in the branch, somebody below sales, and somebody who has left."""
    make_person(inside.branch, "赵分", employee_number="Z1")
    make_person(inside.east, "孙东", employee_number="S1", manager_id=inside.seller.id)
    gone = make_person(inside.east, "钱去", employee_number="Q1")
    services.end_employment(actor=inside.hr, person_id=gone.id, last_on=D(2022, 12, 31))
    return inside


EVERYBODY = ["Ken Sánchez", "单小芳", "孙东", "曾国强", "赵分", "钱去"]


@pytest.mark.parametrize("role", ["owner", "hr", "finance", "auditor"])
def test_these_roles_see_everybody(peopled, role):
    assert names(persons_for_actor(peopled.actor(role))) == sorted(EVERYBODY)


def test_a_department_head_sees_the_subtree_only(peopled):
    head = peopled.actor("department_head", person=peopled.seller)
    assert names(persons_for_actor(head)) == ["单小芳", "孙东", "钱去"]
    with pytest.raises(Http404):
        person_for_actor(head, peopled.clerk.id)


def test_an_employee_sees_only_themselves(peopled):
    me = peopled.actor("employee", person=peopled.clerk)
    assert names(persons_for_actor(me)) == ["Ken Sánchez"]
    assert person_for_actor(me, peopled.clerk.id) == peopled.clerk
    with pytest.raises(Http404):
        person_for_actor(me, peopled.boss.id)


def test_a_role_within_a_subsidiary_sees_that_one(peopled):
    hr = peopled.actor("hr", within_legal_entity=peopled.other_entity)
    assert names(persons_for_actor(hr)) == ["赵分"]
    assert [entity.name for entity in legal_entities_for_actor(hr)] == ["华东分公司"]
    with pytest.raises(Http404):
        person_for_actor(hr, peopled.seller.id)


def test_another_tenant_sees_nobody_of_ours(peopled):
    stranger = make_tenant("别家")
    foreign = make_person(make_org_unit(make_legal_entity(stranger)), "外人")
    with tenant_context(stranger.id):
        assert names(public.persons_by_id([peopled.boss.id, foreign.id]).values()) == ["外人"]
        assert public.person_ids_by_number(["A001"]) == {}
    with pytest.raises(Http404):
        person_for_actor(peopled.hr, foreign.id)


def test_nobody_without_the_permission(peopled):
    nobody = Actor(peopled.tenant.id, "外人", {})
    with pytest.raises(Forbidden):
        persons_for_actor(nobody)
    assert public.search(nobody, "单") == []
    assert public.visible_person_ids(nobody, {peopled.boss.id}) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("单", ["单小芳"]), ("shanxiao", ["单小芳"]), ("SXF", ["单小芳"]), ("danxiao", []), ("a00", ["Ken Sánchez", "单小芳", "曾国强"]),
        ("sanchez ken", ["Ken Sánchez"]), ("曾 A001", ["曾国强"]), ("曾 A002", []), ("%", []), ("_", []),
    ],
)  # fmt: skip
def test_searching(peopled, text, found):
    assert names(persons_for_actor(peopled.hr, PersonFilter(text=text))) == found


def test_filters(peopled):
    def found(**fields: object) -> list[str]:
        return names(persons_for_actor(peopled.hr, PersonFilter(**fields)))

    assert found(org_unit_id=peopled.sales.id) == ["单小芳", "孙东", "钱去"]
    assert found(status="left") == ["钱去"]
    assert found(legal_entity_id=peopled.other_entity.id) == ["赵分"]
    assert found(manager_id=peopled.boss.id) == ["Ken Sánchez", "单小芳"]
    assert found(position_id=UUID(int=0)) == []


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (D(2018, 2, 28), []),
        (D(2018, 3, 1), ["曾国强"]),
        (D(2019, 12, 31), ["曾国强"]),
        (D(2022, 12, 31), EVERYBODY),
        (D(2023, 1, 1), [name for name in EVERYBODY if name != "钱去"]),
    ],
)
def test_who_was_there_on_a_day(peopled, on, found):
    assert names(persons_as_of(peopled.hr, on)) == sorted(found)


def test_where_people_were_on_a_day_decides_what_a_head_saw(peopled):
    services.transfer_person(
        actor=peopled.hr, person_id=peopled.clerk.id, from_on=D(2021, 7, 1), org_unit_id=peopled.east.id,
        position_id=peopled.position.id,
    )  # fmt: skip
    head = peopled.actor("department_head", person=peopled.seller)
    assert names(persons_as_of(head, D(2021, 6, 30))) == ["单小芳", "孙东", "钱去"]
    assert names(persons_as_of(head, D(2021, 7, 1))) == ["Ken Sánchez", "单小芳", "孙东", "钱去"]
    row = persons_as_of(peopled.hr, D(2021, 7, 1), PersonFilter(text="ken")).get()
    assert (row.number, row.unit_name, row.position_name, row.manager_name, row.entity_name, row.state, row.since) == (
        "A003", "华东组", "销售代表", None, "总公司", "active", D(2020, 1, 1),
    )  # fmt: skip
    assert names(persons_as_of(peopled.hr, D(2021, 7, 1), PersonFilter(org_unit_id=peopled.finance.id))) == []


def test_probation_as_of_a_day(peopled):
    make_person(peopled.east, "新人", hired_on=D(2024, 5, 1), probation_until=D(2024, 7, 31))
    for on, state in [(D(2024, 7, 31), "probation"), (D(2024, 8, 1), "active")]:
        assert persons_as_of(peopled.hr, on, PersonFilter(text="xinren")).get().state == state


def test_the_org_tree_of_a_day(peopled):
    def shown(on: date) -> list[tuple]:
        tree = org_tree_as_of(peopled.hr, on)
        return [
            (depth, node.unit.name, node.own_headcount, node.headcount, tree.head_names.get(node.head_id))
            for depth, node in flattened(tree.roots)
        ]

    assert shown(D(2022, 12, 31)) == [
        (0, "总公司", 1, 5, "曾国强"),
        (1, "销售部", 1, 3, "单小芳"),
        (2, "华东组", 2, 2, None),
        (1, "财务部", 1, 1, "Ken Sánchez"),
        (0, "华东分公司", 1, 1, "赵分"),
    ]
    assert [row[2:4] for row in shown(D(2018, 3, 1))] == [(1, 1), (0, 0), (0, 0), (0, 0), (0, 0)]
    assert shown(D(1999, 12, 31)) == []


def test_the_org_tree_links_only_heads_one_may_see(peopled):
    me = peopled.actor("employee", person=peopled.clerk)
    tree = org_tree_as_of(me, D(2022, 12, 31))
    assert tree.visible_ids == {peopled.clerk.id}
    assert (tree.headcount, tree.unit_count) == (6, 5)


def test_choices_of_units_are_in_tree_order(peopled):
    assert [(name, depth) for _id, name, depth in unit_choices(peopled.hr, D(2024, 1, 1))] == [
        ("总公司", 0), ("销售部", 1), ("华东组", 2), ("财务部", 1), ("华东分公司", 0),
    ]  # fmt: skip
    with pytest.raises(Http404):
        org_unit_for_actor(peopled.hr, UUID(int=0))


def test_positions_count_their_holders(peopled):
    make_person(peopled.east, "新人", position_id=peopled.position.id)
    gone = make_person(peopled.east, "旧人", position_id=peopled.position.id)
    services.end_employment(actor=peopled.hr, person_id=gone.id, last_on=D(2022, 12, 31))
    assert [(row.name, row.headcount) for row in positions_for_actor(peopled.hr)] == [("销售代表", 1)]


def test_history_of_a_person(peopled):
    services.transfer_person(
        actor=peopled.hr, person_id=peopled.seller.id, from_on=D(2022, 6, 1), org_unit_id=peopled.branch.id,
        shift_name="早班",
    )  # fmt: skip
    spells = history_of_person(peopled.hr, peopled.seller.id, D(2024, 1, 1))
    assert [
        (spell.legal_entity, spell.from_on, spell.last_on, spell.is_current,
         [(stay.unit, stay.manager, stay.shift_name, stay.from_on, stay.last_on, stay.is_current) for stay in spell.stays])
        for spell in spells
    ] == [
        ("华东分公司", D(2022, 6, 1), None, True, [("华东分公司", "", "早班", D(2022, 6, 1), None, True)]),
        ("总公司", D(2020, 1, 1), D(2022, 5, 31), False,
         [("销售部", "曾国强", "", D(2020, 1, 1), D(2022, 5, 31), False)]),
    ]  # fmt: skip
    with pytest.raises(Http404):
        history_of_person(peopled.actor("employee", person=peopled.clerk), peopled.seller.id, D(2024, 1, 1))


def test_people_by_number(peopled):
    make_person(peopled.branch, "同号", employee_number="A001")
    found = public.person_ids_by_number(["a002", " A003 ", "A001", "X", ""])
    assert found == {"a002": peopled.seller.id, " A003 ": peopled.clerk.id}
    assert public.person_ids_by_number(["A001"], peopled.entity.id) == {"A001": peopled.boss.id}


def test_references_and_units(peopled):
    ref = public.persons_by_id([peopled.seller.id])[peopled.seller.id]
    assert (ref.name, ref.number, ref.unit, ref.manager_id, ref.status) == (
        "单小芳", "A002", "销售部", peopled.boss.id, "active",
    )  # fmt: skip
    assert public.persons_by_id([]) == {}
    assert [ref.name for ref in public.persons_of_units([peopled.sales.id], D(2022, 12, 31))] == [
        "单小芳",
        "钱去",
        "孙东",
    ]
    assert {unit.name for unit in public.org_units()} == {
        "总公司",
        "销售部",
        "华东组",
        "财务部",
        "华东分公司",
    }
    assert public.org_units(D(1999, 1, 1)) == []


def test_global_search_puts_present_people_first(peopled):
    make_person(peopled.east, "钱在", employee_number="Q2")
    assert [ref.name for ref in public.search(peopled.hr, "钱", 6)] == ["钱在", "钱去"]
    assert [ref.name for ref in public.search(peopled.hr, "钱", 1)] == ["钱在"]
    assert public.search(peopled.hr, " ") == []
