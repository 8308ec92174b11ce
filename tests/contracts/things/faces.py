"""Consents, enrolled faces and checks: one of each in every department, of the person the world knows."""

from __future__ import annotations

from tests.factories.faces import COLLINS, enrolment_photos

from zhiheng.access.actor import Actor
from zhiheng.faces.models import FaceCheck, FaceTemplate
from zhiheng.faces.queries.consents import TEXT_VERSION
from zhiheng.faces.services.consents import give_consent
from zhiheng.faces.services.enrolment import enrol_face
from zhiheng.faces.services.identification import identify_face

KINDS = {"check_id": "face_check", "template_id": "face_template"}
OF_PEOPLE = {"face_check", "face_template"}
BODY_WORDS = {"text_version": TEXT_VERSION, "purpose": "punch", "browser_id": "phone"}


MARKS = {"S1": "南一", "S2": "丁密", "N1": "北密", "N2": "北密"}


def add(company, actor: Actor) -> None:
    """Enrol the first person of each department with the same face, and look at it once."""
    for code in ("S1", "S2", "N1", "N2"):
        person_id = company.ids[code]["person"]
        note = f"{company.name}{MARKS[code]}档案柜"
        give_consent(actor=actor, person_id=person_id, text_version=TEXT_VERSION, note=note)
        enrol_face(actor=actor, person_id=person_id, photos=enrolment_photos(COLLINS))
        check = identify_face(actor=actor, person_ids=[person_id], frame=enrolment_photos(COLLINS)[1])
        company.ids[code]["face_check"] = check.id
        company.ids[code]["face_template"] = FaceTemplate.objects.get(person_id=person_id, number=1).id


def crowd(company, actor: Actor, count: int) -> None:
    """Let the tablet see nobody many times, and one person say yes and yes again."""
    known = FaceCheck.objects.filter(person__isnull=False).first()
    for _number in range(count):
        FaceCheck.objects.create(
            person_id=known.person_id, legal_entity_id=known.legal_entity_id, kind=known.kind, state="refused",
            reason="no_face", model_version=known.model_version, checked_by=company.name,
            checked_at=known.checked_at,
        )  # fmt: skip
        give_consent(
            actor=actor, person_id=known.person_id, text_version=TEXT_VERSION, note=f"{company.name}档案柜"
        )
