"""The timeline picture of a day: what was planned, what came of it, when somebody punched; geometry for an SVG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhiheng.attendance.calc.facts import DayInput, DayResult
from zhiheng.attendance.explain import clock, span_text
from zhiheng.rosters.calc.shift import Span

HOUR = 60
LEFT, RIGHT = 14, 14
_DRAWN = {
    "worked": "worked", "late": "late", "early": "late", "absent": "late", "missing_in": "unknown",
    "missing_out": "unknown", "only_orphans": "unknown", "leave": "leave", "outing": "outing", "trip": "outing",
    "free_hours": "worked",
}  # fmt: skip
"""Steps of a trace that are drawn as bars, and as what; later ones lie above."""


@dataclass(frozen=True)
class Bar:
    """A bar: place in the picture, what it stands for (class), and its text."""

    x: float
    width: float
    kind: str
    title: str


@dataclass(frozen=True)
class Mark:
    """A vertical line with a caption: a punch, or a full hour."""

    x: float
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Picture:
    """All that is drawn; coordinates in units of the picture's width."""

    width: int
    plan: tuple[Bar, ...]
    bars: tuple[Bar, ...]
    punches: tuple[Mark, ...]
    hours: tuple[Mark, ...]


def picture_of(day: DayInput, result: DayResult, width: int = 720) -> Picture:
    """Return the picture of a settled day."""
    steps = {each.code: dict(each.params) for each in result.trace}
    plan = steps.get("shift", steps.get("flex", {})).get("spans", ())
    low, high = _range(day, plan)

    def x(minute: int) -> float:
        return round(LEFT + (minute - low) * (width - LEFT - RIGHT) / (high - low), 1)

    def bars(spans: Iterable[Span], kind: str) -> list[Bar]:
        return [Bar(x(a), max(round(x(b) - x(a), 1), 2), kind, span_text((a, b))) for a, b in spans]

    drawn = [
        bar
        for each in result.trace
        if each.code in _DRAWN
        for bar in bars(dict(each.params).get("spans", ()), _DRAWN[each.code])
    ]
    overtime = steps.get("overtime", {})
    drawn += bars(overtime.get("approved", ()), "approved") + bars(overtime.get("punched", ()), "overtime")
    used = {result.first_in, result.last_out}
    punches = [
        Mark(x(minute), clock(minute), "used" if minute in used else "")
        for minute in day.punches
        if low <= minute <= high
    ]
    step = next(each for each in (1, 2, 3, 4, 6, 12) if (high - low) / HOUR / each * 42 <= width)
    hours = [
        Mark(x(minute), clock(minute).split(" ")[-1], "midnight" if minute % 1440 == 0 else "")
        for minute in range(low, high + 1, HOUR)
        if (minute // HOUR) % step == 0
    ]
    return Picture(width, tuple(bars(plan, "plan")), tuple(drawn), tuple(punches), tuple(hours))


def _range(day: DayInput, plan: Iterable[Span]) -> Span:
    """Return the full hours around all that is there to see."""
    minutes = [minute for span in (*plan, *day.approved) for minute in span] + list(day.punches)
    low, high = min(minutes, default=9 * HOUR) - 30, max(minutes, default=18 * HOUR) + 30
    return low // HOUR * HOUR, -(-high // HOUR) * HOUR
