"""Outlooks of goals, and what the rests of past periods brought."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from zhiheng.access.actor import Actor
from zhiheng.calckit.periods import Period
from zhiheng.goals.calc.calibration import Calibration, calibrate
from zhiheng.goals.calc.outlook import PastRests, past_rests
from zhiheng.goals.models import Goal, GoalOutlook
from zhiheng.goals.policies import READ_GOAL
from zhiheng.goals.queries.negotiations import (
    MOST_PLACES,
    history_of,
    season_of,
    values_by_person,
    window_values,
    windows_before,
)
from zhiheng.metrics.public import PeriodInfo, metrics_with_inputs

ADDS_UP = frozenset({"sum", "count", "count_first"})
"""Aggregates whose values over two stretches of time are the value over both."""
IN_DANGER = "0.5"


def rests_of_people(
    metric_code: str, period: PeriodInfo, day: dt.date
) -> dict[UUID, Calibration | PastRests]:
    """Return what the days of a period after ``day`` will probably bring each person; empty for what does not add up.

    Learned from as many last days of the periods before, those that brought nothing among them; where these were too
    many to forecast a share, taken as they were. Checks no scope: colleagues' errors are no personal data.
    """
    infos = metrics_with_inputs([metric_code])
    info = infos[metric_code]
    days = (period.period_to - day).days - 1
    if info.definition.aggregate not in ADDS_UP or days <= 0:
        return {}
    windows = windows_before(period, day)
    whole = {
        person: history_of(windows, found, info)
        for person, found in values_by_person(infos, metric_code, windows).items()
    }
    ends = {(first, end) for past in whole.values() for first, end, _value in past}
    rests = {
        first: window_values(infos, metric_code, Period(max(end - dt.timedelta(days=days), first), end))
        for first, end in ends
    }
    histories = {
        person: [(first, rests[first].get(person, Decimal(0))) for first, _end, _value in past]
        for person, past in whole.items()
    }
    places = min(info.places, MOST_PLACES)
    calibrated = calibrate(histories, season=season_of(period), places=places)
    found = {
        person: each or past_rests([value for _first, value in histories[person]])
        for person, each in calibrated.items()
    }
    return {UUID(str(person)): each for person, each in found.items() if each is not None}


def latest_outlook(goal: Goal) -> GoalOutlook | None:
    """Return the latest outlook of a goal that the actor was allowed to see."""
    return GoalOutlook.objects.filter(goal=goal).order_by("-on").first()


def outlooks_for_actor(actor: Actor) -> QuerySet[GoalOutlook]:
    """Return the latest outlook of each goal that the actor may see."""
    latest = GoalOutlook.objects.filter(goal=OuterRef("goal")).order_by("-on").values("id")[:1]
    mine = GoalOutlook.objects.filter(
        actor.scope(READ_GOAL).q(), id=Subquery(latest), goal__is_withdrawn=False
    )
    return mine.select_related("goal__metric", "goal__period", "person", "org_unit")


def warnings_for_actor(actor: Actor) -> QuerySet[GoalOutlook]:
    """Return the latest outlooks of goals that will more likely be missed than reached."""
    return outlooks_for_actor(actor).filter(probability__lt=IN_DANGER)
