"""Personal identifiers: sealed on the way in, opened only with a reason that is recorded."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.calc import sealing
from zhiheng.people.calc.identifiers import masked, normal_identifier
from zhiheng.people.choices import IdentifierKind
from zhiheng.people.models import Person, PersonIdentifier
from zhiheng.people.policies import REVEAL_IDENTIFIER
from zhiheng.people.services.locks import lock_person
from zhiheng.people.services.refusals import refuse

SHORTEST_REASON = 4


def sealed_identifier(person: Person, kind: str, text: str) -> PersonIdentifier:
    """Return an identifier row, not saved; raise `ValidationError` for what cannot be one of its kind."""
    try:
        value = normal_identifier(kind, text)
    except ValueError as error:
        message = _("%(kind)s格式不正确，请检查位数与校验位。")
        raise refuse(kind, message % {"kind": IdentifierKind(kind).label}, "bad-identifier") from error
    key, tenant_id = settings.ENV.field_key, person.tenant_id
    return PersonIdentifier(
        tenant_id=tenant_id,
        legal_entity_id=person.legal_entity_id,
        person=person,
        kind=kind,
        ciphertext=sealing.seal(key, tenant_id, bound_to(person.id, kind), value),
        fingerprint=sealing.fingerprint(key, tenant_id, kind, value),
        masked=masked(kind, value),
    )


def bound_to(person_id: UUID, kind: str) -> str:
    """Return what a sealed identifier is bound to, so that it cannot be moved to somebody else."""
    return f"{person_id}/{kind}"


def write_identifier(person: Person, kind: str, text: str) -> PersonIdentifier:
    """Put an identifier in the place of the old one, without permission or record: parts of other verbs."""
    row = sealed_identifier(person, kind, text)
    PersonIdentifier.objects.filter(person=person, kind=kind).delete()
    row.save(force_insert=True)
    return row


@transaction.atomic
def set_identifier(*, actor: Actor, person_id: UUID, kind: str, text: str) -> PersonIdentifier | None:
    """Set an identifier of a person, or remove it with an empty text."""
    person = lock_person(actor, person_id)
    kind = IdentifierKind(kind).value
    row = None
    if text.strip():
        row = write_identifier(person, kind, text)
    else:
        PersonIdentifier.objects.filter(person=person, kind=kind).delete()
    Person.objects.filter(id=person.id).update(changed_at=timezone.now())
    payload = {"kind": kind, "masked": row.masked if row else ""}
    record(actor, "people.identifier.set", subject=("people.person", person.id), payload=payload)
    return row


@transaction.atomic
def reveal_identifier(*, actor: Actor, person_id: UUID, kind: str, reason: str) -> str:
    """Return an identifier in plain; who, why and which is recorded before it is handed out."""
    scope = actor.scope(REVEAL_IDENTIFIER).q(org_unit="person__org_unit_id")
    row = PersonIdentifier.objects.filter(scope, person_id=person_id, kind=kind).first()
    if row is None:
        raise Http404
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise refuse("reason", _("请说明查看原因，至少 %(count)s 个字。") % {"count": SHORTEST_REASON})
    value = sealing.unseal(
        settings.ENV.field_key, actor.tenant_id, bound_to(person_id, kind), bytes(row.ciphertext)
    )
    payload = {"kind": kind, "reason": reason}
    record(actor, "people.identifier.reveal", subject=("people.person", person_id), payload=payload)
    return value


def find_person_ids_by_identifier(*, actor: Actor, kind: str, text: str) -> list[UUID]:
    """Return the persons with an identifier, by its fingerprint; nothing for a number that cannot be one."""
    scope = actor.scope(REVEAL_IDENTIFIER).q(org_unit="person__org_unit_id")
    try:
        value = normal_identifier(kind, text)
    except ValueError:
        return []
    mark = sealing.fingerprint(settings.ENV.field_key, actor.tenant_id, kind, value)
    rows = PersonIdentifier.objects.filter(scope, kind=kind, fingerprint=mark)
    return list(rows.values_list("person_id", flat=True))
