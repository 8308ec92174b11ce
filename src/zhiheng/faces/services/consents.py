"""Giving and withdrawing consent; with the withdrawal everything of the face goes."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.faces.choices import ConsentKind, ConsentWay
from zhiheng.faces.models import FaceConsent
from zhiheng.faces.policies import DELETE_FACE, USE_FACE
from zhiheng.faces.queries.consents import consent_text, has_consent
from zhiheng.faces.queries.scope import person_in_scope
from zhiheng.faces.services.deletion import delete_face_data
from zhiheng.people.public import PersonRef


@transaction.atomic
def give_consent(
    *, actor: Actor, text_version: str, person_id: UUID | None = None, note: str = ""
) -> FaceConsent:
    """Record that the actor, or on paper somebody in their scope, agrees to the text of a version.

    ValidationError when the text changed meanwhile, and for a consent on paper that does not say where it is kept.
    """
    person = person_in_scope(actor, person_id, USE_FACE)
    text = consent_text()
    if text_version != text.version:
        raise ValidationError(_("同意书已更新，请重新阅读后再同意。"), code="text_changed")
    way = ConsentWay.SELF if person.id == actor.person_id else ConsentWay.PAPER
    if way == ConsentWay.PAPER and not note.strip():
        raise ValidationError(_("请写明书面同意书存放在哪里。"), code="no_note")
    return _say(actor, person, ConsentKind.GIVEN, way, text.version, text=text.plain, note=note)


@transaction.atomic
def withdraw_consent(*, actor: Actor, person_id: UUID | None = None, note: str = "") -> int:
    """Withdraw consent and delete templates and photos at once; return how many templates were deleted.

    Works also where no consent is in force, so that nothing can be left behind.
    """
    is_own = person_id is None or person_id == actor.person_id
    person = person_in_scope(actor, person_id, USE_FACE if is_own else DELETE_FACE)
    if has_consent(person.id):
        way = ConsentWay.SELF if is_own else ConsentWay.PAPER
        _say(actor, person, ConsentKind.WITHDRAWN, way, consent_text().version, note=note)
    return delete_face_data(actor=actor, person_id=person.id)


def withdraw_for_leaving(*, actor: Actor, person: PersonRef) -> int:
    """End the consent of somebody who left and delete their face data; the daily job does it."""
    if has_consent(person.id):
        _say(actor, person, ConsentKind.WITHDRAWN, ConsentWay.LEAVING, consent_text().version)
    return delete_face_data(actor=actor, person_id=person.id)


def _say(
    actor: Actor,
    person: PersonRef,
    kind: ConsentKind,
    way: ConsentWay,
    version: str,
    *,
    text: str = "",
    note: str = "",
) -> FaceConsent:
    said = FaceConsent.objects.create(
        person_id=person.id, legal_entity_id=person.legal_entity_id, kind=kind, way=way, text_version=version,
        text=text, note=note.strip()[:200], said_by=actor.name, said_at=timezone.now(),
    )  # fmt: skip
    payload = {"kind": kind.value, "way": way.value, "text_version": version}
    record(actor, "faces.consent.say", subject=("people.person", person.id), payload=payload)
    return said
