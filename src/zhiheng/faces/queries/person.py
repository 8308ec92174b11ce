"""Everything of one person's face that a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.faces.models import FaceCheck, FaceConsent, FaceEnrolment
from zhiheng.faces.policies import READ_FACE
from zhiheng.faces.queries.scope import person_in_scope
from zhiheng.people.public import PersonRef

LATEST_CHECKS = 20


@dataclass(frozen=True)
class PersonFace:
    """Enrolment with the templates that have its photos, consents and latest checks of a person."""

    person: PersonRef
    enrolment: FaceEnrolment | None
    photos: Sequence[UUID]
    consents: Sequence[FaceConsent]
    checks: Sequence[FaceCheck]

    @property
    def look_alike(self) -> tuple[str, UUID] | None:
        """Return name and id of the look-alike, as far as the reader's subsidiary has them."""
        other = self.enrolment and self.enrolment.look_alike
        return (other.name, other.id) if other else None


def face_of_person(actor: Actor, person_id: UUID, permission: Permission = READ_FACE) -> PersonFace:
    """Return what is stored of a person in scope of a permission; else `Http404`."""
    person = person_in_scope(actor, person_id, permission)
    enrolment = FaceEnrolment.objects.filter(person_id=person.id).select_related("look_alike").first()
    photos = list(enrolment.templates.values_list("id", flat=True)) if enrolment else []
    consents = FaceConsent.objects.filter(person_id=person.id).defer("text")
    checks = FaceCheck.objects.filter(person_id=person.id)
    return PersonFace(person, enrolment, photos, list(consents), list(checks[:LATEST_CHECKS]))
