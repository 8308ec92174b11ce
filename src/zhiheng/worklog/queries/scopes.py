"""Whose rows an actor may see and write, the same way for everything in the work log."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.access.permissions import Permission
from zhiheng.people.public import PersonRef, persons_by_id


def rows_of_people(actor: Actor, permission: Permission, person: str = "person") -> Q:
    """Return the filter of rows about people in scope; ``person`` names the row's relation."""
    return actor.scope(permission).q(person=f"{person}_id", org_unit=f"{person}__org_unit_id")


def person_in_scope(actor: Actor, permission: Permission, person_id: UUID | None) -> PersonRef:
    """Return the person an actor writes for, themselves when ``None``.

    ValidationError for a sign-in without an employee, `Http404` for nobody, `Forbidden` for somebody else's.
    """
    scope = actor.scope(permission)
    wanted = person_id or actor.person_id
    if wanted is None:
        raise ValidationError(_("您的账户没有关联员工，请联系人事关联后再填写。"), code="no_person")
    person = persons_by_id([wanted]).get(wanted)
    if person is None:
        raise Http404
    if not scope.has(
        person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=person.legal_entity_id
    ):
        raise Forbidden(permission)
    return person
