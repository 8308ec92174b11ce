"""Headcounts and heads of an org chart."""

from __future__ import annotations

from uuid import UUID

from zhiheng.people.calc.org_chart import Member, Unit, flattened, head_of, org_chart

ENTITY = UUID(int=99)


def unit(number: int, *above: int) -> Unit:
    path = tuple(UUID(int=each) for each in (*above, number))
    return Unit(
        UUID(int=number),
        path[-2] if above else None,
        f"U{number}",
        f"单元{number}",
        "department",
        ENTITY,
        path,
    )


def member(person: int, unit_number: int, manager: int | None = None) -> Member:
    return Member(UUID(int=person), UUID(int=unit_number), manager and UUID(int=manager))


def test_headcounts_add_up_and_heads_are_found():
    units = [unit(1), unit(2, 1), unit(3, 1, 2)]
    members = [member(101, 1), member(102, 2, 101), member(103, 3, 102), member(104, 3, 102), member(105, 77)]
    shown = [
        (depth, node.unit.code, node.own_headcount, node.headcount, node.head_id and node.head_id.int)
        for depth, node in flattened(org_chart(units, members))
    ]
    assert shown == [(0, "U1", 1, 4, 101), (1, "U2", 1, 3, 102), (2, "U3", 2, 2, None)]


def test_a_unit_whose_parent_is_hidden_is_a_root():
    assert [node.unit.code for node in org_chart([unit(3, 1, 2)], ())] == ["U3"]


def test_the_one_in_the_unit_itself_leads_on_equal_reports():
    members = [member(1, 10), member(2, 11)]
    assert head_of(UUID(int=10), members) == UUID(int=1)


def test_nobody_leads_an_empty_unit_or_a_circle():
    assert head_of(UUID(int=10), []) is None
    assert head_of(UUID(int=10), [member(1, 10, 2), member(2, 10, 1)]) is None
