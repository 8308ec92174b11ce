"""The scores of the cycle that was closed last, for overviews."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from zhiheng.access.actor import Actor
from zhiheng.reviews.models import ReviewCycle
from zhiheng.reviews.queries.reports import scores_for_actor


@dataclass(frozen=True)
class LatestScore:
    """A score of the list; ``value`` is ``None`` where it could not be assessed."""

    person_id: UUID
    person: str
    value: Decimal | None
    rank: int | None
    url: str

    @property
    def points(self) -> Decimal | None:
        """Return the score in points, 1 being 100."""
        return None if self.value is None else self.value * 100


@dataclass(frozen=True)
class LatestScores:
    """The best scores that an actor sees of the period assessed last."""

    label: str
    url: str
    scores: tuple[LatestScore, ...]


def latest_scores(actor: Actor, limit: int) -> LatestScores | None:
    """Return the best ``limit`` scores of the latest closed cycle's period; ``None`` before the first."""
    seen = scores_for_actor(actor)
    cycles = ReviewCycle.objects.filter(Exists(seen.filter(cycle_id=OuterRef("id"))))
    newest = cycles.order_by("-period__period_from", "-closed_at").values("id")[:1]
    best = seen.filter(cycle_id=Subquery(newest)).defer("trace", "inputs")
    scores = list(best.order_by("rank", "person__employee_number")[:limit])
    if not scores:
        return None
    cycle = scores[0].cycle
    return LatestScores(
        cycle.period.label,
        reverse("reviews:cycle_detail", args=[cycle.id]),
        tuple(
            LatestScore(
                each.person_id, each.person.name, each.value, each.rank,
                reverse("reviews:score_detail", args=[each.cycle_id, each.person_id]),
            )
            for each in scores
        ),
    )  # fmt: skip
