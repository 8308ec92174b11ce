"""Overtime of a day: requested, punched and settled, by multiple of pay."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.attendance.calc.facts import REST_TYPES, STATUTORY, DayInput, Step, step
from zhiheng.attendance.calc.spans import FAR, Spans, after, before, first, meet, minus, total, union
from zhiheng.rosters.calc.shift import Policy

MULTIPLES = (150, 200, 300)


@dataclass(frozen=True)
class Overtime:
    """Minutes of overtime; ``settled`` by multiple."""

    requested: int
    punched: int
    settled: dict[int, int]
    unapproved: int
    flags: tuple[str, ...]
    trace: tuple[Step, ...]


def settle_overtime(day: DayInput, paid: Spans, present: Spans) -> Overtime:
    """Settle the overtime of a day from its approvals and ``present``, the time from punch to punch.

    An outing or a trip vouches for overtime only where it is approved.
    """
    possible = _possible(day, paid)
    approved = meet(union(day.approved), possible)
    vouched = approved if day.is_trip else meet(approved, union(day.outing))
    there = union(meet(present, possible), vouched)
    counted, loose = _counted(day, there, approved)
    parts = [loose + total(before(counted, day.midnight)), total(after(counted, day.midnight))]
    found = sum(parts)
    parts = _without_break(parts, day.policy)
    settled = _by_multiple(day, parts)
    unapproved = 0
    if day.policy.ot_mode != "punched":
        unapproved = total(minus(there, approved)) - day.approved_minutes
        unapproved = unapproved if unapproved >= max(1, day.policy.ot_min) else 0
    is_unasked = bool(unapproved) and not approved and not day.approved_minutes
    trace = []
    if found or there or approved:
        trace.append(
            step("overtime", mode=day.policy.ot_mode, punched=there, approved=approved,
                 approved_minutes=day.approved_minutes, minutes=found, kept=sum(parts), settled=tuple(settled.items()))
        )  # fmt: skip
    if unapproved:
        trace.append(step("unapproved", minutes=unapproved))
    return Overtime(
        requested=total(union(day.approved)) + day.approved_minutes,
        punched=total(there),
        settled=settled,
        unapproved=unapproved,
        flags=("punched_but_not_approved",) if is_unasked else (),
        trace=tuple(trace),
    )


def _possible(day: DayInput, paid: Spans) -> Spans:
    """Return the minutes that can be overtime at all."""
    if not paid:
        spans: Spans = ((-FAR, FAR),)
    else:
        end = paid[-1][1]
        spans = ((max(end, day.policy.ot_start or end), FAR),)
        if day.policy.ot_before:
            spans = ((-FAR, paid[0][0]), *spans)
    return minus(spans, union(day.policy.ot_breaks))


def _counted(day: DayInput, there: Spans, approved: Spans) -> tuple[Spans, int]:
    """Return the minutes that count by the policy's mode, and how many more have no place in the day."""
    if day.policy.ot_mode == "punched":
        return there, 0
    beyond = first(minus(there, approved), day.approved_minutes)
    if day.policy.ot_mode == "min":
        return union(meet(there, approved), beyond), 0
    return union(approved, beyond), day.approved_minutes - total(beyond)


def _without_break(parts: list[int], policy: Policy) -> list[int]:
    """Take the automatic break off, after the time that earns it, and drop what stays below the minimum."""
    minutes = sum(parts)
    earned = [pair for pair in policy.auto_break if minutes > pair[0]]
    if earned:
        over, off = max(earned)
        off = min(off, minutes)
        start = min(over, minutes - off)
        early = max(0, min(parts[0], start + off) - start)
        parts = [parts[0] - early, parts[1] - (off - early)]
    return parts if sum(parts) >= policy.ot_min else [0, 0]


def _by_multiple(day: DayInput, parts: list[int]) -> dict[int, int]:
    """Return the minutes before and after midnight by multiple, rounded down to the unit."""
    settled = dict.fromkeys(MULTIPLES, 0)
    for at, minutes in enumerate(parts):
        settled[multiple(day.day_types, at, day.policy.rest_by_calendar)] += minutes
    unit = day.policy.ot_unit
    return {each: minutes // unit * unit for each, minutes in settled.items()}


def multiple(day_types: tuple[str, str], at: int, is_rest_by_calendar: bool) -> int:
    """Return what overtime on the shift's date (``at`` 0) or the next one (1) is paid, in percent.

    Statutory days count by the minute; rest days by the date of the shift, unless the policy says by the minute.
    """
    kind = day_types[at]
    if kind == STATUTORY:
        return 300
    if not (is_rest_by_calendar or day_types[0] == STATUTORY):
        kind = day_types[0]
    return 200 if kind in REST_TYPES else 150
