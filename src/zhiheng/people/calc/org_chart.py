"""The org chart: headcounts of subtrees and who leads each unit, from plain rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Unit:
    """An org unit; ``path`` runs from the root to itself."""

    id: UUID
    parent_id: UUID | None
    code: str
    name: str
    kind: str
    legal_entity_id: UUID
    path: tuple[UUID, ...]


@dataclass(frozen=True)
class Member:
    """Somebody working in a unit, and under whom."""

    person_id: UUID
    org_unit_id: UUID
    manager_id: UUID | None


@dataclass(frozen=True)
class Node:
    """A unit of the chart: heads directly in it, heads in it and below, its leader, the units below."""

    unit: Unit
    own_headcount: int
    headcount: int
    head_id: UUID | None
    children: tuple[Node, ...]


def org_chart(units: Iterable[Unit], members: Iterable[Member]) -> tuple[Node, ...]:
    """Return the tree. A unit whose parent is not among ``units`` is a root; order is that of ``units``."""
    known = {unit.id: unit for unit in units}
    inside: dict[UUID, list[Member]] = defaultdict(list)
    own: dict[UUID, int] = defaultdict(int)
    for member in members:
        unit = known.get(member.org_unit_id)
        if unit is None:
            continue
        own[unit.id] += 1
        for above in unit.path:
            inside[above].append(member)
    below: dict[UUID | None, list[Unit]] = defaultdict(list)
    for unit in known.values():
        below[unit.parent_id if unit.parent_id in known else None].append(unit)

    def node(unit: Unit) -> Node:
        return Node(
            unit,
            own[unit.id],
            len(inside[unit.id]),
            head_of(unit.id, inside[unit.id]),
            tuple(node(child) for child in below[unit.id]),
        )

    return tuple(node(unit) for unit in below[None])


def head_of(unit_id: UUID, members: Sequence[Member]) -> UUID | None:
    """Return who leads: nobody inside is above them, and most people inside report to them.

    On a tie the one directly in the unit leads; if that does not decide either, nobody does.
    """
    ids = {member.person_id for member in members}
    reports: dict[UUID | None, int] = defaultdict(int)
    for member in members:
        reports[member.manager_id] += 1
    ranked = sorted(
        ((reports[each.person_id], each.org_unit_id == unit_id), each.person_id.int, each.person_id)
        for each in members
        if each.manager_id not in ids
    )
    if not ranked or (len(ranked) > 1 and ranked[-1][0] == ranked[-2][0]):
        return None
    return ranked[-1][2]


def flattened(nodes: Iterable[Node], depth: int = 0) -> list[tuple[int, Node]]:
    """Return the nodes with their depth, each before those below it."""
    found = []
    for node in nodes:
        found.append((depth, node))
        found += flattened(node.children, depth + 1)
    return found
