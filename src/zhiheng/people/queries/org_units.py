"""Org units, positions and legal entities: what the whole tenant may see of its own shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.people.calc.org_chart import Member, Node, Unit, flattened, org_chart
from zhiheng.people.choices import PersonStatus
from zhiheng.people.models import Assignment, Person, Position
from zhiheng.people.policies import READ_ORG_UNIT
from zhiheng.people.queries.persons import visible_person_ids
from zhiheng.tenancy.models import LegalEntity, OrgUnit


@dataclass(frozen=True)
class OrgTree:
    """The tree of a day; ``head_names`` and ``visible_ids`` are about the heads of its units."""

    on: date
    roots: tuple[Node, ...]
    head_names: dict[UUID, str]
    visible_ids: frozenset[UUID]
    headcount: int
    unit_count: int


def org_units_for_actor(
    actor: Actor, on: date | None = None, *, permission: Permission = READ_ORG_UNIT
) -> QuerySet[OrgUnit]:
    """Return org units, of one day or of all times."""
    actor.scope(permission)
    rows = OrgUnit.objects.all()
    return rows.filter(valid__contains=on) if on else rows


def org_unit_for_actor(actor: Actor, unit_id: UUID, *, permission: Permission = READ_ORG_UNIT) -> OrgUnit:
    """Return one org unit; hidden and not there are the same `Http404`."""
    rows = org_units_for_actor(actor, permission=permission).select_related("parent", "legal_entity")
    found = rows.filter(id=unit_id).first()
    if found is None:
        raise Http404
    return found


def org_tree_as_of(actor: Actor, on: date) -> OrgTree:
    """Return the org chart of a day with headcounts, from the assignments that held on it."""
    units = [
        Unit(row.id, row.parent_id, row.code, row.name, row.kind, row.legal_entity_id, tuple(row.path))
        for row in org_units_for_actor(actor, on).order_by("position", "code")
    ]
    rows = Assignment.objects.filter(valid__contains=on, is_primary=True)
    members = [Member(*row) for row in rows.values_list("person_id", "org_unit_id", "manager_id")]
    roots = org_chart(units, members)
    head_ids = {node.head_id for _depth, node in flattened(roots) if node.head_id}
    names = dict(Person.objects.filter(id__in=head_ids).values_list("id", "name"))
    return OrgTree(
        on, roots, names, frozenset(visible_person_ids(actor, head_ids)),
        sum(node.headcount for node in roots), len(units),
    )  # fmt: skip


def unit_choices(actor: Actor, on: date) -> list[tuple[UUID, str, int]]:
    """Return (id, name, depth) of the units of a day, each after the one above it."""
    units = [
        Unit(row.id, row.parent_id, row.code, row.name, row.kind, row.legal_entity_id, tuple(row.path))
        for row in org_units_for_actor(actor, on).order_by("position", "code")
    ]
    return [(node.unit.id, node.unit.name, depth) for depth, node in flattened(org_chart(units, ()))]


def positions_for_actor(actor: Actor) -> QuerySet[Position]:
    """Return positions with ``headcount``, the number of people who hold them now."""
    actor.scope(READ_ORG_UNIT)
    holders = Person.objects.filter(position_id=OuterRef("id")).exclude(status=PersonStatus.LEFT)
    counted = holders.order_by().values("position_id").annotate(count=Count("id")).values("count")
    return Position.objects.annotate(headcount=Coalesce(Subquery(counted), 0))


def position_for_actor(actor: Actor, position_id: UUID) -> Position:
    """Return one position or raise `Http404`."""
    found = positions_for_actor(actor).filter(id=position_id).first()
    if found is None:
        raise Http404
    return found


def legal_entities_for_actor(actor: Actor) -> QuerySet[LegalEntity]:
    """Return the subsidiaries that the actor works in; all of them unless confined."""
    actor.scope(READ_ORG_UNIT)
    rows = LegalEntity.objects.all()
    return rows if actor.legal_entity_ids is None else rows.filter(id__in=actor.legal_entity_ids)


def legal_entity_for_actor(actor: Actor, entity_id: UUID) -> LegalEntity:
    """Return one subsidiary or raise `Http404`."""
    found = legal_entities_for_actor(actor).filter(id=entity_id).first()
    if found is None:
        raise Http404
    return found


def headcounts_of_entities(actor: Actor) -> dict[UUID, int]:
    """Return how many people each subsidiary employs now, as far as the actor may see."""
    actor.scope(READ_ORG_UNIT)
    rows = Person.objects.exclude(status__in=[PersonStatus.LEFT, PersonStatus.UPCOMING])
    return dict(rows.values_list("legal_entity_id").annotate(Count("id")))
