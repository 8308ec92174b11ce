"""Writing settled days: staged by COPY, then compared and written where they differ, in a few statements.

A judged day keeps what it said before as a revision. In a locked month nothing is written: what would be different goes
into an open month as an adjustment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db import connection

from zhiheng.attendance.calc.columnar import MINUTES
from zhiheng.attendance.choices import MonthState
from zhiheng.attendance.models import AttendanceAdjustment, AttendanceMonth, DayRule
from zhiheng.rosters.calc.shift import stored
from zhiheng.rosters.public import DayTemplate
from zhiheng.tenancy.context import current_tenant_id

_TYPES = {
    "person_id": "uuid", "on": "date", "legal_entity_id": "uuid", "rule_id": "uuid", "day_type": "text",
    "next_day_type": "text", "zone": "text", "state": "text", **dict.fromkeys(MINUTES, "integer"),
    "flags": "varchar(32)[]",
    "first_in_at": "timestamptz", "last_out_at": "timestamptz", "closes_at": "timestamptz", "is_unsynced": "boolean",
    "inputs": "text", "ruleset_version": "smallint",
}  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in _TYPES)
_FIGURES = (*MINUTES, "flags")


def _row(alias: str, names: Sequence[str]) -> str:
    return "(" + ", ".join(f'{alias}."{name}"' for name in names) + ")"


_COLUMNS = ", ".join(f'"{name}" {kind}' for name, kind in _TYPES.items())
_STAGE = f"CREATE TEMPORARY TABLE staged_days ({_COLUMNS}) ON COMMIT DROP"
_UNSTAGE_LOCKED = """DELETE FROM staged_days s WHERE EXISTS (
    SELECT 1 FROM attendance_attendancemonth m WHERE m.tenant_id = %(tenant)s AND m.state = 'locked'
        AND m.legal_entity_id = s.legal_entity_id AND m.month = date_trunc('month', s."on")::date
)"""
_DIGEST = """md5(s.rule_id::text || s.day_type || s.next_day_type || s.ruleset_version || s.inputs)"""
_FIGURES_JSON = "jsonb_build_object(" + ", ".join(f"'{name}', d.\"{name}\"" for name in _FIGURES) + ")"
_REVISE = f"""
INSERT INTO attendance_dayrevision
    (tenant_id, id, legal_entity_id, person_id, "on", revision, rule_id, figures, inputs, settled_at, replaced_at)
SELECT d.tenant_id, uuidv7(), d.legal_entity_id, d.person_id, d."on", d.revision, d.rule_id, {_FIGURES_JSON}, d.inputs,
    d.settled_at, %(now)s
FROM attendance_attendanceday d JOIN {{source}} s ON s.person_id = d.person_id AND s."on" = d."on"
WHERE d.tenant_id = %(tenant)s AND d.state = 'judged' AND {{condition}}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of this module only
_REVISE_CHANGED = _REVISE.format(
    source="staged_days",
    condition=f"{_row('d', _FIGURES)} IS DISTINCT FROM {_row('s', _FIGURES)}",
)
_COMPARED = (
    "rule_id", "day_type", "next_day_type", "zone", "state", *_FIGURES, "first_in_at", "last_out_at", "closes_at",
    "is_unsynced", "digest", "ruleset_version", "legal_entity_id",
)  # fmt: skip
_UPSERT = f"""
WITH written AS (
    INSERT INTO attendance_attendanceday AS d
        (tenant_id, id, {_NAMES}, digest, revision, settled_at, ot_comp)
    SELECT %(tenant)s, uuidv7(), {", ".join(f's."{name}"' for name in _TYPES)}, {_DIGEST}, 1, %(now)s, 0
    FROM staged_days s
    ON CONFLICT (tenant_id, person_id, "on") DO UPDATE SET
        {", ".join(f'"{name}" = excluded."{name}"' for name in (*_TYPES, "digest") if name not in ("person_id", "on"))},
        settled_at = excluded.settled_at,
        revision = d.revision + (d.state = 'judged'
            AND {_row("d", _FIGURES)} IS DISTINCT FROM {_row("excluded", _FIGURES)})::int
    WHERE d.state <> 'locked' AND {_row("d", _COMPARED)} IS DISTINCT FROM {_row("excluded", _COMPARED)}
    RETURNING d.person_id, d."on", d.ot_requested, d.ot_comp
)
SELECT count(*), array_agg(person_id || ' ' || "on") FILTER (WHERE ot_requested > 0 OR ot_comp > 0) FROM written
"""  # noqa: S608 - names of this module only
_WANTED = 'CREATE TEMPORARY TABLE wanted_days (person_id uuid, "on" date) ON COMMIT DROP'
_GONE = """
SELECT d.person_id, d."on" FROM attendance_attendanceday d JOIN wanted_days w
    ON w.person_id = d.person_id AND w."on" = d."on"
WHERE d.tenant_id = %(tenant)s AND d.state <> 'locked'
    AND NOT EXISTS (SELECT 1 FROM staged_days s WHERE s.person_id = d.person_id AND s."on" = d."on")
"""
_REVISE_GONE = _REVISE.format(source=f"({_GONE})", condition="TRUE")
_DELETE_GONE = f"""
DELETE FROM attendance_attendanceday t USING ({_GONE}) AS gone
WHERE t.tenant_id = %(tenant)s AND t.person_id = gone.person_id AND t."on" = gone."on"
"""  # noqa: S608 - names of this module only


@dataclass(frozen=True)
class Written:
    """What was written: how many rows are new or changed; ``overtime``: the (person, date) of those with approved
    overtime or time off for it."""

    changed: int
    revised: int
    adjusted: int
    withdrawn: int
    overtime: tuple[tuple[UUID, dt.date], ...]


def store_rules(rules: Sequence[DayTemplate]) -> list[UUID]:
    """Return the ids of the kept snapshots of shifts with their rules, made where they are new."""
    digests = [_digest(each) for each in rules]
    known = dict(DayRule.objects.filter(digest__in=digests).values_list("digest", "id"))
    fresh = {digest: rule for digest, rule in zip(digests, rules, strict=True) if digest not in known}
    if fresh:
        rows = [
            DayRule(
                digest=digest, shift_id=rule.shift_id, code=rule.code, name=rule.name, system=rule.system,
                shift=stored(rule.shift), policy=stored(rule.policy),
            )
            for digest, rule in fresh.items()
        ]  # fmt: skip
        DayRule.objects.bulk_create(rows, ignore_conflicts=True)
        known = dict(DayRule.objects.filter(digest__in=digests).values_list("digest", "id"))
    return [known[digest] for digest in digests]


def _digest(rule: DayTemplate) -> str:
    content = [
        str(rule.shift_id or ""), rule.code, rule.name, rule.system, stored(rule.shift), stored(rule.policy),
    ]  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def write_days(rows: pl.DataFrame, wanted: pl.DataFrame, now: dt.datetime) -> Written:
    """Write settled ``rows`` where they differ; take back days of ``wanted`` on which nobody is employed any more."""
    values = {"tenant": current_tenant_id(), "now": now}
    with connection.cursor() as cursor:
        _stage(cursor, "staged_days", _STAGE, rows.select(*_TYPES))
        withdrawn = _take_back(cursor, wanted, values) if len(rows) < len(wanted) else 0
        adjusted = _adjust_locked(cursor, rows, now)
        cursor.execute(_REVISE_CHANGED, values)
        revised = cursor.rowcount
        cursor.execute(_UPSERT, values)
        changed, overtime = cursor.fetchone()
        cursor.execute("DROP TABLE staged_days")
    return Written(changed, revised, adjusted, withdrawn, tuple(map(_person_day, overtime or ())))


def _take_back(cursor, wanted: pl.DataFrame, values: Mapping[str, object]) -> int:
    """Delete the days of ``wanted`` that are not staged, keeping what they said; return how many."""
    _stage(cursor, "wanted_days", _WANTED, wanted.select("person_id", "on"))
    cursor.execute(_REVISE_GONE, values)
    cursor.execute(_DELETE_GONE, values)
    withdrawn = cursor.rowcount
    cursor.execute("DROP TABLE wanted_days")
    return withdrawn


def _person_day(text: str) -> tuple[UUID, dt.date]:
    person, on = text.split(" ")
    return UUID(person), dt.date.fromisoformat(on)


def _stage(cursor, table: str, create: str, rows: pl.DataFrame) -> None:
    cursor.execute(create)
    text = rows.write_csv(None, include_header=False, datetime_format="%Y-%m-%dT%H:%M:%SZ")
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
        copy.write(text)
    # Without statistics the planner reads all days of the company to find one.
    cursor.execute(f"ANALYZE {table}")


def _adjust_locked(cursor, rows: pl.DataFrame, now: dt.datetime) -> int:
    """Turn staged rows of locked months into adjustments; return how many, and leave the others staged."""
    locked = set(
        AttendanceMonth.objects.filter(state=MonthState.LOCKED).values_list("legal_entity_id", "month")
    )
    if not locked:
        return 0
    months = pl.DataFrame(
        [(str(entity), month) for entity, month in locked],
        schema={"legal_entity_id": pl.String, "month": pl.Date}, orient="row",
    )  # fmt: skip
    closed = rows.with_columns(month=pl.col("on").dt.truncate("1mo")).join(
        months, on=["legal_entity_id", "month"], how="semi"
    )
    if closed.is_empty():
        return 0
    cursor.execute(_UNSTAGE_LOCKED, {"tenant": current_tenant_id()})
    return len(_adjustments(cursor, closed.filter(pl.col("state") == "judged"), locked, now))


_KEPT = f"""
SELECT d.person_id::text, d."on", {", ".join(f'd."{name}"' for name in MINUTES)}
FROM attendance_attendanceday d WHERE d.tenant_id = %s AND d.person_id = ANY(%s::uuid[]) AND d."on" = ANY(%s::date[])
"""  # noqa: S608 - names of this module only


def _adjustments(
    cursor, closed: pl.DataFrame, locked: set[tuple[UUID, dt.date]], now: dt.datetime
) -> list[AttendanceAdjustment]:
    """Write by how much days of locked months differ from what they say together with earlier adjustments."""
    people, dates = closed["person_id"].unique().to_list(), closed["on"].unique().to_list()
    cursor.execute(_KEPT, [current_tenant_id(), people, dates])
    known: dict[tuple[str, dt.date], dict[str, int]] = {
        (row[0], row[1]): dict(zip(MINUTES, row[2:], strict=True)) for row in cursor.fetchall()
    }
    for row in AttendanceAdjustment.objects.filter(person_id__in=people, on__in=dates):
        _add(known.setdefault((str(row.person_id), row.on), {}), row.figures)
    found = []
    for row in closed.iter_rows(named=True):
        figures = known.get((row["person_id"], row["on"]), {})
        difference = {name: row[name] - figures.get(name, 0) for name in MINUTES}
        difference = {name: minutes for name, minutes in difference.items() if minutes}
        if difference:
            entity = UUID(row["legal_entity_id"])
            found.append(
                AttendanceAdjustment(
                    legal_entity_id=entity, person_id=UUID(row["person_id"]), on=row["on"],
                    month=_open_month(entity, now.date(), locked), figures=difference, rule_id=UUID(row["rule_id"]),
                    inputs=row["inputs"], created_at=now,
                )
            )  # fmt: skip
    return AttendanceAdjustment.objects.bulk_create(found, batch_size=2000)


def _add(figures: dict[str, int], more: Mapping[str, int]) -> None:
    for name, minutes in more.items():
        figures[name] = figures.get(name, 0) + minutes


def _open_month(entity: UUID, today: dt.date, locked: set[tuple[UUID, dt.date]]) -> dt.date:
    """Return the first month from this one on that is not locked."""
    month = today.replace(day=1)
    while (entity, month) in locked:
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return month
