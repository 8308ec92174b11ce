"""Negotiations, and the evidence they rest on: past periods, a range, and what any number is worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.calckit.periods import Period, PeriodKind
from zhiheng.goals.calc.calibration import Calibration, calibrate
from zhiheng.goals.choices import NegotiationState, Side
from zhiheng.goals.models import Negotiation, TargetProposal
from zhiheng.goals.policies import NEGOTIATE_GOAL, READ_GOAL
from zhiheng.goals.queries.goals import judged_on
from zhiheng.metrics.public import MetricInfo, PeriodInfo, compute_values, metrics_with_inputs, periods

MOST_PERIODS = 24
MOST_PLACES = 2
MOST_COLLEAGUES = 100
MOST_EMPTY = 3
"""Data are taken to begin after so many periods without any."""
MONTHS_OF_YEAR = 12
DAYS_OF_MONTH = 30.4375
LEEWAY_DAYS = 4
EARLIEST = dt.date(1990, 1, 1)


@dataclass(frozen=True)
class Evidence:
    """What a negotiation rests on: ``past`` as (first day, day after the last, value), oldest first.

    ``calibration`` is None where the past was too short for a range.
    """

    past: tuple[tuple[dt.date, dt.date, Decimal], ...]
    data_until: dt.date | None
    calibration: Calibration | None

    @property
    def last(self) -> Decimal | None:
        """Return the value of the latest past period."""
        return self.past[-1][2] if self.past else None


def negotiations_for_actor(actor: Actor) -> QuerySet[Negotiation]:
    """Return the negotiations that the actor may see, with the latest number, its probability and its side."""
    latest = TargetProposal.objects.filter(negotiation=OuterRef("id")).order_by("-round")
    return (
        Negotiation.objects.filter(actor.scope(READ_GOAL).q())
        .select_related("person", "org_unit", "metric", "period")
        .annotate(
            target=Subquery(latest.values("target")[:1]),
            probability=Subquery(latest.values("probability")[:1]),
            side=Subquery(latest.values("side")[:1]),
        )
    )


def negotiation_for_actor(actor: Actor, negotiation_id: UUID) -> Negotiation:
    """Return a negotiation; 404 when it is not there or not the actor's to see."""
    found = negotiations_for_actor(actor).filter(id=negotiation_id).first()
    if found is None:
        raise Http404
    return found


def negotiation_for_change(actor: Actor, negotiation_id: UUID) -> Negotiation:
    """Return a negotiation that the actor takes part in, locked; 404 when it is not there or not theirs."""
    mine = Negotiation.objects.filter(actor.scope(NEGOTIATE_GOAL).q(), id=negotiation_id)
    found = mine.select_for_update(of=("self",)).select_related("metric", "period").first()
    if found is None:
        raise Http404
    return found


def proposals_of(negotiation: Negotiation) -> list[TargetProposal]:
    """Return the rounds of a negotiation that the actor was allowed to see, the first one first."""
    return list(TargetProposal.objects.filter(negotiation=negotiation).order_by("round"))


def side_of(actor: Actor, negotiation: Negotiation) -> Side:
    """Return for whom the actor speaks: for themselves, or for the company."""
    return Side.EMPLOYEE if actor.person_id == negotiation.person_id else Side.COMPANY


def waits_for(negotiation: Negotiation) -> str:
    """Return the side that is to answer, of one of `negotiations_for_actor`; "" where nobody is."""
    if negotiation.state != NegotiationState.OPEN:
        return ""
    return Side.EMPLOYEE if negotiation.side == Side.COMPANY else Side.COMPANY


# --- Evidence ---------------------------------------------------------------------------------------------------


def evidence_of_people(
    metric_code: str, period: PeriodInfo, about: UUID | None = None
) -> dict[UUID, Evidence]:
    """Return the evidence for a period of everybody who has a past in the metric.

    Only whole periods of the same kind count, that data cover, at most `MOST_PERIODS`; a person's past begins with the
    first period that has a value. With ``about``, of that person and `MOST_COLLEAGUES` of the others, which is as good
    for one person and quicker. Checks no scope: what colleagues' errors were is no personal data.
    """
    infos = metrics_with_inputs([metric_code])
    until = judged_on(timezone.localdate())
    windows = windows_before(period, until)
    values = values_by_person(infos, metric_code, windows)
    histories = {person: history_of(windows, found, infos[metric_code]) for person, found in values.items()}
    known = {person: past for person, past in sorted(histories.items()) if past}
    if about is not None:
        known = _fewer(known, str(about))
    found = calibrate(
        {person: [(first, value) for first, _end, value in past] for person, past in known.items()},
        season=season_of(period), places=min(infos[metric_code].places, MOST_PLACES),
    )  # fmt: skip
    return {UUID(person): Evidence(past, until, found[person]) for person, past in known.items()}


def _fewer(known: dict[str, Any], about: str) -> dict[str, Any]:
    """Return a person and as many colleagues, evenly chosen, as say enough."""
    others = [person for person in known if person != about]
    step = max(len(others) // MOST_COLLEAGUES, 1)
    chosen = {about, *others[::step][:MOST_COLLEAGUES]}
    return {person: past for person, past in known.items() if person in chosen}


def windows_before(period: PeriodInfo, until: dt.date) -> list[Period]:
    """Return the whole periods before one that ended by a day, oldest first.

    The company's own periods are followed back as far as they join; before them the calendar goes on.
    """
    own = {each.period_to: Period(each.period_from, each.period_to) for each in _like(period)}
    found, window = [], _as_period(period)
    while len(found) < MOST_PERIODS and window.start > EARLIEST:
        window = own.get(window.start) or _as_kind(window.start, window.end).previous()
        if window.last <= until:
            found.append(window)
    return found[::-1]


def _like(period: PeriodInfo) -> list[PeriodInfo]:
    """Return the company's periods of about the same length."""
    days = (period.period_to - period.period_from).days
    return [each for each in periods() if abs((each.period_to - each.period_from).days - days) <= LEEWAY_DAYS]


def _as_period(period: PeriodInfo) -> Period:
    return _as_kind(period.period_from, period.period_to)


def _as_kind(start: dt.date, end: dt.date) -> Period:
    """Return a period as the month, quarter, half or year that it is, else as a custom one."""
    for kind in PeriodKind:
        if kind is not PeriodKind.CUSTOM:
            named = Period.containing(start, kind)
            if (named.start, named.end) == (start, end):
                return named
    return Period(start, end)


def season_of(period: PeriodInfo) -> int:
    """Return how many periods of this length make a year; 0 where they make none."""
    days = (period.period_to - period.period_from).days
    months = round(days / DAYS_OF_MONTH)
    fits = months > 0 and MONTHS_OF_YEAR % months == 0 and abs(days - months * DAYS_OF_MONTH) <= LEEWAY_DAYS
    return MONTHS_OF_YEAR // months if fits else 0


def values_by_person(
    infos: Mapping[str, MetricInfo], code: str, windows: list[Period]
) -> dict[str, dict[Period, Decimal]]:
    """Return the values by person and period, back to where data begin."""
    found: dict[str, dict[Period, Decimal]] = {}
    empty = 0
    for window in reversed(windows):
        values = window_values(infos, code, window)
        empty = 0 if values else empty + 1
        if empty == MOST_EMPTY:
            break
        for person_id, value in values.items():
            found.setdefault(person_id, {})[window] = value
    return found


def window_values(infos: Mapping[str, MetricInfo], code: str, window: Period) -> dict[str, Decimal]:
    """Return the values of a metric over some days, of those who have one."""
    definitions = {each: info.definition for each, info in infos.items()}
    frame = compute_values(definitions, window.start, window.end, records_of=())[code]
    rows = frame.select("person_id", "value").iter_rows()
    return {person_id: value for person_id, value in rows if value is not None}


def history_of(
    windows: list[Period], values: Mapping[Period, Decimal], info: MetricInfo
) -> tuple[tuple[dt.date, dt.date, Decimal], ...]:
    """Return a person's past as (first day, day after the last, value).

    A period without records counts as zero, unless the metric is a formula.
    """
    begun = min((window.start for window, value in values.items() if value), default=None)
    if begun is None:
        return ()
    counted = [
        each for each in windows if each.start >= begun and (each in values or not info.definition.formula)
    ]
    return tuple((each.start, each.end, values.get(each, Decimal(0))) for each in counted)


def evidence_data(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as JSON holds it."""
    found = evidence.calibration
    return {
        "past": [[str(first), str(end), str(value)] for first, end, value in evidence.past],
        "data_until": str(evidence.data_until) if evidence.data_until else None,
        "calibration": {
            "method": found.method, "forecast": str(found.forecast), "p10": str(found.p10), "p50": str(found.p50),
            "p90": str(found.p90), "errors": list(found.errors), "own_errors": found.own_errors,
            "hits": found.hits, "tried": found.tried,
        } if found else None,
    }  # fmt: skip


def evidence_from(data: Mapping[str, Any]) -> Evidence:
    """Return the evidence that `evidence_data` wrote."""
    past = tuple(
        (dt.date.fromisoformat(first), dt.date.fromisoformat(end), Decimal(value))
        for first, end, value in data.get("past", ())
    )
    until = dt.date.fromisoformat(data["data_until"]) if data.get("data_until") else None
    kept = data.get("calibration")
    if not kept:
        return Evidence(past, until, None)
    numbers = {name: Decimal(kept[name]) for name in ("forecast", "p10", "p50", "p90")}
    others = {name: kept[name] for name in ("method", "own_errors", "hits", "tried")}
    calibration = Calibration(errors=tuple(kept["errors"]), **others, **numbers)
    return Evidence(past, until, calibration)


def probability_of(negotiation: Negotiation, target: Decimal) -> Decimal | None:
    """Return the probability of reaching a target by the negotiation's evidence; None without a range."""
    calibration = evidence_from(negotiation.evidence).calibration
    if calibration is None:
        return None
    return calibration.probability(target, is_lower=negotiation.metric.direction == "lower")
