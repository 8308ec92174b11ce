"""Live challenges: given out, and taken back once, from the same login on the same device, within 20 seconds."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.faces.choices import Turn, reason_text
from zhiheng.faces.models import FaceChallenge
from zhiheng.faces.policies import USE_FACE
from zhiheng.faces.queries.checks import refusals_since
from zhiheng.faces.queries.consents import has_consent
from zhiheng.faces.queries.scope import own_person
from zhiheng.faces.queries.templates import enrolled_ids

LIFETIME = dt.timedelta(seconds=20)
REFUSALS_WITHIN = dt.timedelta(hours=1)
MOST_REFUSALS = 20


@dataclass(frozen=True)
class Challenge:
    """What to do until when; ``nonce`` is told this once and never stored."""

    id: UUID
    nonce: str
    turn: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class Taken:
    """A challenge on its way back: what was asked, or the code of why it does not count."""

    reason: str
    challenge_id: UUID | None = None
    turn: str = ""
    purpose: str = ""


@transaction.atomic
def start_challenge(*, actor: Actor, purpose: str = "punch", browser_id: str = "") -> Challenge:
    """Give the actor a challenge; with a ``browser_id`` only the same browser can answer it.

    ValidationError for somebody who is not enrolled, and after 20 refused checks within an hour.
    """
    actor.scope(USE_FACE)
    person = own_person(actor)
    _check_may_start(person.id)
    nonce, turn, now = secrets.token_urlsafe(24), secrets.choice(Turn.values), timezone.now()
    made = FaceChallenge.objects.create(
        person_id=person.id, legal_entity_id=person.legal_entity_id, membership_id=actor.membership_id,
        browser_id=browser_id[:64], purpose=purpose[:20], nonce_hash=_hash(nonce), turn=turn, created_at=now,
        expires_at=now + LIFETIME,
    )  # fmt: skip
    return Challenge(made.id, nonce, turn, made.expires_at)


def _check_may_start(person_id: UUID) -> None:
    if not has_consent(person_id):
        raise ValidationError(reason_text("no_consent"), code="no_consent")
    if person_id not in enrolled_ids([person_id]):
        raise ValidationError(reason_text("not_enrolled"), code="not_enrolled")
    if refusals_since(person_id, timezone.now() - REFUSALS_WITHIN) >= MOST_REFUSALS:
        text = _("一小时内未通过的次数过多。请改用其他打卡方式，或联系人事。")
        raise ValidationError(text, code="too_many_refusals")


def take_challenge(*, actor: Actor, nonce: str, browser_id: str) -> Taken:
    """Use up the challenge of a nonce and say whether it counts; a stolen one is used up for its owner too."""
    found = FaceChallenge.objects.select_for_update().filter(nonce_hash=_hash(nonce)).first()
    if found is None:
        return Taken("unknown_nonce")
    now = timezone.now()
    checks = (
        ("used_nonce", found.used_at is not None),
        ("stolen_nonce", _is_stolen(found, actor)),
        ("other_browser", bool(found.browser_id) and found.browser_id != browser_id[:64]),
        ("expired_nonce", found.expires_at <= now),
    )
    reason = next((code for code, is_so in checks if is_so), "")
    if found.used_at is None:
        FaceChallenge.objects.filter(id=found.id).update(used_at=now)
    return Taken(reason, found.id, found.turn, found.purpose)


def _is_stolen(found: FaceChallenge, actor: Actor) -> bool:
    return (found.person_id, found.membership_id) != (actor.person_id, actor.membership_id)


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
