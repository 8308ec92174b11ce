"""Random shifts, policies, days and punches."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from zhiheng.attendance.calc.columnar import Template
from zhiheng.attendance.calc.timeline import Planned
from zhiheng.rosters.calc.shift import Flex, Policy, Shift

TYPES = (
    "WORKDAY", "ADJUSTED_WORKDAY", "REST_DAY", "SWAP_OFF", "SUBSTITUTE_OFF", "STATUTORY_HOLIDAY",
)  # fmt: skip
FIRST_DAY = 29_700_000  # a midnight UTC in 2026, in minutes since 1970
FIRST_DAY -= FIRST_DAY % 1440


@st.composite
def spans(draw, low: int, high: int, most: int = 3):
    found = []
    for _ in range(draw(st.integers(0, most))):
        start = draw(st.integers(low, high))
        found.append((start, start + draw(st.integers(1, 600))))
    return tuple(found)


@st.composite
def shifts(draw):
    kind = draw(st.sampled_from(["fixed", "fixed", "split", "night", "flex", "rest", "standard", "strict"]))
    if kind == "rest":
        return Shift()
    if kind in ("standard", "strict"):
        return Shift(free_mode=kind, day_start=draw(st.integers(0, 360)))
    if kind == "flex":
        earliest = draw(st.integers(300, 600))
        latest = earliest + draw(st.integers(0, 180))
        noon = draw(st.integers(600, 800))
        core = draw(st.sampled_from([(), ((latest, latest + 120),), ((600, 700), (840, 1000))]))
        return Shift(
            flex=Flex(earliest, latest, draw(st.integers(60, 600)), core),
            breaks=draw(
                st.sampled_from([(), ((noon, noon + 60),), ((noon, noon + 30), (noon + 200, noon + 230))])
            ),
        )
    start = draw(st.integers(*(1200, 1400) if kind == "night" else (0, 700)))
    segments = []
    for _ in range(draw(st.integers(1, 3))):
        length, gap = draw(st.integers(30, 300)), draw(st.integers(5, 180))
        segments.append((start, start + length))
        start += length + gap
    return Shift(segments=tuple(segments))


@st.composite
def policies(draw):
    return Policy(
        before=draw(st.sampled_from([0, 60, 120])),
        after=draw(st.sampled_from([0, 120, 240, 600])),
        late_grace=draw(st.sampled_from([0, 5, 60])),
        early_grace=draw(st.sampled_from([0, 5, 60])),
        grace_mode=draw(st.sampled_from(["forgive", "deduct"])),
        match=draw(st.sampled_from(["per_shift", "per_segment"])),
        dedupe=draw(st.sampled_from([0, 2, 10])),
        ot_mode=draw(st.sampled_from(["approved", "punched", "min"])),
        ot_start=draw(st.sampled_from([None, 1110])),
        ot_before=draw(st.booleans()),
        ot_unit=draw(st.sampled_from([1, 15, 30])),
        ot_min=draw(st.sampled_from([0, 30, 60])),
        ot_breaks=draw(st.sampled_from([(), ((1080, 1110),), ((700, 760), (1430, 1470))])),
        auto_break=draw(st.sampled_from([(), ((360, 60),), ((300, 30), (120, 15))])),
        absent_half_over=draw(st.sampled_from([None, 0, 60])),
        rest_by_calendar=draw(st.booleans()),
        rounding_in=draw(st.sampled_from([1, 15])),
        rounding_out=draw(st.sampled_from([1, 15])),
    )


@dataclass(frozen=True)
class Person:
    """Consecutive days with all that belongs to them; times in minutes since 1970."""

    days: tuple[Planned, ...]
    templates: tuple[int, ...]
    punches: tuple[int, ...]
    leave: tuple[tuple[int, int], ...]
    outing: tuple[tuple[int, int], ...]
    approved: tuple[tuple[int, int], ...]


@st.composite
def companies(draw, people: int = 2, most_days: int = 3):
    """Return templates and persons whose days use them."""
    templates = tuple(Template(draw(shifts()), draw(policies())) for _ in range(draw(st.integers(1, 4))))
    return templates, tuple(draw(_person(templates, most_days)) for _ in range(draw(st.integers(1, people))))


@st.composite
def _person(draw, templates, most_days):
    count = draw(st.integers(1, most_days))
    begin = FIRST_DAY
    chosen, days = [], []
    for _ in range(count):
        at = draw(st.integers(0, len(templates) - 1))
        midnight = draw(st.sampled_from([1440, 1440, 1440, 1380, 1500]))
        days.append(
            Planned(
                begin, templates[at].shift, templates[at].policy,
                (draw(st.sampled_from(TYPES)), draw(st.sampled_from(TYPES))), midnight,
                draw(st.integers(0, 5)) == 0, draw(st.sampled_from([0, 0, 0, 90])),
            )
        )  # fmt: skip
        chosen.append(at)
        begin += midnight
    low, high = FIRST_DAY - 300, begin + 700
    punches = draw(st.lists(st.integers(low, high), max_size=4 * count))
    for day in days:
        # now and then punches where they usually are
        if day.shift.segments and draw(st.booleans()):
            punches.append(day.begin + day.shift.segments[0][0] + draw(st.integers(-30, 30)))
            punches.append(day.begin + day.shift.segments[-1][1] + draw(st.integers(-30, 200)))
    return Person(
        tuple(days), tuple(chosen), tuple(punches), draw(spans(low, high)), draw(spans(low, high)),
        draw(spans(low, high)),
    )  # fmt: skip
