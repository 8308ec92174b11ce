"""From the first and the last punch to minutes worked, late, early, absent and unresolved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhiheng.attendance.calc.facts import Step, step
from zhiheng.attendance.calc.matching import Block
from zhiheng.attendance.calc.spans import Spans, after, before, meet, minus, total, union
from zhiheng.rosters.calc.shift import Policy


@dataclass(frozen=True)
class Judged:
    """What became of a block. ``present``: from punch to punch, only when both are known.

    ``worked``: the paid minutes vouched for, forgiven ones apart; these are in ``forgiven`` as (punch, minutes).
    """

    late: int = 0
    early: int = 0
    absent: int = 0
    unresolved: int = 0
    present: Spans = ()
    worked: Spans = ()
    forgiven: tuple[tuple[int, int], ...] = ()
    flags: tuple[str, ...] = ()
    first_in: int | None = None
    last_out: int | None = None
    trace: tuple[Step, ...] = ()


def judge(block: Block, leave: Spans, outing: Spans, policy: Policy, is_unclear: bool) -> Judged:
    """Judge one block. ``is_unclear``: there are no punches but orphans, so that nobody can say who was absent."""
    vouched = meet(block.paid, outing)
    open_minutes = minus(block.paid, union(leave, outing))
    if not block.punches:
        return _without_punches(open_minutes, vouched, is_unclear)
    came, left = _roles(block, open_minutes, policy)
    pair = ((came, left),) if came is not None and left is not None and came < left else ()
    if not open_minutes:
        return _beside_the_shift(block, came, left, pair, vouched)
    if left is not None and left <= open_minutes[0][0]:
        left = None  # both before anything was due: whoever came has not left yet
    elif came is not None and came >= open_minutes[-1][1]:
        came = None
    return _within_the_shift(_Times(block.paid, open_minutes, vouched, came, left, pair), policy)


@dataclass(frozen=True)
class _Times:
    """The open minutes of a block, and who came and left when."""

    paid: Spans
    open: Spans
    vouched: Spans
    came: int | None
    left: int | None
    pair: Spans

    @property
    def start(self) -> int | None:
        """Return from when somebody was there: leave or an outing at the start waives the punch."""
        if self.came is None and self.open[0][0] > self.paid[0][0]:
            return self.paid[0][0]
        return self.came

    @property
    def end(self) -> int | None:
        """Return until when somebody was there."""
        if self.left is None and self.open[-1][1] < self.paid[-1][1]:
            return self.paid[-1][1]
        return self.left


def _within_the_shift(times: _Times, policy: Policy) -> Judged:
    start, end = times.start, times.end
    late_spans = before(times.open, times.came) if times.came is not None else ()
    early_spans = after(times.open, times.left) if times.left is not None else ()
    late = _graced(total(late_spans), policy.late_grace, policy)
    early = _graced(total(early_spans), policy.early_grace, policy)
    flags = tuple(name for name, known in (("missing_in", start), ("missing_out", end)) if known is None)
    unresolved = total(times.open) - late - early if flags else 0
    trace = _used(times.came, times.left, start is not None, end is not None)
    if late_spans:
        trace += (_told("late", late_spans, times.came, policy.late_grace, late),)
    if early_spans:
        trace += (_told("early", early_spans, times.left, policy.early_grace, early),)
    unknown = minus(minus(times.open, late_spans), early_spans)
    trace += tuple(step(name, spans=unknown, minutes=unresolved) for name in flags)
    found = Judged(
        late, early, 0, unresolved, times.pair, times.vouched, (), flags, times.came, times.left, trace
    )
    if start is None or end is None:
        return found
    forgiven = ((times.came, total(late_spans) - late), (times.left, total(early_spans) - early))
    return replace(
        found,
        present=((start, end),) if start < end else (),
        worked=union(times.vouched, meet(times.open, ((start, end),))),
        forgiven=tuple((minute, n) for minute, n in forgiven if minute is not None and n),
    )


def _roles(block: Block, open_minutes: Spans, policy: Policy) -> tuple[int | None, int | None]:
    """Return the punch that came and the one that left, rounded; a lone one came up to the middle of what is open."""
    first, last = block.punches[0], block.punches[-1]
    came = -(-first // policy.rounding_in) * policy.rounding_in
    left = last // policy.rounding_out * policy.rounding_out
    if last - first > policy.dedupe:
        return came, max(came, left)
    hull = open_minutes or block.paid or block.expected
    if hull and 2 * first > hull[0][0] + hull[-1][1]:
        return None, left
    return came, None


def _without_punches(open_minutes: Spans, vouched: Spans, is_unclear: bool) -> Judged:
    minutes = total(open_minutes)
    if not minutes:
        return Judged(worked=vouched)
    if not is_unclear:
        return Judged(
            absent=minutes, worked=vouched, trace=(step("absent", spans=open_minutes, minutes=minutes),)
        )
    return Judged(
        unresolved=minutes,
        worked=vouched,
        flags=("missing_in", "missing_out"),
        trace=(step("only_orphans", spans=open_minutes, minutes=minutes),),
    )


def _beside_the_shift(
    block: Block, came: int | None, left: int | None, pair: Spans, vouched: Spans
) -> Judged:
    """Return what punches say when nothing of the shift is open: overtime at most, and that needs a pair."""
    flags: tuple[str, ...] = ()
    if not block.paid and (came is None or left is None):
        flags = ("missing_in" if came is None else "missing_out",)
    trace = _used(came, left, bool(block.paid), bool(block.paid))
    return Judged(
        present=pair, worked=vouched, flags=flags, first_in=came, last_out=left,
        trace=(*trace, *(step(flag, spans=(), minutes=0) for flag in flags)),
    )  # fmt: skip


def _graced(minutes: int, grace: int, policy: Policy) -> int:
    """Return the minutes that count of a lateness or an early leave."""
    if policy.grace_mode == "deduct":
        return max(0, minutes - grace)
    return minutes if minutes > grace else 0


def _used(came: int | None, left: int | None, is_in_waived: bool, is_out_waived: bool) -> tuple[Step, ...]:
    told = []
    if came is not None:
        told.append(step("in", minute=came))
    elif is_in_waived:
        told.append(step("in_waived"))
    if left is not None:
        told.append(step("out", minute=left))
    elif is_out_waived:
        told.append(step("out_waived"))
    return tuple(told)


def _told(code: str, spans: Spans, minute: int | None, grace: int, counted: int) -> Step:
    return step(code, spans=spans, minute=minute, minutes=total(spans), grace=grace, counted=counted)
