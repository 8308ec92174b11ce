"""What days are settled from, read for many people at once in a fixed number of queries. Checks no permission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db import connection

from zhiheng.attendance.calc.columnar import Template
from zhiheng.attendance.calc.facts import REST_TYPES
from zhiheng.attendance.calc.zones import midnight, policy_on, shift_on, shifts_of_clock
from zhiheng.attendance.queries.spans import Approved, approved_of
from zhiheng.rosters.public import DayTemplate, planned_days
from zhiheng.tenancy.context import current_tenant_id

ONE_DAY = dt.timedelta(days=1)

# One row a person, for a million punches to travel fast: minutes since 1970. A flagged punch counts once accepted.
_PUNCHES = """
WITH judged AS (
    SELECT DISTINCT ON (punch_id) punch_id, outcome FROM attendance_punchreview
    WHERE tenant_id = %(tenant)s AND (%(all)s OR person_id = ANY(%(ids)s::uuid[]))
    ORDER BY punch_id, reviewed_at DESC, id DESC
)
SELECT p.person_id::text, string_agg(floor(date_part('epoch', p.punched_at) / 60)::bigint::text, ',')
FROM attendance_punch p LEFT JOIN judged j ON j.punch_id = p.id
WHERE p.tenant_id = %(tenant)s AND p.punched_at >= %(first)s AND p.punched_at < %(last)s
    AND (%(all)s OR p.person_id = ANY(%(ids)s::uuid[]))
    AND coalesce(j.outcome = 'accepted', NOT p.is_pending)
GROUP BY p.person_id
"""


@dataclass(frozen=True)
class Material:
    """Frames to settle (see `calc.columnar`), and beside each day what has to be kept with it.

    ``days`` has, after the columns of calculation: person_id, on, legal_entity_id, zone, rule (place in ``rules``).
    """

    days: pl.DataFrame
    punches: pl.DataFrame
    spans: pl.DataFrame
    templates: Sequence[Template]
    rules: Sequence[DayTemplate]


def material_of(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> Material:
    """Return what the days of people (``None``: everybody) from ``first`` to ``last`` are settled from.

    The days before and after are among them, since they decide which punches are whose.
    """
    begin, end = first - ONE_DAY, last + ONE_DAY
    plan = planned_days(person_ids, begin, end)
    days = plan.frame.with_columns(person=pl.col("person_id").rank("dense").cast(pl.Int64))
    numbers = days.select("person_id", "person").unique()
    days, templates = _placed(days, plan.templates)
    approved = approved_of(person_ids, begin, end)
    spans = approved.spans.join(numbers, on="person_id").join(
        days.select("person_id", "on", "begin"), on=["person_id", "on"], how="left"
    )
    return Material(
        days=_with_requests(days, approved),
        punches=punches_of(person_ids, begin, end, numbers),
        spans=spans.select("person", "kind", "start", "end", "begin"),
        templates=templates,
        rules=plan.templates,
    )


def _placed(days: pl.DataFrame, rules: Sequence[DayTemplate]) -> tuple[pl.DataFrame, list[Template]]:
    """Add begin, midnight and template; where clocks change, a day has a template of its own."""
    templates = [Template(each.shift, each.policy) for each in rules]
    dates = days.select("on", "zone").unique()
    begins, lengths, changing = [], [], []
    for on, zone in dates.iter_rows():
        start = int(midnight(on, zone).timestamp()) // 60
        begins.append(start)
        lengths.append(int(midnight(on + ONE_DAY, zone).timestamp()) // 60 - start)
        if any(shifts_of_clock(on, zone)):
            changing.append((on, zone))
    dates = dates.with_columns(pl.Series("begin", begins), pl.Series("midnight", lengths, pl.Int32))
    days = days.join(dates, on=["on", "zone"], how="left", maintain_order="left").with_columns(
        rule=pl.col("template"), **_roster_types(rules)
    )
    for on, zone in changing:
        here = (pl.col("on") == on) & (pl.col("zone") == zone)
        for rule in days.filter(here)["rule"].unique().sort():
            templates.append(
                Template(shift_on(rules[rule].shift, on, zone), policy_on(rules[rule].policy, on, zone))
            )
            days = days.with_columns(
                template=pl.when(here & (pl.col("rule") == rule))
                .then(len(templates) - 1)
                .otherwise("template")
                .cast(pl.Int32)
            )
    return days, templates


def _roster_types(rules: Sequence[DayTemplate]) -> dict[str, pl.Expr]:
    """Return the day type as the roster has it: without a shift a day of rest, with one a day of work.

    Statutory days stay what they are for everybody.
    """
    resting = [place for place, each in enumerate(rules) if each.is_rest]
    is_resting = pl.col("template").is_in(resting)
    kind = pl.col("day_type")
    is_rest_type = kind.is_in(sorted(REST_TYPES))
    own = (
        pl.when(is_resting & ~is_rest_type & (kind != "STATUTORY_HOLIDAY"))
        .then(pl.lit("REST_DAY"))
        .when(~is_resting & is_rest_type)
        .then(pl.lit("WORKDAY"))
        .otherwise(kind)
    )
    return {"day_type": own}


def _with_requests(days: pl.DataFrame, approved: Approved) -> pl.DataFrame:
    """Add overtime approved by duration, and trips."""
    minutes = approved.durations.group_by("person_id", "on").agg(
        approved_minutes=pl.col("minutes").sum().cast(pl.Int32)
    )
    trips = approved.trips.unique().with_columns(is_trip=pl.lit(value=True))
    for frame in (minutes, trips):
        days = days.join(frame, on=["person_id", "on"], how="left", maintain_order="left")
    return days.with_columns(
        pl.col("approved_minutes").fill_null(0), pl.col("is_trip").fill_null(value=False)
    )


def punches_of(
    person_ids: Collection[UUID] | None, first: dt.date, last: dt.date, numbers: pl.DataFrame
) -> pl.DataFrame:
    """Return the punches that count, a day around included: person (by ``numbers``) and minute."""
    values = {
        "tenant": current_tenant_id(),
        "first": dt.datetime.combine(first - ONE_DAY, dt.time(), dt.UTC),
        "last": dt.datetime.combine(last + 3 * ONE_DAY, dt.time(), dt.UTC),
        "all": person_ids is None,
        "ids": [] if person_ids is None else list(person_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PUNCHES, values)
        rows = cursor.fetchall()
    packed = pl.DataFrame(rows, schema={"person_id": pl.String, "minute": pl.String}, orient="row")
    found = packed.join(numbers, on="person_id").select("person", pl.col("minute").str.split(","))
    return found.explode("minute", empty_as_null=True).with_columns(pl.col("minute").cast(pl.Int64))
