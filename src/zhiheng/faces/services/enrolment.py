"""Enrolling a face: three good photos of one person, who agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.faces.calc.quality import PHOTOS, Shot, flaw_of, flaw_of_set
from zhiheng.faces.calc.vectors import Vector, best_by_owner, to_bytes
from zhiheng.faces.choices import reason_text
from zhiheng.faces.engine import (
    MODEL_VERSION,
    PhotoRefused,
    Picture,
    embedding_of,
    hash_of,
    only_face,
    open_picture,
    quality_of,
)
from zhiheng.faces.models import FaceEnrolment, FaceTemplate
from zhiheng.faces.policies import SEE_PHOTO, USE_FACE
from zhiheng.faces.queries.consents import has_consent
from zhiheng.faces.queries.scope import person_in_scope
from zhiheng.faces.queries.settings import current_setting, thresholds_of
from zhiheng.faces.queries.templates import PURPOSE, bound_to, enrolment_for_actor, vectors_of
from zhiheng.faces.services.photos import ENROLMENT_KIND, keep_photo
from zhiheng.files.public import delete_files
from zhiheng.people.calc import sealing
from zhiheng.people.public import PersonRef


@dataclass(frozen=True, eq=False)
class _Photo:
    """A photo that can be enrolled."""

    picture: Picture
    vector: Vector
    hash: str


@transaction.atomic
def enrol_face(*, actor: Actor, photos: Sequence[bytes], person_id: UUID | None = None) -> FaceEnrolment:
    """Store the face of the actor, or of somebody in their scope, in the place of an earlier one.

    ValidationError without consent; by photo (``photo_1`` …) for each that is not good enough; and for photos that
    are not of one person or copies of each other. Nothing is stored then.
    """
    person = person_in_scope(actor, person_id, USE_FACE)
    if not has_consent(person.id):
        raise ValidationError(reason_text("no_consent"), code="no_consent")
    shots = _good_photos(photos)
    limits = thresholds_of(current_setting())
    flaw = flaw_of_set([Shot(each.vector, each.hash) for each in shots], limits.accept)
    if flaw:
        raise ValidationError(reason_text(flaw), code=flaw)
    _lock(person.id)
    _forget_earlier(person.id)
    alike, score = _look_alike(person.id, [each.vector for each in shots], limits.identify)
    enrolment = FaceEnrolment.objects.create(
        person_id=person.id, legal_entity_id=person.legal_entity_id, model_version=MODEL_VERSION,
        enrolled_by=actor.name, enrolled_at=timezone.now(), look_alike_id=alike, look_alike_score=score,
    )  # fmt: skip
    for number, each in enumerate(shots, 1):
        _store(actor, person, enrolment, number, each)
    payload = {"photos": len(shots), "model": MODEL_VERSION, "look_alike": alike, "score": score}
    record(actor, "faces.face.enrol", subject=("people.person", person.id), payload=payload)
    return enrolment


@transaction.atomic
def confirm_enrolment(*, actor: Actor, person_id: UUID) -> FaceEnrolment:
    """Record that somebody looked at the photos and that they show the person."""
    found = enrolment_for_actor(actor, person_id, SEE_PHOTO)
    found.confirmed_by, found.confirmed_at = actor.name, timezone.now()
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    record(actor, "faces.face.confirm", subject=("people.person", person_id))
    return found


def _lock(person_id: UUID) -> None:
    """Let one enrolment of a person happen at a time."""
    key = int.from_bytes(person_id.bytes[-7:], "big")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _good_photos(photos: Sequence[bytes]) -> list[_Photo]:
    if len(photos) != PHOTOS:
        raise ValidationError(reason_text("not_three"), code="not_three")
    good, flaws = [], {}
    for number, data in enumerate(photos, 1):
        try:
            good.append(_good_photo(data))
        except PhotoRefused as refused:
            flaws[f"photo_{number}"] = ValidationError(reason_text(refused.code), code=refused.code)
    if flaws:
        raise ValidationError(flaws)
    return good


def _good_photo(data: bytes) -> _Photo:
    picture = open_picture(data)
    face = only_face(picture, may_have_bystanders=False)
    flaw = flaw_of(quality_of(picture, face))
    if flaw:
        raise PhotoRefused(flaw)
    return _Photo(picture, embedding_of(picture, face), hash_of(picture))


def _forget_earlier(person_id: UUID) -> None:
    photos = FaceTemplate.objects.filter(person_id=person_id).values_list("photo_id", flat=True)
    delete_files(list(photos))
    FaceEnrolment.objects.filter(person_id=person_id).delete()


def _look_alike(
    person_id: UUID, mine: Sequence[Vector], limit: Decimal
) -> tuple[UUID | None, Decimal | None]:
    """Return somebody else whose stored face is as alike as one's own would be, and how alike."""
    owners, vectors = vectors_of(None)
    others = [(owner, vector) for owner, vector in zip(owners, vectors, strict=True) if owner != person_id]
    if not others:
        return None, None
    names, stored = [owner for owner, _ in others], [vector for _, vector in others]
    best: dict[UUID, Decimal] = {}
    for vector in mine:
        for owner, score in best_by_owner(vector, names, stored).items():
            best[owner] = max(score, best.get(owner, Decimal(-1)))
    owner, score = max(best.items(), key=lambda each: each[1])
    return (owner, score) if score >= limit else (None, None)


def _store(actor: Actor, person: PersonRef, enrolment: FaceEnrolment, number: int, photo: _Photo) -> None:
    sealed = sealing.seal_bytes(
        settings.ENV.field_key, actor.tenant_id, bound_to(person.id, number), to_bytes(photo.vector),
        purpose=PURPOSE,
    )  # fmt: skip
    photo_id = keep_photo(
        actor=actor, jpeg=photo.picture.jpeg(), kind=ENROLMENT_KIND, owner=f"{person.id}/{number}",
        legal_entity_id=person.legal_entity_id,
    )  # fmt: skip
    FaceTemplate.objects.create(
        enrolment=enrolment, person_id=person.id, legal_entity_id=person.legal_entity_id, number=number,
        sealed=sealed, model_version=MODEL_VERSION, photo_id=photo_id, photo_hash=photo.hash,
    )  # fmt: skip
