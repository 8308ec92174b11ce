"""Scorecards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.calckit.formula import FormulaSet
from zhiheng.reviews.calc.assess import parse_scorecard
from zhiheng.reviews.models import Scorecard, ScorecardVersion
from zhiheng.reviews.policies import READ_SCORECARD


def scorecards_for_actor(actor: Actor) -> QuerySet[Scorecard]:
    """Return the scorecards that the actor may see."""
    actor.scope(READ_SCORECARD)
    return Scorecard.objects.all()


def scorecard_for_actor(actor: Actor, scorecard_id: UUID) -> Scorecard:
    """Return a scorecard; 404 when it is not there."""
    found = scorecards_for_actor(actor).filter(id=scorecard_id).first()
    if found is None:
        raise Http404
    return found


def current_version(scorecard: Scorecard) -> ScorecardVersion:
    """Return the version of a scorecard that holds today."""
    versions = ScorecardVersion.objects.select_related("scorecard")
    return versions.get(scorecard=scorecard, version=scorecard.current_version)


def current_versions(scorecards: Sequence[Scorecard]) -> dict[UUID, ScorecardVersion]:
    """Return the versions of scorecards that hold today, by the scorecard's id, in one query."""
    ids = [each.id for each in scorecards]
    rows = ScorecardVersion.objects.filter(scorecard_id__in=ids, version=F("scorecard__current_version"))
    return {each.scorecard_id: each for each in rows}


def formulas_of(version: ScorecardVersion) -> FormulaSet:
    """Return the formulas of a version, the score last."""
    return parse_scorecard(
        version.formula, _texts(version.derived), [each["name"] for each in version.inputs]
    )


def _texts(derived: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {each["name"]: each["formula"] for each in derived}
