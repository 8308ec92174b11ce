"""A company with a boss, a head of sales, two sellers and somebody in HR; and a kind of request that takes notes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from tests.factories import actor_for, make_legal_entity, make_member, make_org_unit, make_person, make_tenant

from zhiheng.access.actor import Actor
from zhiheng.approvals.kinds import ApprovalKind, register_kind
from zhiheng.approvals.public import start_approval
from zhiheng.approvals.queries.requests import ApprovalInfo, approvals_of
from zhiheng.people.models import Person
from zhiheng.people.services.employments import transfer_person
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit, Tenant

HAPPENED: list[tuple[str, str, UUID]] = []


def _noting(what: str):
    def note(actor: Actor, subject_id: UUID) -> None:
        HAPPENED.append((what, actor.name, subject_id))

    return note


KIND = ApprovalKind(
    "test.note",
    "便条",
    _noting("approved"),
    _noting("rejected"),
    _noting("withdrawn"),
    lambda subject_id: "/",
)
register_kind(KIND)


@dataclass
class Office:
    """The people as persons and as actors; ``root`` is the company's unit, ``sales`` the one below."""

    tenant: Tenant
    root: OrgUnit
    sales: OrgUnit
    boss: Person
    head: Person
    ann: Person
    bob: Person
    hana: Person

    def start(self, person: Person, by: Actor | None = None, **more: object) -> ApprovalInfo:
        """Ask for something for a person."""
        subject = uuid4()
        given = {"summary": "一张便条", "details": [("事由", "想要一张")], **more}
        start_approval(
            actor=by or self.ann_actor, kind="test.note", subject_id=subject, person_id=person.id, **given
        )
        return approvals_of([subject])[subject]


@pytest.fixture
def office(db) -> Office:
    HAPPENED.clear()
    return build_office()


def build_office() -> Office:
    tenant = make_tenant()
    entity = make_legal_entity(tenant)
    root = make_org_unit(entity, "总部")
    sales = make_org_unit(entity, "销售部", root)
    boss, hana = make_person(root, "老板"), make_person(root, "韩娜")
    head, ann, bob = make_person(sales, "何主管"), make_person(sales, "安安"), make_person(sales, "白白")
    made = Office(tenant, root, sales, boss, head, ann, bob, hana)
    roles = (
        (boss, "department_head"),
        (head, "department_head"),
        (ann, "employee"),
        (bob, "employee"),
        (hana, "hr"),
    )
    for name, (person, role) in zip(("boss", "head", "ann", "bob", "hana"), roles, strict=True):
        actor = actor_for(make_member(tenant, role, person), tenant)
        setattr(made, f"{name}_actor", Actor(**{**vars(actor), "name": person.name}))
    return made


def managed_by(office: Office, person: Person, manager: Person) -> None:
    """Give a person a direct manager since 2021."""
    with tenant_context(office.tenant.id):
        transfer_person(
            actor=office.hana_actor, person_id=person.id, from_on=dt.date(2021, 1, 1),
            org_unit_id=person.org_unit_id, manager_id=manager.id,
        )  # fmt: skip


@pytest.fixture
def inside(office):
    with tenant_context(office.tenant.id):
        yield office
