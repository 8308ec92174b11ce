"""The settlement of many people's days at once, on arrays: the same figures as `zhiheng.attendance.calc.day`.

Frames in and out are Polars; what happens between is NumPy: one sort of the punches, a few binary searches for the
days they belong to, and look-ups in tables of counted minutes. Leave, outings and approvals are arrays of spans, so
that their cost is that of their number. Nothing is done by row except days of free hours, which are settled plainly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from zhiheng.attendance.calc.columnar.blocks import Work, looked_up, place_blocks
from zhiheng.attendance.calc.columnar.free import settle_free_rows
from zhiheng.attendance.calc.columnar.intervals import Intervals, Ints, joined
from zhiheng.attendance.calc.columnar.matching import (
    Bools,
    Found,
    Rows,
    Zones,
    count_between,
    day_of_moments,
    day_that_begins,
    days_of_spans,
    ends_between,
    sorted_keys,
    zones,
)  # fmt: skip
from zhiheng.attendance.calc.columnar.overtime import STATUTORY, Asked, Overtime, settle_overtime
from zhiheng.attendance.calc.columnar.presence import Covers, Judged, judge
from zhiheng.attendance.calc.columnar.tables import HIGH, LOW, Tables, Template, build_tables
from zhiheng.attendance.calc.facts import FLAGS, REST_TYPES
from zhiheng.attendance.calc.facts import STATUTORY as STATUTORY_TYPE

KINDS = {**dict.fromkeys(REST_TYPES, 1), STATUTORY_TYPE: STATUTORY}

DAYS = {
    "person": pl.Int64,  # a number for each person
    "begin": pl.Int64,  # minutes since 1970 (UTC) at which the date begins in the person's zone
    "midnight": pl.Int32,  # minutes until the next date begins, mostly 1440
    "template": pl.Int32,  # place in the list of templates
    "day_type": pl.String,
    "next_day_type": pl.String,
    "is_trip": pl.Boolean,
    "approved_minutes": pl.Int32,
}
"""Columns of a frame of days, which is sorted by person and begin."""

PUNCHES = {"person": pl.Int64, "minute": pl.Int64}
"""Columns of a frame of punches: minutes since 1970 (UTC), seconds cut; in any order."""

SPANS = {"person": pl.Int64, "kind": pl.String, "start": pl.Int64, "end": pl.Int64, "begin": pl.Int64}
"""Columns of a frame of approved spans; kinds are leave, outing, overtime.

An overtime belongs to the day that starts at ``begin``, or where that is null to the one that its own start falls on.
"""

MINUTES = (
    "scheduled", "present", "worked", "late", "early", "absent", "leave", "outing", "unresolved", "ot_requested",
    "ot_punched", "ot_150", "ot_200", "ot_300", "unapproved",
)  # fmt: skip
"""Columns of figures in the result; beside them are ``flags`` (a number, see `flags_of`), first_in and last_out."""


@dataclass(frozen=True)
class Given:
    """The frames as arrays, and punches and spans at the days they belong to."""

    tables: Tables
    templates: Sequence[Template]
    rows: Rows
    keys: np.ndarray
    zones: Zones
    known: Found
    leave: Intervals
    outing: Intervals
    approved: Intervals
    approved_minutes: Ints
    is_trip: Bools
    kinds: tuple[Ints, Ints]
    orphans: Ints


def settle_frame(
    days: pl.DataFrame, punches: pl.DataFrame, spans: pl.DataFrame, templates: Sequence[Template]
) -> pl.DataFrame:
    """Settle all ``days``; the result has their order. See DAYS, PUNCHES, SPANS and MINUTES for the columns."""
    if days.is_empty():
        return pl.DataFrame(schema={**dict.fromkeys((*MINUTES, "flags", "first_in", "last_out"), pl.Int32)})
    return settle(read(days, punches, spans, templates))


def settle(given: Given) -> pl.DataFrame:
    """Settle the days of frames that were read."""
    work = place_blocks(
        given.tables, given.rows, given.known, _together(given.leave, given.outing), given.is_trip
    )
    found = given.known if len(work.row) == len(given.rows.person) else _by_block(given, work)
    covers = _covers(given, work)
    no_punch = (given.known.count == 0) & (given.orphans > 0)
    judged = judge(work, found, covers, _expected(given, work), no_punch[work.row])
    asked = Asked(given.approved, given.approved_minutes, given.outing, given.is_trip)
    overtime = settle_overtime(given.rows, work, judged, asked, given.kinds)
    result = _result(given, work, judged, overtime, covers)
    return settle_free_rows(given, result) if given.tables.is_free.any() else result


def read(
    days: pl.DataFrame, punches: pl.DataFrame, spans: pl.DataFrame, templates: Sequence[Template]
) -> Given:
    """Turn the frames into arrays, and find the day of each punch and span."""
    tables = build_tables(templates)
    rows = Rows(
        days["person"].to_numpy(), days["begin"].to_numpy(), days["template"].cast(pl.Int64).to_numpy(),
        days["midnight"].to_numpy(),
    )  # fmt: skip
    by_kind = {kind: spans.filter(pl.col("kind") == kind) for kind in ("leave", "outing", "overtime")}
    nothing = Intervals(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))
    approved = nothing
    if not by_kind["overtime"].is_empty():
        approved = _approved(tables, rows, nothing, by_kind["overtime"])
    found = zones(tables, rows, approved)
    keys = sorted_keys(punches["person"].to_numpy(), punches["minute"].to_numpy())
    known = ends_between(keys, rows, found.low, found.high)
    start, stop = count_between(keys, rows, found.first, found.last)
    return Given(
        tables=tables, templates=templates, rows=rows, keys=keys, zones=found, known=known,
        leave=_spans(rows, by_kind["leave"]), outing=_spans(rows, by_kind["outing"]), approved=approved,
        approved_minutes=days["approved_minutes"].to_numpy(), is_trip=days["is_trip"].to_numpy(),
        kinds=(_kinds(days["day_type"]), _kinds(days["next_day_type"])),
        orphans=(stop - start - known.count).astype(np.int32),
    )  # fmt: skip


def _kinds(types: pl.Series) -> Ints:
    return types.replace_strict(KINDS, default=0, return_dtype=pl.Int32).to_numpy()


def _spans(rows: Rows, spans: pl.DataFrame) -> Intervals:
    person, start, end = (spans[name].to_numpy() for name in ("person", "start", "end"))
    return days_of_spans(rows, person, start, end).merged()


def _approved(tables: Tables, rows: Rows, nothing: Intervals, spans: pl.DataFrame) -> Intervals:
    """Return approved overtime at its day, which is the one whose limits, before any widening, hold its start."""
    person, start, end = (spans[name].to_numpy() for name in ("person", "start", "end"))
    day = day_of_moments(rows, zones(tables, rows, nothing), person, start)
    if spans["begin"].null_count() < len(spans):
        named = spans["begin"].fill_null(-1).to_numpy()
        day = np.where(named >= 0, day_that_begins(rows, person, named), day)
    chosen = day >= 0
    day, begin = day[chosen], rows.begin[day[chosen]]
    stop = np.minimum(end[chosen] - begin, HIGH)
    found = Intervals(day, (start[chosen] - begin).astype(np.int32), stop.astype(np.int32))
    return found.only(found.start < found.end).merged()


def _together(*groups: Intervals) -> Intervals:
    return Intervals(
        np.concatenate([each.row for each in groups]),
        np.concatenate([each.start for each in groups]),
        np.concatenate([each.end for each in groups]),
    )


def _by_block(given: Given, work: Work) -> Found:
    """Return the punches of each block where segments have punches of their own."""
    rows, blocks = given.rows, given.tables.blocks
    of_block = Rows(
        rows.person[work.row], rows.begin[work.row], rows.template[work.row], rows.midnight[work.row]
    )
    low = np.maximum(given.zones.low[work.row], blocks.low[work.line])
    high = np.minimum(given.zones.high[work.row], blocks.high[work.line])
    return ends_between(given.keys, of_block, low, high)


def _covers(given: Given, work: Work) -> Covers:
    """Return leave, and leave with outings, by block; on a trip the whole day is an outing."""
    leave, outing = work.spread(given.leave), work.spread(given.outing)
    trips = np.flatnonzero(given.is_trip[work.row])
    size = len(trips)
    whole = Intervals(trips, np.full(size, LOW, np.int32), np.full(size, HIGH, np.int32))
    return Covers(leave, joined(leave, outing, whole) if len(outing.row) + size else leave)


def _expected(given: Given, work: Work) -> tuple[Ints, Ints]:
    """Return the hull of the approved overtime of each block."""
    low = np.zeros(len(given.rows.person), np.int32)
    high = low.copy()
    spans = given.approved
    if len(spans.row):
        low[spans.row[::-1]] = spans.start[::-1]
        high[spans.row] = spans.end
    return low[work.row], high[work.row]


def _result(given: Given, work: Work, judged: Judged, overtime: Overtime, covers: Covers) -> pl.DataFrame:
    scheduled = work.summed(work.total)
    late, early, leave = work.summed(judged.late), work.summed(judged.early), work.summed(judged.leave)
    absent, unresolved = work.summed(judged.absent), work.summed(judged.unresolved)
    minutes = {
        "scheduled": scheduled,
        "present": _present(work, judged, covers),
        "worked": scheduled - late - early - absent - leave - unresolved,
        "late": late,
        "early": early,
        "absent": absent,
        "leave": leave,
        "outing": work.summed(judged.outing),
        "unresolved": unresolved,
        "ot_requested": overtime.requested,
        "ot_punched": overtime.punched,
        "ot_150": overtime.settled[0],
        "ot_200": overtime.settled[1],
        "ot_300": overtime.settled[2] + _on_statutory_days(given, work, judged, covers),
        "unapproved": overtime.unapproved,
    }
    flags = {
        "orphan_punch": given.orphans > 0,
        "missing_in": _any(work, judged.is_in_missing),
        "missing_out": _any(work, judged.is_out_missing),
        "late_over_threshold_half_day": late > given.tables.half_over[given.rows.template],
        "core_hours_missed": _misses_core(given, work, judged, absent + unresolved),
        "punched_but_not_approved": overtime.is_unasked,
    }
    packed = sum((flags[name].astype(np.int32) << at for at, name in enumerate(FLAGS)), np.int32(0))
    ends = {
        "first_in": _ends(work, judged.came, judged.is_came, np.minimum, HIGH),
        "last_out": _ends(work, judged.left, judged.is_left, np.maximum, LOW),
    }
    return pl.DataFrame(
        {name: np.asarray(values, np.int32) for name, values in {**minutes, "flags": packed}.items()} | ends
    )


def _any(work: Work, values: Bools) -> Bools:
    return work.summed(values.astype(np.int32)) > 0


def _ends(work: Work, minutes: Ints, is_known: Bools, pick: np.ufunc, none: int) -> pl.Series:
    """Return the first or last of the used punches of each day, null where there is none."""
    found = np.where(is_known, minutes, none * 2).astype(np.int32)
    if len(work.row) != len(work.first_block):
        found = pick.reduceat(found, work.first_block)
    return pl.Series(found).replace({none * 2: None})


def _present(work: Work, judged: Judged, covers: Covers) -> Ints:
    """Return the minutes between the punches and on outings, without unpaid breaks."""
    start, end = judged.present
    table, size = work.tables.at_work, len(work.row)
    inside = looked_up(table, work.template, end) - looked_up(table, work.template, start)
    vouched = covers.all.measure(size, work.paid_before, start, end) - covers.leave.measure(
        size, work.paid_before, start, end
    )
    return work.summed((inside + judged.outing - vouched).astype(np.int32))


def _on_statutory_days(given: Given, work: Work, judged: Judged, covers: Covers) -> Ints:
    """Return the scheduled minutes worked on statutory days, by calendar minute."""
    size, rows = len(work.row), given.rows
    found = np.zeros(len(rows.person), np.int32)
    if not any((kind == STATUTORY).any() for kind in given.kinds):
        return found
    midnight = rows.midnight[work.row]
    sides = (
        (np.full(size, LOW, np.int32), midnight),
        (midnight, np.full(size, HIGH, np.int32)),
    )
    for at, (low, high) in enumerate(sides):
        vouched = covers.all.measure(size, work.paid_before, low, high) - covers.leave.measure(
            size, work.paid_before, low, high
        )
        start = np.clip(judged.present[0], low, high)
        end = np.clip(judged.present[1], low, high)
        every = np.arange(size)
        between = work.paid_before(every, end) - work.paid_before(every, start)
        between -= covers.all.measure(size, work.paid_before, start, end)
        for minute, minutes in ((judged.came, judged.forgiven_late), (judged.left, judged.forgiven_early)):
            between += np.where((minute >= midnight) == bool(at), minutes, 0)
        worked = work.summed((vouched + np.where(judged.is_judged, between, 0)).astype(np.int32))
        found += np.where(given.kinds[at] == STATUTORY, worked, 0)
    return found


def _misses_core(given: Given, work: Work, judged: Judged, unknown: Ints) -> Bools:
    """Tell on which flexible days core hours were missed; see `calc.day`."""
    template = given.rows.template
    table = given.tables.core_hours
    total = table[:, -1][template]
    asked = (total > 0) & (unknown == 0) & ~given.is_trip
    if not asked.any():
        return asked
    size, block = len(template), work.first_block
    start, end = judged.present[0][block], judged.present[1][block]

    def count(row: np.ndarray, minute: Ints) -> Ints:
        return looked_up(table, template[row], minute)

    every = np.arange(size)
    away = joined(given.leave, given.outing)
    whole = np.full(size, LOW, np.int32), np.full(size, HIGH, np.int32)
    covered = count(every, end) - count(every, start) + away.measure(size, count, *whole)
    return asked & (covered - away.measure(size, count, start, end) < total)


def flags_of(number: int) -> tuple[str, ...]:
    """Return the names of the flags of a result."""
    return tuple(name for at, name in enumerate(FLAGS) if number >> at & 1)
