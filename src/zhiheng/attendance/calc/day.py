"""The settlement of one day: the plain reference, sets of minutes and a trace that its employee can read.

The columnar path (`zhiheng.attendance.calc.columnar`) gives the same figures for whole companies; a test holds both
equal.
"""

from __future__ import annotations

from zhiheng.attendance.calc.facts import FLAGS, STATUTORY, DayInput, DayResult, Step, step
from zhiheng.attendance.calc.flex import placed
from zhiheng.attendance.calc.free import settle_free
from zhiheng.attendance.calc.matching import blocks, in_window
from zhiheng.attendance.calc.overtime import Overtime, settle_overtime
from zhiheng.attendance.calc.presence import Judged, judge
from zhiheng.attendance.calc.spans import Spans, after, before, meet, minus, total, union


def settle_day(day: DayInput) -> DayResult:
    """Judge one day."""
    if day.shift.free_mode:
        return settle_free(day)
    known, orphans, seen = in_window(day)
    paid, gaps, placing = placed(day, known)
    leave = meet(union(day.leave), paid)
    outing = minus(paid if day.is_trip else meet(union(day.outing), paid), leave)
    is_unclear = bool(orphans) and not known
    judged = [judge(block, leave, outing, day.policy, is_unclear) for block in blocks(day, paid, known)]
    overtime = settle_overtime(day, paid, union(*(each.present for each in judged)))
    return _result(day, paid, gaps, leave, outing, judged, overtime, bool(orphans), (*seen, *placing))


def _result(
    day: DayInput, paid: Spans, gaps: Spans, leave: Spans, outing: Spans, judged: list[Judged],
    overtime: Overtime, has_orphans: bool, seen: tuple[Step, ...],
) -> DayResult:  # fmt: skip
    late, early = sum(each.late for each in judged), sum(each.early for each in judged)
    absent, unresolved = sum(each.absent for each in judged), sum(each.unresolved for each in judged)
    scheduled, away = total(paid), total(leave)
    present = union(*(each.present for each in judged), outing)
    found = {flag for each in judged for flag in each.flags} | set(overtime.flags)
    if has_orphans:
        found.add("orphan_punch")
    over = day.policy.absent_half_over
    if over is not None and late > over:
        found.add("late_over_threshold_half_day")
    if _misses_core(day, union(present, day.leave, day.outing), absent + unresolved):
        found.add("core_hours_missed")
    ins = [each.first_in for each in judged if each.first_in is not None]
    outs = [each.last_out for each in judged if each.last_out is not None]
    covers: tuple[Step, ...] = (step("leave", spans=leave, minutes=away),) if leave else ()
    covers += (
        (step("trip" if day.is_trip else "outing", spans=outing, minutes=total(outing)),) if outing else ()
    )
    return DayResult(
        scheduled=scheduled,
        present=total(minus(present, gaps)),
        worked=scheduled - late - early - absent - away - unresolved,
        late=late,
        early=early,
        absent=absent,
        leave=away,
        outing=total(outing),
        unresolved=unresolved,
        ot_requested=overtime.requested,
        ot_punched=overtime.punched,
        ot_150=overtime.settled[150],
        ot_200=overtime.settled[200],
        ot_300=overtime.settled[300] + _on_statutory_days(day, judged),
        unapproved=overtime.unapproved,
        flags=tuple(flag for flag in FLAGS if flag in found),
        first_in=min(ins, default=None),
        last_out=max(outs, default=None),
        trace=(
            *seen,
            *covers,
            *(each for block in judged for each in block.trace),
            *_told_worked(judged, scheduled - late - early - absent - away - unresolved),
            *overtime.trace,
        ),
    )


def _told_worked(judged: list[Judged], minutes: int) -> tuple[Step, ...]:
    spans = union(*(each.worked for each in judged))
    return (step("worked", spans=spans, minutes=minutes),) if spans else ()


def _misses_core(day: DayInput, there: Spans, unknown: int) -> bool:
    """Tell whether core hours of a flexible day were missed; a day that is not known yet, or absent, is not asked."""
    if day.shift.flex is None or unknown or day.is_trip:
        return False
    return bool(minus(union(day.shift.flex.core), there))


def _on_statutory_days(day: DayInput, judged: list[Judged]) -> int:
    """Return the scheduled minutes worked on statutory days, by calendar minute."""
    minutes = 0
    for each in judged:
        parts = (before(each.worked, day.midnight), after(each.worked, day.midnight))
        for at, (part, kind) in enumerate(zip(parts, day.day_types, strict=True)):
            if kind == STATUTORY:
                minutes += total(part) + sum(
                    n for minute, n in each.forgiven if (minute >= day.midnight) == bool(at)
                )
    return minutes
