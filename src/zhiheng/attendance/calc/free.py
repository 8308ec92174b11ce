"""Free hours: no times at all, only punches, from the first to the last or in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zhiheng.attendance.calc.facts import DAY, FLAGS, STATUTORY, DayInput, DayResult, step
from zhiheng.attendance.calc.spans import Spans, after, before, meet, minus, total, union


@dataclass(frozen=True)
class FreeHours:
    """What the punches of a free day say; ``previous_day`` are those that belong to yesterday."""

    worked: int
    is_out_missing: bool
    previous_day: tuple[int, ...]
    spans: Spans


def free_hours(
    punches: Sequence[int], mode: Literal["standard", "strict"], day_start: int, dedupe: int = 0
) -> FreeHours:
    """Pair the punches from ``day_start`` to the same time of the next day."""
    mine = sorted(minute for minute in punches if day_start <= minute < day_start + DAY)
    taps = _taps(mine, dedupe)
    if mode == "standard":
        pairs = [(taps[0][0], taps[-1][1])] if len(taps) > 1 else []
        is_out_missing = len(taps) == 1
    else:
        pairs = [(one[0], other[1]) for one, other in zip(taps[::2], taps[1::2], strict=False)]
        is_out_missing = len(taps) % 2 == 1
    earlier = tuple(sorted(minute for minute in punches if minute < day_start))
    spans = union(pairs)
    return FreeHours(total(spans), is_out_missing, earlier, spans)


def _taps(mine: Sequence[int], dedupe: int) -> list[tuple[int, int]]:
    """Return the punches as (first, last) of what was pressed several times in a row."""
    found: list[tuple[int, int]] = []
    for minute in mine:
        if found and minute - found[-1][0] <= dedupe:
            found[-1] = (found[-1][0], minute)
        else:
            found.append((minute, minute))
    return found


def settle_free(day: DayInput) -> DayResult:
    """Judge a day of free hours: what was worked is what was due, leave and outings aside."""
    low, high = day.limits or (-DAY, 3 * DAY)
    mine = [minute for minute in day.punches if low <= minute < high]
    assert day.shift.free_mode
    found = free_hours(mine, day.shift.free_mode, day.shift.day_start, day.policy.dedupe)
    known = [minute for minute in mine if day.shift.day_start <= minute < day.shift.day_start + DAY]
    whole = ((day.shift.day_start, day.shift.day_start + DAY),)
    leave, outing = meet(union(day.leave), whole), meet(union(day.outing), whole)
    present = union(found.spans, outing)
    worked = minus(present, leave)
    flags = {"missing_out"} if found.is_out_missing else set()
    if len(known) < len(mine):
        flags.add("orphan_punch")
    statutory = sum(
        total(part)
        for part, kind in zip(
            (before(worked, day.midnight), after(worked, day.midnight)), day.day_types, strict=True
        )
        if kind == STATUTORY
    )
    return DayResult(
        scheduled=total(worked),
        present=total(present),
        worked=total(worked),
        outing=total(minus(outing, union(found.spans, leave))),
        ot_requested=total(union(day.approved)) + day.approved_minutes,
        ot_300=statutory,
        flags=tuple(flag for flag in FLAGS if flag in flags),
        first_in=min(known, default=None),
        last_out=found.spans[-1][1] if found.spans else None,
        trace=(
            step("free", mode=day.shift.free_mode, day_start=day.shift.day_start),
            step("punches", minutes=tuple(sorted(known))),
            step("free_hours", spans=worked, minutes=total(worked)),
            *((step("missing_out", spans=(), minutes=0),) if found.is_out_missing else ()),
        ),
    )
