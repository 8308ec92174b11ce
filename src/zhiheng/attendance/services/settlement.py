"""Settling marked days: from punches, rosters, leave and approvals to attendance days, in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db import connection
from django.utils import timezone

from zhiheng.access.actor import system_actor
from zhiheng.attendance.calc.columnar import read, settle, stored_inputs
from zhiheng.attendance.calc.facts import FLAGS
from zhiheng.attendance.calc.stored import RULESET
from zhiheng.attendance.queries.material import Material, material_of
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.attendance.queries.sync import synced_until
from zhiheng.attendance.services.comp_time import credit_settled_overtime
from zhiheng.attendance.services.day_rows import store_rules, write_days
from zhiheng.tenancy.context import current_tenant_id

Progress = Callable[[int, int | None, str], None]

BATCH = 40_000
"""Person-days a transaction at most; a company's month takes several."""
AFTER_CUT_OFF = "unresolved_as_absent"
_NAMES = (*FLAGS, AFTER_CUT_OFF)

# Whoever marks a day never waits for a settlement: marks are taken at its end, those renewed meanwhile stay.
_TAKE = """
CREATE TEMPORARY TABLE taken_marks ON COMMIT DROP AS
SELECT id, person_id, "on", marked_at FROM attendance_daymark
WHERE tenant_id = %s ORDER BY person_id, "on" LIMIT %s
"""
_TAKEN = """SELECT person_id::text, string_agg("on"::text, ',') FROM taken_marks GROUP BY person_id"""
# Just marked days have no statistics: without hints the planner goes through all marks for each of them.
_DONE = """
SET LOCAL enable_nestloop = off;
WITH done AS MATERIALIZED (
    SELECT mark.ctid AS place FROM attendance_daymark mark JOIN taken_marks taken
        ON taken.id = mark.id AND taken.marked_at = mark.marked_at
    WHERE mark.tenant_id = %s FOR UPDATE OF mark SKIP LOCKED
)
DELETE FROM attendance_daymark mark USING done WHERE mark.tenant_id = %s AND mark.ctid = done.place;
SET LOCAL enable_nestloop = on
"""
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('settle ' || %s::text, 0))"


@dataclass(frozen=True)
class Settled:
    """What came of a settlement: days looked at, and how many were new or changed, revised, adjusted or withdrawn."""

    days: int = 0
    changed: int = 0
    revised: int = 0
    adjusted: int = 0
    withdrawn: int = 0

    def __add__(self, other: Settled) -> Settled:
        return Settled(
            self.days + other.days,
            self.changed + other.changed,
            self.revised + other.revised,
            self.adjusted + other.adjusted,
            self.withdrawn + other.withdrawn,
        )


def settle_marked_days(
    *, limit: int = BATCH, now: dt.datetime | None = None, progress: Progress | None = None
) -> Settled:
    """Settle the marked days of the tenant in force, at most ``limit`` of them, in the caller's transaction.

    Days settle one batch after another: while another settlement of the tenant runs, nothing is done. Doing it again,
    or after a crash, gives the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [current_tenant_id()])
        (is_mine,) = cursor.fetchone()
        if not is_mine:
            return Settled()
        cursor.execute(_TAKE, [current_tenant_id(), limit])
        cursor.execute("ANALYZE taken_marks")
        cursor.execute(_TAKEN)
        marked = _marked(cursor.fetchall())
        if marked.is_empty():
            cursor.execute("DROP TABLE taken_marks")
            return Settled()
        found = settle_days(marked, now=now or timezone.now())
        cursor.execute(_DONE, [current_tenant_id(), current_tenant_id()])
        cursor.execute("DROP TABLE taken_marks")
    if progress is not None:
        progress(found.days, None, "")
    return found


def _marked(rows: Sequence[tuple[str, str]]) -> pl.DataFrame:
    packed = pl.DataFrame(rows, schema={"person_id": pl.String, "on": pl.String}, orient="row")
    return (
        packed.with_columns(pl.col("on").str.split(","))
        .explode("on", empty_as_null=True)
        .with_columns(pl.col("on").str.to_date("%Y-%m-%d"))
    )


def settle_days(marked: pl.DataFrame, *, now: dt.datetime) -> Settled:
    """Settle person-days (person_id, on) and write what changed."""
    first, last = marked["on"].min(), marked["on"].max()
    people = [UUID(each) for each in marked["person_id"].unique().sort()]
    material = material_of(people, first, last)
    rows = settled_rows(material, now)
    begun = rows.filter(
        pl.col("begin") <= int(now.timestamp()) // 60
    )  # a day to come is settled when it comes
    wanted = begun.join(marked, on=["person_id", "on"], how="semi")
    rule_ids = store_rules(material.rules)
    names = pl.DataFrame(
        {"rule": range(len(rule_ids)), "rule_id": [str(each) for each in rule_ids]},
        schema={"rule": pl.Int32, "rule_id": pl.String},
    )
    written = write_days(wanted.join(names, on="rule"), marked, now)
    credit_settled_overtime(actor=system_actor(current_tenant_id()), days=written.overtime)
    return Settled(len(wanted), written.changed, written.revised, written.adjusted, written.withdrawn)


def settled_rows(material: Material, now: dt.datetime) -> pl.DataFrame:
    """Return the rows to keep of days: figures, state and inputs; those around the wanted days are among them."""
    days = material.days
    given = read(days, material.punches, material.spans, material.templates)
    result = settle(given)
    closes = pl.Series("closes", given.rows.begin + given.zones.high)
    rows = days.hstack(result).with_columns(
        closes,
        stored_inputs(given),
        first_in_at=_instant(pl.col("begin") + pl.col("first_in")),
        last_out_at=_instant(pl.col("begin") + pl.col("last_out")),
        closes_at=_instant(closes),
        ruleset_version=pl.lit(RULESET, pl.Int32),
    )
    return _with_flags(_judged(rows, now))


def _instant(minute: pl.Expr | pl.Series) -> pl.Expr:
    expression = pl.lit(minute) if isinstance(minute, pl.Series) else minute
    return pl.from_epoch(expression.cast(pl.Int64) * 60, time_unit="s").dt.replace_time_zone("UTC")


def _judged(rows: pl.DataFrame, now: dt.datetime) -> pl.DataFrame:
    """Add state; a day that waits knows nobody absent, and long after the day what is unresolved may become absence."""
    rules = settlement_rules()
    minute = int(now.timestamp()) // 60
    is_closed = pl.col("closes") <= minute
    synced = synced_until(rows, now, dt.timedelta(hours=rules.silent_hours))
    rows = rows.with_columns(is_unsynced=is_closed & (synced < pl.col("closes")), synced=synced).with_columns(
        is_judged=is_closed & ~pl.col("is_unsynced")
    )
    waiting = ~pl.col("is_judged")
    unknown = pl.col("unresolved") + pl.when(waiting).then(pl.col("absent") + pl.col("early")).otherwise(0)
    rows = rows.with_columns(
        unresolved=unknown,
        absent=pl.when(waiting).then(0).otherwise("absent"),
        early=pl.when(waiting).then(0).otherwise("early"),
        flags=pl.when(waiting).then(pl.col("flags") & _bit("orphan_punch")).otherwise("flags"),
    )
    if rules.absent_after_days is not None:
        is_over = (
            ~waiting
            & (pl.col("closes") + rules.absent_after_days * 1440 <= minute)
            & (pl.col("unresolved") > 0)
        )
        rows = rows.with_columns(
            absent=pl.when(is_over).then(pl.col("absent") + pl.col("unresolved")).otherwise("absent"),
            unresolved=pl.when(is_over).then(0).otherwise("unresolved"),
            flags=pl.when(is_over).then(pl.col("flags") | _bit(AFTER_CUT_OFF)).otherwise("flags"),
        )
    return rows.with_columns(state=pl.when("is_judged").then(pl.lit("judged")).otherwise(pl.lit("waiting")))


def _bit(flag: str) -> int:
    return 1 << _NAMES.index(flag)


def _with_flags(rows: pl.DataFrame) -> pl.DataFrame:
    """Replace the packed flags by the text of a PostgreSQL array."""
    numbers = rows["flags"].unique().to_list()
    texts = [
        "{" + ",".join(name for at, name in enumerate(_NAMES) if number >> at & 1) + "}" for number in numbers
    ]
    return rows.with_columns(pl.col("flags").replace_strict(numbers, texts, return_dtype=pl.String))
