"""Finding whose face it is among the people of a place, for a tablet at the door.

One frame and no challenge: a tablet that people pass in a row cannot ask each of them to turn. So it does not tell a
good photo from a face, and stands where others see it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from zhiheng.access.actor import Actor
from zhiheng.faces.calc.challenge import Found
from zhiheng.faces.calc.decisions import PASSED, REFUSED, REVIEW, Match, Thresholds, Verdict, match_one
from zhiheng.faces.calc.phash import is_replay
from zhiheng.faces.calc.vectors import best_by_owner
from zhiheng.faces.choices import CheckKind
from zhiheng.faces.engine import PhotoRefused
from zhiheng.faces.models import FaceCheck
from zhiheng.faces.queries.checks import known_hashes
from zhiheng.faces.queries.settings import current_setting, thresholds_of
from zhiheng.faces.queries.templates import vectors_of
from zhiheng.faces.services.bursts import Burst
from zhiheng.faces.services.challenges import Taken
from zhiheng.faces.services.checks import Finding, record_check
from zhiheng.people.public import persons_by_id


@transaction.atomic
def identify_face(
    *, actor: Actor, person_ids: Collection[UUID], frame: bytes, purpose: str = "kiosk"
) -> FaceCheck:
    """Find which of these people a frame shows and record the check; ``person`` is empty for nobody.

    Checks no permission: who may run the tablet has decided. A photo like an earlier one is flagged for review and
    not refused, since a tablet on a wall sees the same room every day.
    """
    limits = thresholds_of(current_setting())
    burst = Burst([frame])
    finding, match = _look(person_ids, burst, limits)
    person = persons_by_id([match.owner]).get(match.owner) if match and match.owner else None
    return record_check(
        actor=actor, person=person, kind=CheckKind.IDENTIFY, taken=Taken("", purpose=purpose[:20]), burst=burst,
        finding=finding, limits=limits,
    )  # fmt: skip


def _look(
    person_ids: Collection[UUID], burst: Burst, limits: Thresholds
) -> tuple[Finding, Match[UUID] | None]:
    try:
        vector = burst.vector(0)
    except PhotoRefused as refused:
        return Finding(Verdict(REFUSED, refused.code)), None
    owners, templates = vectors_of(person_ids)
    match = match_one(best_by_owner(vector, owners, templates), limits)
    finding = Finding(
        Verdict(REFUSED, match.reason),
        Found(frontal=0),
        match.score,
        margin=match.margin,
        hashes=(burst.hash(0),),
    )
    if match.owner is not None:
        finding.is_replay = is_replay(finding.hashes, known_hashes(match.owner))
        finding.verdict = Verdict(REVIEW, "replayed_photo") if finding.is_replay else Verdict(PASSED)
    return finding, match
