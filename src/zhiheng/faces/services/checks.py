"""Comparing a face with its owner's, against a live challenge; every check is recorded, whatever comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.faces.calc.challenge import Found, find_frames
from zhiheng.faces.calc.decisions import REFUSED, Thresholds, Verdict, judge_identity
from zhiheng.faces.calc.phash import is_replay
from zhiheng.faces.choices import CheckKind
from zhiheng.faces.engine import MODEL_VERSION, PhotoRefused
from zhiheng.faces.models import FaceCheck
from zhiheng.faces.policies import USE_FACE
from zhiheng.faces.queries.checks import known_hashes
from zhiheng.faces.queries.consents import has_consent
from zhiheng.faces.queries.settings import as_json, current_setting, thresholds_of
from zhiheng.faces.queries.templates import vectors_of
from zhiheng.faces.services.bursts import Burst
from zhiheng.faces.services.challenges import Taken, take_challenge
from zhiheng.faces.services.photos import CHECK_KIND, keep_photo
from zhiheng.people.public import PersonRef, persons_by_id


@dataclass
class Finding:
    """What a check found, step by step; it becomes the row of the check."""

    verdict: Verdict
    found: Found = field(default_factory=Found)
    score: Decimal | None = None
    turned_score: Decimal | None = None
    margin: Decimal | None = None
    hashes: tuple[str, ...] = ()
    is_replay: bool = False


@transaction.atomic
def check_face(*, actor: Actor, nonce: str, frames: Sequence[bytes], browser_id: str = "") -> FaceCheck:
    """Compare the actor's face in the frames of a challenge with the face they enrolled, and record the check.

    Frames are JPEGs in the order they were taken, not mirrored: the first ones frontal, the last ones turned. Only a
    missing permission raises; everything else is a refused check with its reason. The row and the use of the nonce
    are part of the transaction, so whoever calls this must answer with less than 400, or nothing is remembered.
    """
    actor.scope(USE_FACE)
    limits = thresholds_of(current_setting())
    person = persons_by_id([actor.person_id]).get(actor.person_id) if actor.person_id else None
    taken = take_challenge(actor=actor, nonce=nonce, browser_id=browser_id)
    burst = Burst(frames)
    finding = _examine(person, taken, burst, limits)
    return record_check(
        actor=actor, person=person, kind=CheckKind.VERIFY, taken=taken, burst=burst, finding=finding,
        limits=limits, browser_id=browser_id,
    )  # fmt: skip


def _examine(person: PersonRef | None, taken: Taken, burst: Burst, limits: Thresholds) -> Finding:
    reason = "no_person" if person is None else taken.reason
    if person is None or reason:
        return Finding(Verdict(REFUSED, reason))
    if not has_consent(person.id):
        return Finding(Verdict(REFUSED, "no_consent"))
    _owners, templates = vectors_of([person.id])
    if not templates:
        return Finding(Verdict(REFUSED, "not_enrolled"))
    try:
        burst.check_number()
        found = find_frames(taken.turn, len(burst.frames), burst.yaw)
        if found.frontal is None:
            return Finding(Verdict(REFUSED, found.reason), found)
        return _compare(person.id, found, burst, templates, limits)
    except PhotoRefused as refused:
        return Finding(Verdict(REFUSED, refused.code))


def _compare(person_id: UUID, found: Found, burst: Burst, templates: Sequence, limits: Thresholds) -> Finding:
    score = burst.score(found.frontal, templates)
    if found.turned is None:
        verdict = judge_identity(score, None, limits)
        reason = verdict.reason if verdict.state == REFUSED else found.reason
        return Finding(Verdict(REFUSED, reason), found, score, hashes=(burst.hash(found.frontal),))
    turned_score = burst.score(found.turned, templates)
    hashes = (burst.hash(found.frontal), burst.hash(found.turned))
    replayed = is_replay(hashes, known_hashes(person_id))
    verdict = judge_identity(score, turned_score, limits)
    if replayed and verdict.state != REFUSED:
        verdict = Verdict(REFUSED, "replayed_photo")
    return Finding(verdict, found, score, turned_score, hashes=hashes, is_replay=replayed)


def record_check(
    *,
    actor: Actor,
    person: PersonRef | None,
    kind: CheckKind,
    taken: Taken,
    burst: Burst,
    finding: Finding,
    limits: Thresholds,
    browser_id: str = "",
) -> FaceCheck:
    """Store a check with its photo: the frame that was compared, of a refused one the first that could be opened."""
    row = FaceCheck(
        person_id=person and person.id, legal_entity_id=person and person.legal_entity_id, kind=kind,
        purpose=taken.purpose, state=finding.verdict.state, reason=finding.verdict.reason, score=finding.score,
        turned_score=finding.turned_score, moved=finding.found.moved, margin=finding.margin,
        is_replay=finding.is_replay, hashes=list(finding.hashes), challenge_id=taken.challenge_id,
        browser_id=browser_id[:64], limits=as_json(limits), model_version=MODEL_VERSION, checked_by=actor.name,
        checked_at=timezone.now(),
    )  # fmt: skip
    jpeg = burst.best_jpeg(finding.found.frontal)
    if jpeg is not None:
        row.photo_id = keep_photo(
            actor=actor, jpeg=jpeg, kind=CHECK_KIND, owner=str(row.id), legal_entity_id=row.legal_entity_id
        )
    row.save(force_insert=True)
    return row
