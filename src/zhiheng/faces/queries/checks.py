"""Checks and what they say of themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.faces.choices import CheckState
from zhiheng.faces.models import FaceCheck, FaceTemplate
from zhiheng.faces.policies import READ_FACE

MONTH = dt.timedelta(days=30)


def month_ago(now: dt.datetime) -> dt.datetime:
    """Return the instant from which the figures above the list count."""
    return now - MONTH


@dataclass(frozen=True)
class Count:
    """How many checks of a stretch of time ended how, and why those that failed did."""

    passed: int
    review: int
    refused: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Return how many there were."""
        return self.passed + self.review + self.refused


def checks_for_actor(actor: Actor, permission: Permission = READ_FACE) -> QuerySet[FaceCheck]:
    """Return the checks of people in scope; those of nobody known belong to who sees the whole tenant."""
    scope = actor.scope(permission).q(org_unit="person__org_unit_id")
    return FaceCheck.objects.filter(scope).select_related("person__org_unit")


def check_for_actor(actor: Actor, check_id: UUID, permission: Permission = READ_FACE) -> FaceCheck:
    """Return a check; 404 when it is not there or not the actor's to see."""
    found = checks_for_actor(actor, permission).filter(id=check_id).first()
    if found is None:
        raise Http404
    return found


def checks_with_ids(check_ids: Collection[UUID]) -> list[FaceCheck]:
    """Return checks by id. Checks no scope: callers do."""
    return list(FaceCheck.objects.filter(id__in=check_ids))


def known_hashes(person_id: UUID) -> list[str]:
    """Return the hashes of photos that already counted for a person, and of those they enrolled with."""
    rows = FaceCheck.objects.filter(person_id=person_id).exclude(state=CheckState.REFUSED)
    found = [each for hashes in rows.order_by().values_list("hashes", flat=True) for each in hashes]
    return found + list(FaceTemplate.objects.filter(person_id=person_id).values_list("photo_hash", flat=True))


def refusals_since(person_id: UUID, since: dt.datetime) -> int:
    """Count a person's refused checks from an instant on."""
    rows = FaceCheck.objects.filter(person_id=person_id, checked_at__gte=since)
    return rows.filter(state=CheckState.REFUSED).count()


def count_since(actor: Actor, since: dt.datetime) -> Count:
    """Count the checks in scope from an instant on."""
    rows = checks_for_actor(actor).filter(checked_at__gte=since).order_by()
    grouped = list(rows.values_list("state", "reason").annotate(count=models.Count("id")))
    states = dict.fromkeys(CheckState.values, 0)
    reasons: dict[str, int] = {}
    for state, reason, count in grouped:
        states[state] += count
        if reason:
            reasons[reason] = reasons.get(reason, 0) + count
    ranked = sorted(reasons.items(), key=lambda each: -each[1])
    return Count(states["passed"], states["review"], states["refused"], tuple(ranked))
