"""Whose a row is: from an employee number and a day to person, legal entity and org unit."""

from __future__ import annotations

import polars as pl

from zhiheng.people.public import assignment_frame

PLACE = ("person_id", "legal_entity_id", "org_unit_id")


def place_employees(frame: pl.DataFrame, number: str, day: str) -> pl.DataFrame:
    """Add the columns of `PLACE` to ``frame``; null for numbers that nobody has or that several people have.

    A day before somebody's first assignment, or in a gap, counts for the nearest assignment: the row is
    theirs all the same.
    """
    spells = assignment_frame().with_columns(_number=pl.col("employee_number").str.to_uppercase())
    owners = spells.group_by("_number").agg(pl.col("person_id").n_unique().alias("owners"))
    known = owners.filter(pl.col("owners") == 1).select("_number")
    spells = spells.join(known, on="_number").sort("valid_from").select("_number", "valid_from", *PLACE)
    rows = frame.with_row_index("_at").with_columns(
        _number=pl.col(number).cast(pl.String).str.strip_chars().str.to_uppercase(), _day=pl.col(day)
    )
    options = {"left_on": "_day", "right_on": "valid_from", "by": "_number"}
    rows = rows.sort("_day")
    found = rows.join_asof(spells, strategy="backward", check_sortedness=False, **options)
    later = rows.join_asof(spells, strategy="forward", check_sortedness=False, **options)
    filled = found.with_columns([pl.coalesce(pl.col(name), later[name]) for name in PLACE])
    return filled.sort("_at").drop("_at", "_number", "_day", "valid_from", strict=False)
