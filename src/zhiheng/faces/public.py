"""What other domains may ask of faces: ids and frozen dataclasses, never models."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.faces import models
from zhiheng.faces.choices import reason_text
from zhiheng.faces.queries.checks import checks_with_ids
from zhiheng.faces.queries.consents import has_consent
from zhiheng.faces.queries.templates import enrolled_ids, template_ids_of
from zhiheng.faces.services import checks, identification
from zhiheng.faces.services.challenges import Challenge, start_challenge
from zhiheng.faces.services.photos import photo_for_terminal, reveal_check_photo

__all__ = [
    "Challenge", "FaceCheck", "Identified", "check_face", "check_info", "check_photo", "enrolled", "enrolled_photo_ids",
    "enrolment_photo", "face_consent", "identify_face", "start_challenge",
]  # fmt: skip


@dataclass(frozen=True)
class FaceCheck:
    """What came of a check: state ``passed``, ``review`` or ``refused``, with the code and text of the reason.

    ``photo_id`` names a sealed file; show a photo by the page ``faces:check_photo`` or with `check_photo`, which ask
    for the permission and record who looked. It may have been deleted since.
    """

    id: UUID
    state: str
    score: Decimal | None
    reason: str
    reason_text: str
    photo_id: UUID | None
    is_replay: bool
    person_id: UUID | None = None
    turned_score: Decimal | None = None
    moved: Decimal | None = None
    checked_at: dt.datetime | None = None


@dataclass(frozen=True)
class Identified:
    """Who was recognized; nobody with a reason. ``is_replay`` marks a photo like an earlier one, for review."""

    person_id: UUID | None
    score: Decimal
    margin: Decimal
    reason: str
    photo_id: UUID | None
    check_id: UUID | None = None
    reason_text: str = ""
    is_replay: bool = False


def face_consent(person_id: UUID) -> bool:
    """Tell whether a person agrees to the use of their face."""
    return has_consent(person_id)


def enrolled(person_ids: Collection[UUID]) -> set[UUID]:
    """Return who of these people can be recognized by their face. Checks no permission."""
    return enrolled_ids(person_ids)


def enrolled_photo_ids(person_id: UUID) -> list[UUID]:
    """Return the ids of the photos a person enrolled with, for `faces:enrolment_photo`. Checks no permission."""
    return template_ids_of(person_id)


def enrolment_photo(actor: Actor, person_id: UUID) -> bytes | None:
    """Return a person's photo as JPEG to send to a terminal, ``None`` when not enrolled; recorded. No permission."""
    return photo_for_terminal(actor=actor, person_id=person_id)


def check_face(*, actor: Actor, nonce: str, frames: Sequence[bytes], browser_id: str = "") -> FaceCheck:
    """Compare the actor's face in the frames of a challenge with the enrolled one, and record the check.

    Raises nothing but a missing permission. Answer with a status below 400 even when it was refused: above, the
    transaction is undone and with it the record and the use of the nonce.
    """
    found = checks.check_face(actor=actor, nonce=nonce, frames=frames, browser_id=browser_id)
    return _info(found)


def identify_face(*, actor: Actor, person_ids: Collection[UUID], frame: bytes) -> Identified:
    """Find which of these people a frame shows and record the check. Checks no permission; answer below 400."""
    found = identification.identify_face(actor=actor, person_ids=person_ids, frame=frame)
    return Identified(
        found.person_id, found.score or Decimal(0), found.margin or Decimal(0), found.reason, found.photo_id,
        found.id, reason_text(found.reason), found.is_replay,
    )  # fmt: skip


def check_info(check_ids: Collection[UUID]) -> dict[UUID, FaceCheck]:
    """Return checks by id. Checks no permission."""
    return {each.id: _info(each) for each in checks_with_ids(check_ids)}


def check_photo(actor: Actor, check_id: UUID) -> bytes:
    """Return the photo of a check as JPEG; needs the permission to see photos, and is recorded."""
    return reveal_check_photo(actor=actor, check_id=check_id)


def _info(found: models.FaceCheck) -> FaceCheck:
    return FaceCheck(
        found.id, found.state, found.score, found.reason, reason_text(found.reason), found.photo_id,
        found.is_replay, found.person_id, found.turned_score, found.moved, found.checked_at,
    )  # fmt: skip
