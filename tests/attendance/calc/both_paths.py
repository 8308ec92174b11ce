"""A day settled on both paths, which must agree."""

from __future__ import annotations

import polars as pl

from zhiheng.attendance.calc.columnar import DAYS, MINUTES, PUNCHES, SPANS, Template, flags_of, settle_frame
from zhiheng.attendance.calc.day import settle_day
from zhiheng.attendance.calc.facts import DayInput, DayResult


def settle_both(day: DayInput) -> DayResult:
    found = settle_day(day)
    spans = [
        (0, kind, start, end, None)
        for kind, each in (("leave", day.leave), ("outing", day.outing), ("overtime", day.approved))
        for start, end in each
    ]
    row = settle_frame(
        pl.DataFrame(
            [(0, 0, day.midnight, 0, *day.day_types, day.is_trip, day.approved_minutes)], DAYS, orient="row"
        ),
        pl.DataFrame([(0, minute) for minute in day.punches], PUNCHES, orient="row"),
        pl.DataFrame(spans, SPANS, orient="row"),
        [Template(day.shift, day.policy)],
    ).row(0, named=True)
    names = (*MINUTES, "first_in", "last_out")
    assert {name: row[name] for name in names} == {name: getattr(found, name) for name in names}
    assert flags_of(row["flags"]) == found.flags
    return found
