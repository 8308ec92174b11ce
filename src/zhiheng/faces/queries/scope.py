"""Whose face it is about."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.faces.choices import reason_text
from zhiheng.people.public import PersonRef, persons_by_id


def own_person(actor: Actor) -> PersonRef:
    """Return the actor's own person; ValidationError for a login that is nobody's."""
    found = persons_by_id([actor.person_id]) if actor.person_id else {}
    if not found:
        raise ValidationError(reason_text("no_person"), code="no_person")
    return found[actor.person_id]


def person_in_scope(actor: Actor, person_id: UUID | None, permission: Permission) -> PersonRef:
    """Return a person in scope of a permission, the actor's own without an id; else `Http404`."""
    scope = actor.scope(permission)
    if person_id is None or person_id == actor.person_id:
        return own_person(actor)
    person = persons_by_id([person_id]).get(person_id)
    if person is None or not scope.has(
        person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=person.legal_entity_id
    ):
        raise Http404
    return person
