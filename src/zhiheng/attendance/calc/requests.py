"""What speaks against a request: errors that bar it, and warnings that the applicant has to confirm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

OVERTIME, CORRECTION, OUTING, TRIP, SWAP = "overtime", "correction", "outing", "trip", "swap"
AWAY = frozenset({OUTING, TRIP})
WORKING = frozenset({"WORKDAY", "ADJUSTED_WORKDAY"})
STATUTORY = "STATUTORY_HOLIDAY"
TIME_OFF = "time_off"

Month = tuple[int, int]


@dataclass(frozen=True)
class Rules:
    """The company's rules; durations in minutes, deadlines in days back from today."""

    correction_quota: int = 3
    correction_days: int = 7
    overtime_days: int = 3
    outing_days: int = 3
    trip_days: int = 7
    overtime_day_minutes: int = 180
    overtime_month_minutes: int = 2160
    longest_overtime_minutes: int = 720
    longest_outing_minutes: int = 1440
    longest_trip_days: int = 60
    is_weekday_time_off: bool = False


@dataclass(frozen=True)
class Draft:
    """A request before it is made; ``from_on`` and ``to_on`` are both included."""

    kind: str
    from_on: dt.date
    to_on: dt.date
    from_at: dt.datetime | None = None
    to_at: dt.datetime | None = None
    minutes: int = 0
    compensation: str = ""
    end: str = ""
    is_device_failure: bool = False


@dataclass(frozen=True)
class Taken:
    """Another request of the person that is pending or approved; ``label`` names it to people."""

    kind: str
    from_on: dt.date
    to_on: dt.date
    from_at: dt.datetime | None = None
    to_at: dt.datetime | None = None
    end: str = ""
    label: str = ""


@dataclass(frozen=True)
class Facts:
    """What a request is judged against.

    ``leave``: approved leave, with times.
    ``month_minutes`` and ``day_minutes``: overtime asked for already in the month and on the day of the draft.
    ``corrections_used``: of the month of the draft, those that count. ``day_type``: of the draft's first day in the
    person's roster. ``locked``: months that are closed. ``may_override``: whoever asks may do so after the deadline
    and beyond the quota, having confirmed it.
    """

    now: dt.datetime
    today: dt.date
    day_type: str = "WORKDAY"
    others: tuple[Taken, ...] = ()
    leave: tuple[Taken, ...] = ()
    corrections_used: int = 0
    month_minutes: int = 0
    day_minutes: int = 0
    locked: frozenset[Month] = frozenset()
    is_employed: bool = True
    may_override: bool = False


@dataclass(frozen=True)
class Finding:
    """Something found, as a code with its figures; texts are made of it by who shows it."""

    code: str
    is_error: bool
    params: tuple[tuple[str, Any], ...] = ()


def check(draft: Draft, rules: Rules, facts: Facts) -> list[Finding]:
    """Return what speaks against a request, errors first."""
    found = [
        *_span(draft, rules),
        *_presence(draft, facts),
        *_deadline(draft, rules, facts),
        *_overlap(draft, facts),
    ]
    if draft.kind == CORRECTION:
        found += _correction(draft, rules, facts)
    if draft.kind == OVERTIME:
        found += _overtime(draft, rules, facts)
    found += _locked(draft, facts)
    return sorted(found, key=lambda each: not each.is_error)


def _error(code: str, **params: Any) -> Finding:
    return Finding(code, True, tuple(params.items()))


def _warning(code: str, **params: Any) -> Finding:
    return Finding(code, False, tuple(params.items()))


def _minutes(draft: Draft) -> int | None:
    if draft.from_at is None or draft.to_at is None:
        return None
    return int((draft.to_at - draft.from_at).total_seconds()) // 60


def _span(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Check that the end comes after the start, and not too long after."""
    length = _minutes(draft)
    if draft.to_on < draft.from_on or (length is not None and length <= 0):
        yield _error("end_before_start")
        return
    longest = {OVERTIME: rules.longest_overtime_minutes, OUTING: rules.longest_outing_minutes}.get(draft.kind)
    given = length if draft.kind == OUTING else max(draft.minutes, length or 0)
    if longest is not None and given is not None and given > longest:
        yield _error("too_long", given=given, longest=longest)
    days = (draft.to_on - draft.from_on).days + 1
    if draft.kind == TRIP and days > rules.longest_trip_days:
        yield _error("too_many_days", given=days, longest=rules.longest_trip_days)


def _presence(draft: Draft, facts: Facts) -> Iterator[Finding]:
    if not facts.is_employed:
        yield _error("not_employed", on=draft.from_on)


def _deadline(draft: Draft, rules: Rules, facts: Facts) -> Iterator[Finding]:
    """Check how late the request comes: counted from its last day; a swap only ahead of its day."""
    days = {
        OVERTIME: rules.overtime_days,
        CORRECTION: rules.correction_days,
        OUTING: rules.outing_days,
        TRIP: rules.trip_days,
        SWAP: 0,
    }[draft.kind]
    last = draft.to_on + dt.timedelta(days=days)
    if facts.today <= last:
        return
    if draft.kind == SWAP:
        yield _error("swap_in_past", on=draft.to_on)
    elif facts.may_override:
        yield _warning("past_deadline_overridden", days=days, last=last)
    else:
        yield _error("past_deadline", days=days, last=last)


def _overlap(draft: Draft, facts: Facts) -> Iterator[Finding]:
    for other in facts.others:
        if clashes(draft, other):
            yield _error("overlap", label=other.label)
    if draft.kind in AWAY | {OVERTIME}:
        for other in facts.leave:
            if _meets(draft, other):
                yield _warning("overlaps_leave", label=other.label)


def clashes(draft: Draft, other: Taken) -> bool:
    """Tell whether two requests of one person cannot both hold.

    Somebody is in one place at a time (outings and trips), works each minute of overtime once, misses each punch
    once, and swaps a day once. Without times the whole days count.
    """
    if draft.kind != other.kind and not {draft.kind, other.kind} <= AWAY:
        return False
    if draft.kind == CORRECTION:
        return draft.from_on == other.from_on and draft.end == other.end
    return _meets(draft, other)


def _meets(draft: Draft, other: Taken) -> bool:
    """Tell whether two requests have time in common; without times whole days are compared."""
    if draft.from_at and draft.to_at and other.from_at and other.to_at:
        return draft.from_at < other.to_at and other.from_at < draft.to_at
    return draft.from_on <= other.to_on and other.from_on <= draft.to_on


def _correction(draft: Draft, rules: Rules, facts: Facts) -> Iterator[Finding]:
    if draft.from_at is not None and draft.from_at > facts.now:
        yield _error("in_future")
    if draft.is_device_failure or facts.corrections_used < rules.correction_quota:
        return
    figures = {
        "month": draft.from_on.month,
        "used": facts.corrections_used,
        "quota": rules.correction_quota,
    }
    if facts.may_override:
        yield _warning("quota_overridden", **figures)
    else:
        yield _error("quota_used", **figures)


def _overtime(draft: Draft, rules: Rules, facts: Facts) -> Iterator[Finding]:
    length = _minutes(draft)
    if draft.minutes <= 0:
        yield _error("no_minutes")
    elif length is not None and length > 0 and draft.minutes > length:
        yield _error("more_than_span", given=draft.minutes, span=length)
    if draft.compensation == TIME_OFF:
        yield from _time_off(rules, facts)
    day = facts.day_minutes + draft.minutes
    if facts.day_type in WORKING and day > rules.overtime_day_minutes:
        yield _warning("day_cap", on=draft.from_on, total=day, cap=rules.overtime_day_minutes)
    month = facts.month_minutes + draft.minutes
    if month > rules.overtime_month_minutes:
        yield _warning("month_cap", month=draft.from_on.month, total=month, cap=rules.overtime_month_minutes)


def _time_off(rules: Rules, facts: Facts) -> Iterator[Finding]:
    """Check the law on time off in lieu: on rest days yes, on workdays by the company's choice, on holidays never."""
    if facts.day_type == STATUTORY:
        yield _error("no_time_off_on_holiday")
    elif facts.day_type in WORKING:
        yield (
            _warning("time_off_on_workday") if rules.is_weekday_time_off else _error("no_time_off_on_workday")
        )


def _locked(draft: Draft, facts: Facts) -> Iterator[Finding]:
    months = {(draft.from_on.year, draft.from_on.month), (draft.to_on.year, draft.to_on.month)}
    for year, month in sorted(months & facts.locked):
        yield _warning("locked_month", year=year, month=month)
