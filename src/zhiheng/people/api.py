"""The API of people: persons, org units, positions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Status

from zhiheng.access.http import requires
from zhiheng.people import services
from zhiheng.people.calc.org_chart import Node
from zhiheng.people.choices import PersonStatus
from zhiheng.people.policies import READ_ORG_UNIT, READ_PERSON, WRITE_PERSON
from zhiheng.people.queries.history import history_of_person
from zhiheng.people.queries.org_units import OrgTree, org_tree_as_of, positions_for_actor
from zhiheng.people.queries.persons import PersonFilter, person_for_actor, persons_for_actor
from zhiheng.people.schemas import (
    HireIn,
    LeaveIn,
    OrgTreeOut,
    OrgUnitOut,
    PersonOut,
    PersonPatch,
    PositionOut,
    SpellOut,
    TransferIn,
)
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["People"])
SEARCH = Query("", max_length=200, description="name, pinyin, initials, number or e-mail")
SUBTREE = Query(None, description="the unit and all below it")
DAY = Query(None, description="today if absent")


@router.get("/persons", response=CursorPage[PersonOut])
@requires(READ_PERSON)
def list_persons(
    request,
    page: Paging,
    q: str = SEARCH,
    status: PersonStatus | None = None,
    org_unit_id: UUID | None = SUBTREE,
    position_id: UUID | None = None,
    legal_entity_id: UUID | None = None,
):
    """List persons, oldest record first."""
    wanted = PersonFilter(q, status.value if status else "", org_unit_id, position_id, legal_entity_id)
    return cursor_page(persons_for_actor(request.actor, wanted), page)


@router.post("/persons", response={201: PersonOut})
@requires(WRITE_PERSON)
def hire_person(request, body: HireIn):
    """Take somebody on."""
    return Status(201, services.hire_person(actor=request.actor, **body.dict()))


@router.get("/persons/{uuid:person_id}", response=PersonOut)
@requires(READ_PERSON)
def get_person(request, person_id: UUID):
    """Return one person."""
    return person_for_actor(request.actor, person_id)


@router.patch("/persons/{uuid:person_id}", response=PersonOut)
@requires(WRITE_PERSON)
def update_person(request, person_id: UUID, body: PersonPatch):
    """Change what is given of a person."""
    changes = {
        name: value
        for name, value in body.dict(exclude_unset=True).items()
        if name == "birth_on" or value is not None
    }
    return services.update_person(actor=request.actor, person_id=person_id, **changes)


@router.get("/persons/{uuid:person_id}/employments", response=list[SpellOut])
@requires(READ_PERSON)
def list_employments(request, person_id: UUID):
    """Return where somebody worked over time, newest first."""
    return history_of_person(request.actor, person_id, timezone.localdate())


@router.post("/persons/{uuid:person_id}/transfer", response=PersonOut)
@requires(WRITE_PERSON)
def transfer_person(request, person_id: UUID, body: TransferIn):
    """Put somebody into another place from a day on."""
    return services.transfer_person(actor=request.actor, person_id=person_id, **body.dict())


@router.post("/persons/{uuid:person_id}/leave", response=PersonOut)
@requires(WRITE_PERSON)
def end_employment(request, person_id: UUID, body: LeaveIn):
    """End somebody's employment after their last day."""
    return services.end_employment(actor=request.actor, person_id=person_id, **body.dict())


@router.get("/org-units", response=OrgTreeOut)
@requires(READ_ORG_UNIT)
def get_org_tree(request, on: date | None = DAY):
    """Return the org chart of a day with headcounts."""
    tree = org_tree_as_of(request.actor, on or timezone.localdate())
    return {"on": tree.on, "headcount": tree.headcount, "units": [_unit(node, tree) for node in tree.roots]}


def _unit(node: Node, tree: OrgTree) -> OrgUnitOut:
    unit = node.unit
    return OrgUnitOut(
        id=unit.id, parent_id=unit.parent_id, code=unit.code, name=unit.name, kind=unit.kind,
        legal_entity_id=unit.legal_entity_id, own_headcount=node.own_headcount, headcount=node.headcount,
        head_id=node.head_id if node.head_id in tree.visible_ids else None,
        children=[_unit(child, tree) for child in node.children],
    )  # fmt: skip


@router.get("/positions", response=CursorPage[PositionOut])
@requires(READ_ORG_UNIT)
def list_positions(request, page: Paging):
    """List positions by code."""
    return cursor_page(positions_for_actor(request.actor), page, order=("code", "id"))
