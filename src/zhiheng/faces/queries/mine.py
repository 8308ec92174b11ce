"""Where somebody stands with their own face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.faces.choices import ConsentKind
from zhiheng.faces.engine import MODEL_VERSION
from zhiheng.faces.models import FaceConsent, FaceEnrolment
from zhiheng.faces.queries.consents import TEXT_VERSION, latest_consents
from zhiheng.faces.queries.settings import current_setting


@dataclass(frozen=True)
class Mine:
    """What one said last, and what is stored; ``has_person`` is false for a login that is nobody's,
    ``photos`` are ids of templates."""

    has_person: bool
    consent: FaceConsent | None
    enrolment: FaceEnrolment | None
    keep_days: int
    photos: Sequence[UUID] = ()

    @property
    def has_agreed(self) -> bool:
        """Tell whether a consent is in force."""
        return self.consent is not None and self.consent.kind == ConsentKind.GIVEN

    @property
    def is_text_old(self) -> bool:
        """Tell whether the text changed since one agreed."""
        return self.has_agreed and self.consent.text_version != TEXT_VERSION

    @property
    def is_model_old(self) -> bool:
        """Tell whether one has to enrol anew, because the model changed."""
        return self.enrolment is not None and self.enrolment.model_version != MODEL_VERSION


def my_state(actor: Actor) -> Mine:
    """Return where the actor stands."""
    keep_days = current_setting().keep_days
    if actor.person_id is None:
        return Mine(False, None, None, keep_days)
    consent = latest_consents([actor.person_id]).get(actor.person_id)
    enrolment = FaceEnrolment.objects.filter(person_id=actor.person_id).first()
    photos = list(enrolment.templates.values_list("id", flat=True)) if enrolment else []
    return Mine(True, consent, enrolment, keep_days, photos)
