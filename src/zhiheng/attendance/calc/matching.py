"""Which punches count on a day, and which of them start and end what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhiheng.attendance.calc.facts import DAY, DayInput, Step, step
from zhiheng.attendance.calc.spans import FAR, Spans, union
from zhiheng.attendance.calc.windows import claim
from zhiheng.rosters.calc.shift import Span


@dataclass(frozen=True)
class Block:
    """Paid minutes that one pair of punches vouches for, the punches within its window, and on a day without a
    shift the approved overtime, which then says whether a lone punch came or went."""

    paid: Spans
    punches: tuple[int, ...]
    expected: Spans = ()


def in_window(day: DayInput) -> tuple[tuple[int, ...], tuple[int, ...], tuple[Step, ...]]:
    """Return the punches that count in order, the orphans that belong to no shift, and what to tell about them."""
    low, high = claim(day.shift, day.policy, day.approved).window
    if day.limits is not None:
        low, high = max(low, day.limits[0]), min(high, day.limits[1])
    first, last = day.limits or (-DAY, 3 * DAY)
    mine = sorted(minute for minute in day.punches if first <= minute < last)
    known = tuple(minute for minute in mine if low <= minute < high)
    orphans = tuple(minute for minute in mine if not low <= minute < high)
    told = [step("window", start=low, end=high - 1), step("punches", minutes=known)]
    if orphans:
        told.append(step("orphans", minutes=orphans))
    return known, orphans, tuple(told)


def blocks(day: DayInput, paid: Spans, known: Sequence[int]) -> tuple[Block, ...]:
    """Return what has to be judged separately: each segment when it has punches of its own, else the whole day."""
    if day.policy.match == "per_shift" or day.shift.flex is not None or len(paid) < 2:
        return (Block(paid, tuple(known), () if paid else union(day.approved)),)
    return tuple(
        Block((segment,), tuple(minute for minute in known if low <= minute < high))
        for segment, (low, high) in zip(paid, segment_windows(paid), strict=True)
    )


def segment_windows(paid: Spans) -> tuple[Span, ...]:
    """Return the span of punches of each segment: borders are in the middle of the gaps."""
    middles = [(one[1] + other[0]) // 2 for one, other in pairwise(paid)]
    edges = [-FAR, *middles, FAR]
    return tuple(pairwise(edges))
