"""The blocks of all days: which paid minutes one pair of punches vouches for, placed in each day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.attendance.calc.columnar.intervals import Index, Intervals, Ints
from zhiheng.attendance.calc.columnar.matching import Found, Rows
from zhiheng.attendance.calc.columnar.tables import HIGH, LOW, WIDTH, Tables
from zhiheng.attendance.calc.spans import FAR


def looked_up(table: Ints, line: Index, minute: Ints) -> Ints:
    """Return ``table[line, minute]`` for minutes of the range; beyond it, its ends."""
    return table.ravel()[line * WIDTH + (np.clip(minute, LOW, HIGH) - LOW)]


@dataclass(frozen=True)
class Work:
    """Blocks of days: ``row`` and ``line`` say of which day and which block of the tables; paid minutes are those
    after the first ``offset`` of the line, ``total`` in number, from ``start`` to ``end``."""

    tables: Tables
    row: Index
    line: Index
    template: Index
    offset: Ints
    total: Ints
    start: Ints
    end: Ints
    first_block: Index
    block_count: Index

    def paid_before(self, block: Index, minute: Ints) -> Ints:
        """Return how many paid minutes of blocks lie before minutes."""
        counted = looked_up(self.tables.blocks.paid, self.line[block], minute) - self.offset[block]
        return np.clip(counted, 0, self.total[block])

    def paid_minute(self, block: Index, place: Ints) -> Ints:
        """Return the minute of the paid minute with that place, from 0."""
        return self.tables.blocks.minute_of[self.line[block], self.offset[block] + place]

    def summed(self, values: Ints) -> Ints:
        """Return the sums of blocks by day."""
        if len(self.row) == len(self.first_block):
            return values
        return np.add.reduceat(values, self.first_block, dtype=np.int32)

    def spread(self, spans: Intervals) -> Intervals:
        """Return spans of days as spans of their blocks."""
        if len(self.row) == len(self.first_block):
            return spans
        return spans.spread(self.first_block, self.block_count)


def place_blocks(tables: Tables, rows: Rows, known: Found, covers: Intervals, is_trip: np.ndarray) -> Work:
    """Return the blocks of all days; flexible ones begin with the first sign of somebody, see `flex.placed`."""
    counts = tables.block_count[rows.template]
    row = np.repeat(np.arange(len(counts)), counts)
    first_block = np.cumsum(counts) - counts
    line = tables.first_block[rows.template][row] + (np.arange(len(row)) - first_block[row])
    blocks = tables.blocks
    offset, start, end = np.zeros(len(row), np.int32), blocks.start[line], blocks.end[line]
    flexible = np.flatnonzero(tables.is_flex[rows.template])
    if len(flexible):
        block = first_block[flexible]
        begin = _flexible_start(tables, rows, known, covers, is_trip, flexible)
        before = looked_up(blocks.paid, line[block], begin)
        offset[block] = before
        start[block] = blocks.minute_of[line[block], before]
        last = before + tables.required[rows.template[flexible]] - 1
        end[block] = blocks.minute_of[line[block], last] + 1
    return Work(
        tables, row, line.astype(np.int64), rows.template[row], offset, blocks.total[line], start, end,
        first_block.astype(np.int64), counts.astype(np.int64),
    )  # fmt: skip


def _flexible_start(
    tables: Tables, rows: Rows, known: Found, covers: Intervals, is_trip: np.ndarray, chosen: Index
) -> Ints:
    template = rows.template[chosen]
    earliest, latest = tables.earliest[template], tables.latest[template]
    signs = np.full(len(rows.template), FAR, np.int32)
    day = rows.template[covers.row]
    early = covers.only((covers.end > tables.earliest[day]) & (covers.start <= tables.latest[day]))
    np.minimum.at(signs, early.row, early.start)
    sign = np.where(is_trip[chosen], np.minimum(signs[chosen], earliest), signs[chosen])
    count, first, last = known.count[chosen], known.first[chosen], known.last[chosen]
    is_end = (
        (count > 0)
        & (sign == FAR)
        & (last - first <= tables.dedupe[template])
        & (2 * first > earliest + tables.frame_end[template])
    )
    line = tables.first_block[template].astype(np.int64)
    later = looked_up(tables.blocks.paid, line, last) - tables.required[template]
    for_end = tables.blocks.minute_of[line, np.maximum(later, 0)]
    sign = np.where(is_end, for_end, np.where(count > 0, np.minimum(sign, first), sign))
    return np.clip(np.where(sign == FAR, latest, sign), earliest, latest).astype(np.int32)
