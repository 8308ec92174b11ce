"""Schemas of the API of people."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from zhiheng.people.choices import EmploymentKind, Gender, PersonStatus


class PersonOut(Schema):
    """A person as they stand today."""

    id: UUID
    name: str
    employee_number: str
    status: PersonStatus
    gender: Gender
    birth_on: date | None
    email: str
    hired_on: date | None
    left_on: date | None = Field(None, description="last day at work")
    legal_entity_id: UUID
    org_unit_id: UUID | None
    position_id: UUID | None
    manager_id: UUID | None
    changed_at: datetime


class StayOut(Schema):
    """An assignment; ``last_on`` is its last day."""

    id: UUID
    from_on: date
    last_on: date | None
    unit: str
    position: str
    manager: str
    shift_name: str
    is_primary: bool


class SpellOut(Schema):
    """An employment with its assignments, newest first."""

    id: UUID
    from_on: date
    last_on: date | None
    legal_entity: str
    employee_number: str
    kind: str
    leave_reason: str
    stays: list[StayOut]


class HireIn(Schema):
    """Somebody to take on."""

    name: str = Field(max_length=80)
    employee_number: str = Field(max_length=40)
    hired_on: date
    org_unit_id: UUID
    position_id: UUID | None = None
    manager_id: UUID | None = None
    gender: Gender = Gender.UNKNOWN
    birth_on: date | None = None
    email: str = Field("", max_length=254)
    kind: EmploymentKind = EmploymentKind.FULL_TIME
    probation_until: date | None = None


class PersonPatch(Schema):
    """What changes of a person; absent fields stay."""

    name: str | None = Field(None, max_length=80)
    gender: Gender | None = None
    birth_on: date | None = None
    email: str | None = Field(None, max_length=254)


class TransferIn(Schema):
    """Another place, from a day on."""

    from_on: date
    org_unit_id: UUID
    position_id: UUID | None = None
    manager_id: UUID | None = None
    shift_name: str = Field("", max_length=40)
    employee_number: str = Field("", max_length=40, description="only when the legal entity changes")


class LeaveIn(Schema):
    """The end of an employment."""

    last_on: date = Field(description="last day at work")
    reason: str = Field("", max_length=200)


class OrgUnitOut(Schema):
    """An org unit with headcounts of a day, and the units below."""

    id: UUID
    parent_id: UUID | None
    code: str
    name: str
    kind: str
    legal_entity_id: UUID
    own_headcount: int
    headcount: int
    head_id: UUID | None = Field(None, description="who leads; null also when not in your scope")
    children: list[OrgUnitOut]


class OrgTreeOut(Schema):
    """The org chart of a day."""

    on: date
    headcount: int
    units: list[OrgUnitOut]


class PositionOut(Schema):
    """A position and how many people hold it now."""

    id: UUID
    code: str
    name: str
    is_active: bool
    headcount: int
