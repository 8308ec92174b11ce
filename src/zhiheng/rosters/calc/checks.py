"""What is wrong with the times of a shift or the rules of a rule set, as codes that services put into words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from zhiheng.rosters.calc.shift import Policy, Shift, Span

MOST_MINUTES = 2880
"""A shift may reach to the end of the day after its date."""


def shift_fault(shift: Shift, kind: str) -> str:
    """Return the first thing wrong with a shift of a kind (fixed, split, flexible, free), "" if nothing is."""
    if kind == "flexible":
        return _flex_fault(shift)
    if kind == "free":
        return "" if shift.free_mode and not shift.segments and 0 <= shift.day_start < 1440 else "free"
    if not shift.segments:
        return "no_segments"
    if kind == "split" and len(shift.segments) < 2:
        return "one_segment"
    if shift.flex or shift.free_mode or shift.breaks:
        return "mixed"
    return _spans_fault(shift.segments)


def _flex_fault(shift: Shift) -> str:
    flex = shift.flex
    if flex is None or shift.segments or shift.free_mode:
        return "no_flex"
    if not 0 <= flex.earliest <= flex.latest < 1440 or flex.required <= 0:
        return "flex_frame"
    if fault := _spans_fault(flex.core) or _spans_fault(shift.breaks):
        return fault
    last_end = flex.latest + flex.required + sum(end - start for start, end in shift.breaks)
    if last_end > MOST_MINUTES:
        return "too_long"
    if any(start < flex.latest or end > flex.earliest + flex.required for start, end in flex.core):
        return "core"
    return ""


def _spans_fault(spans: Sequence[Span]) -> str:
    if any(start >= end for start, end in spans):
        return "empty_span"
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        return "overlap"
    if spans and (spans[0][0] < 0 or spans[0][0] >= 1440):
        return "start"
    return "too_long" if spans and spans[-1][1] > MOST_MINUTES else ""


def policy_fault(policy: Policy) -> str:
    """Return the name of the first rule that makes no sense, "" if all do."""
    bounds = {
        "before": (0, 720), "after": (0, 720), "late_grace": (0, 240), "early_grace": (0, 240), "dedupe": (0, 60),
        "ot_unit": (1, 480), "ot_min": (0, 480), "rounding_in": (1, 60), "rounding_out": (1, 60),
    }  # fmt: skip
    for name, (least, most) in bounds.items():
        if not least <= getattr(policy, name) <= most:
            return name
    if policy.ot_start is not None and not 0 <= policy.ot_start <= MOST_MINUTES:
        return "ot_start"
    if policy.absent_half_over is not None and not 0 < policy.absent_half_over <= 1440:
        return "absent_half_over"
    if _spans_fault(policy.ot_breaks):
        return "ot_breaks"
    if any(over <= 0 or minus <= 0 or minus > over for over, minus in policy.auto_break):
        return "auto_break"
    return ""
