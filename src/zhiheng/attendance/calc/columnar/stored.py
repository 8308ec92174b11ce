"""What each day was judged by, as the text that is kept beside the result; see `zhiheng.attendance.calc.stored`."""

from __future__ import annotations

import numpy as np
import polars as pl

from zhiheng.attendance.calc.columnar.frame import Given
from zhiheng.attendance.calc.columnar.intervals import Index, Intervals, Ints
from zhiheng.attendance.calc.columnar.matching import SPAN, count_between


def stored_inputs(given: Given) -> pl.Series:
    """Return for each day the text of its inputs, the same that `calc.stored.inputs_text` writes."""
    rows = given.rows
    start, stop = count_between(given.keys, rows, given.zones.first, given.zones.last)
    times = stop - start
    owner = np.repeat(np.arange(len(times)), times)
    place = np.repeat(start, times) + np.arange(len(owner)) - np.repeat(np.cumsum(times) - times, times)
    minutes = given.keys[place] - rows.person[owner] * SPAN - rows.begin[owner]
    size = len(times)
    parts = {
        "p": _joined(size, owner, pl.Series(minutes).cast(pl.String)),
        "l": _spans(size, given.leave),
        "o": _spans(size, given.outing),
        "a": _spans(size, given.approved),
    }
    number = {"m": given.approved_minutes, "n": rows.midnight}
    texts = [
        pl.when(pl.col(name).is_null()).then(pl.lit("")).otherwise(f'"{name}":[' + pl.col(name) + "],")
        for name in parts
    ]
    limits = '"z":[' + pl.col("first").cast(pl.String) + "," + pl.col("last").cast(pl.String) + "]"
    frame = pl.DataFrame(
        {**parts, **number, "t": given.is_trip, "first": given.zones.first, "last": given.zones.last}
    )
    return frame.select(
        pl.concat_str(
            pl.lit("{"),
            *texts,
            pl.when("t").then(pl.lit('"t":1,')).otherwise(pl.lit("")),
            *(
                pl.when(pl.col(name) == usual)
                .then(pl.lit(""))
                .otherwise(f'"{name}":' + pl.col(name).cast(pl.String) + ",")
                for name, usual in (("m", 0), ("n", 1440))
            ),
            limits,
            pl.lit("}"),
        ).alias("inputs")
    )["inputs"]


def _spans(size: int, spans: Intervals) -> pl.Series:
    start, end = (pl.Series(each).cast(pl.String) for each in (spans.start, spans.end))
    return _joined(size, spans.row, "[" + start + "," + end + "]")


def _joined(size: int, row: Index | Ints, texts: pl.Series) -> pl.Series:
    """Return the texts of each row with commas between; null for a row without any."""
    found = (
        pl.DataFrame({"row": row, "text": texts})
        .group_by("row", maintain_order=True)
        .agg(pl.col("text").str.join(","))
    )
    every = pl.DataFrame({"row": np.arange(size)})
    return every.join(found, on="row", how="left", maintain_order="left")["text"]
