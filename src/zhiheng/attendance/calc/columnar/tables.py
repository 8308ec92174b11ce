"""Shifts and policies as arrays: for each template, and for each block of one, how many minutes lie before a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiheng.attendance.calc.flex import frame
from zhiheng.attendance.calc.matching import segment_windows
from zhiheng.attendance.calc.spans import FAR, minus, union
from zhiheng.attendance.calc.windows import claim
from zhiheng.rosters.calc.shift import Policy, Shift, Span

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

LOW, HIGH = -1440, 4320
WIDTH = HIGH - LOW + 1
MODES = ("approved", "punched", "min")


@dataclass(frozen=True)
class Template:
    """A shift with the policy it is judged by; the rows of a frame name one by its place in the list."""

    shift: Shift
    policy: Policy


@dataclass(frozen=True)
class Blocks:
    """What is judged with one pair of punches, by place: ``paid[block, minute]`` counts paid minutes before a minute.

    ``minute_of[block, n]`` is the n-th paid minute. A flexible block counts all minutes outside its breaks.
    """

    template: Ints
    paid: Ints
    minute_of: Ints
    total: Ints
    start: Ints
    end: Ints
    low: Ints
    high: Ints


@dataclass(frozen=True)
class Tables:
    """Templates as arrays, by place; `Policy` and `Shift` say what the fields mean."""

    blocks: Blocks
    first_block: Ints
    block_count: Ints
    window: tuple[Ints, Ints]
    core: tuple[Ints, Ints]
    is_rest: Bools
    is_free: Bools
    is_flex: Bools
    earliest: Ints
    latest: Ints
    frame_end: Ints
    required: Ints
    core_hours: Ints
    at_work: Ints
    overtime: Ints
    ot_start: Ints
    ot_mode: Ints
    ot_unit: Ints
    ot_min: Ints
    is_ot_before: Bools
    is_rest_by_calendar: Bools
    breaks: Ints
    before: Ints
    after: Ints
    late_grace: Ints
    early_grace: Ints
    is_deduct: Bools
    dedupe: Ints
    rounding_in: Ints
    rounding_out: Ints
    half_over: Ints


def _ints(values: Sequence[int]) -> Ints:
    return np.asarray(values, np.int32)


def _counted(spans: Sequence[Span]) -> Ints:
    """Return how many minutes of ``spans`` lie before each minute of the range."""
    found = np.zeros(WIDTH, np.int32)
    for start, end in spans:
        found[max(start, LOW) - LOW : max(min(end, HIGH), LOW) - LOW] = 1
    return np.concatenate(([0], np.cumsum(found[:-1], dtype=np.int32))).astype(np.int32)


def _minute_of(paid: Ints) -> Ints:
    """Return the minute of each count; beyond the last, the end of the range."""
    found = np.full(WIDTH, HIGH, np.int32)
    steps = np.flatnonzero(np.diff(paid))
    found[: len(steps)] = steps + LOW
    return found


def build_tables(templates: Sequence[Template]) -> Tables:
    """Return the arrays of templates."""
    shifts = [each.shift for each in templates]
    policies = [each.policy for each in templates]
    claims = [claim(each.shift, each.policy) for each in templates]
    frames = [frame(shift) or (0, 0) for shift in shifts]
    blocks, first, count = _blocks(templates)
    return Tables(
        blocks=blocks,
        first_block=_ints(first),
        block_count=_ints(count),
        window=(_ints([each.window[0] for each in claims]), _ints([each.window[1] for each in claims])),
        core=(_ints([each.core[0] for each in claims]), _ints([each.core[1] for each in claims])),
        is_rest=np.asarray([each.is_rest for each in claims], np.bool_),
        is_free=np.asarray([bool(shift.free_mode) for shift in shifts], np.bool_),
        is_flex=np.asarray([shift.flex is not None for shift in shifts], np.bool_),
        earliest=_ints([shift.flex.earliest if shift.flex else 0 for shift in shifts]),
        latest=_ints([shift.flex.latest if shift.flex else 0 for shift in shifts]),
        frame_end=_ints([each[1] for each in frames]),
        required=_ints([shift.flex.required if shift.flex else 0 for shift in shifts]),
        core_hours=np.stack([_counted(union(shift.flex.core if shift.flex else ())) for shift in shifts]),
        at_work=np.stack([_counted(minus(((LOW, HIGH),), _gaps(shift))) for shift in shifts]),
        overtime=np.stack([_counted(minus(((LOW, HIGH),), union(each.ot_breaks))) for each in policies]),
        ot_start=_ints([-FAR if each.ot_start is None else each.ot_start for each in policies]),
        ot_mode=_ints([MODES.index(each.ot_mode) for each in policies]),
        ot_unit=_ints([each.ot_unit for each in policies]),
        ot_min=_ints([each.ot_min for each in policies]),
        is_ot_before=np.asarray([each.ot_before for each in policies], np.bool_),
        is_rest_by_calendar=np.asarray([each.rest_by_calendar for each in policies], np.bool_),
        breaks=_breaks(policies),
        before=_ints([each.before for each in policies]),
        after=_ints([each.after for each in policies]),
        late_grace=_ints([each.late_grace for each in policies]),
        early_grace=_ints([each.early_grace for each in policies]),
        is_deduct=np.asarray([each.grace_mode == "deduct" for each in policies], np.bool_),
        dedupe=_ints([each.dedupe for each in policies]),
        rounding_in=_ints([each.rounding_in for each in policies]),
        rounding_out=_ints([each.rounding_out for each in policies]),
        half_over=_ints(
            [FAR if each.absent_half_over is None else each.absent_half_over for each in policies]
        ),
    )


def _gaps(shift: Shift) -> tuple[Span, ...]:
    if shift.flex is not None:
        return union(shift.breaks)
    if not shift.segments:
        return ()
    return minus(((shift.segments[0][0], shift.segments[-1][1]),), shift.segments)


def _breaks(policies: Sequence[Policy]) -> Ints:
    """Return the automatic breaks as [policy, place, (over, off)], ascending, filled up with ones never reached."""
    most = max(len(each.auto_break) for each in policies)
    found = np.full((len(policies), most, 2), FAR, np.int32)
    for at, each in enumerate(policies):
        for place, pair in enumerate(sorted(each.auto_break)):
            found[at, place] = pair
    return found


def _blocks(templates: Sequence[Template]) -> tuple[Blocks, list[int], list[int]]:
    rows: list[tuple[int, Ints, int, int, int, Span]] = []
    first, count = [], []
    for at, each in enumerate(templates):
        found = _blocks_of(each)
        first.append(len(rows))
        count.append(len(found))
        rows += [(at, paid, total, start, end, window) for paid, total, start, end, window in found]
    paid = np.stack([row[1] for row in rows])
    blocks = Blocks(
        template=_ints([row[0] for row in rows]),
        paid=paid,
        minute_of=np.stack([_minute_of(row) for row in paid]),
        total=_ints([row[2] for row in rows]),
        start=_ints([row[3] for row in rows]),
        end=_ints([row[4] for row in rows]),
        low=_ints([row[5][0] for row in rows]),
        high=_ints([row[5][1] for row in rows]),
    )
    return blocks, first, count


def _blocks_of(template: Template) -> list[tuple[Ints, int, int, int, Span]]:
    shift, whole = template.shift, (-FAR, FAR)
    if shift.flex is not None:
        paid = _counted(minus(((LOW, HIGH),), union(shift.breaks)))
        return [(paid, shift.flex.required, 0, 0, whole)]
    segments = shift.segments
    if template.policy.match == "per_shift" or len(segments) < 2:
        start, end = (segments[0][0], segments[-1][1]) if segments else (0, 0)
        return [(_counted(segments), sum(b - a for a, b in segments), start, end, whole)]
    return [
        (_counted((segment,)), segment[1] - segment[0], *segment, window)
        for segment, window in zip(segments, segment_windows(segments), strict=True)
    ]
