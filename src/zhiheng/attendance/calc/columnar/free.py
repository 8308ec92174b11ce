"""Days of free hours: few, so they are settled one by one on the plain path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from zhiheng.attendance.calc.columnar.matching import SPAN, count_between
from zhiheng.attendance.calc.facts import FLAGS, DayInput
from zhiheng.attendance.calc.free import settle_free

if TYPE_CHECKING:
    from zhiheng.attendance.calc.columnar.frame import Given
    from zhiheng.attendance.calc.columnar.intervals import Intervals


def settle_free_rows(given: Given, result: pl.DataFrame) -> pl.DataFrame:
    """Return the result with the days of free hours replaced."""
    chosen = np.flatnonzero(given.tables.is_free[given.rows.template])
    start, stop = count_between(given.keys, given.rows, given.zones.first, given.zones.last)
    columns = {name: result[name].to_list() for name in result.columns}
    for row in chosen:
        minutes = given.keys[start[row] : stop[row]] - given.rows.person[row] * SPAN - given.rows.begin[row]
        found = settle_free(_input(given, int(row), tuple(map(int, minutes))))
        for name, values in columns.items():
            values[row] = getattr(found, name) if name != "flags" else _packed(found.flags)
    return pl.DataFrame(columns, schema=result.schema)


def _packed(flags: tuple[str, ...]) -> int:
    return sum(1 << FLAGS.index(flag) for flag in flags)


def _input(given: Given, row: int, punches: tuple[int, ...]) -> DayInput:
    template = given.templates[given.rows.template[row]]
    names = ("WORKDAY", "REST_DAY", "STATUTORY_HOLIDAY")
    return DayInput(
        shift=template.shift,
        policy=template.policy,
        punches=punches,
        leave=_spans(given.leave, row),
        outing=_spans(given.outing, row),
        approved=_spans(given.approved, row),
        approved_minutes=int(given.approved_minutes[row]),
        day_types=(names[given.kinds[0][row]], names[given.kinds[1][row]]),
        limits=(int(given.zones.first[row]), int(given.zones.last[row])),
        midnight=int(given.rows.midnight[row]),
    )


def _spans(spans: Intervals, row: int) -> tuple[tuple[int, int], ...]:
    low, high = np.searchsorted(spans.row, [row, row + 1])
    return tuple(zip(spans.start[low:high].tolist(), spans.end[low:high].tolist(), strict=True))
