"""Settlement of a company's days: CPU seconds of the columnar calculation, and seconds from database to database.

    python -m bench.attendance --people 10000 --days 31

The punches are as dirty as real ones: what a day holds is drawn from counts of real terminal logs (six logs of public
repositories; only numbers were kept, none of their rows): punches per person-day, the share of second taps within a
minute, first and last punches by quantile, shares of work on weekends, and all in a random order. Taps are then
repeated until there are as many punches as asked for, 4.2 a person-day of the calendar, more than those logs had.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import resource
import time
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import polars as pl
import psutil

from bench._database import HOME, scratch_database

FIRST = dt.date(2026, 8, 1)
# Punches of a person-day: a government office whose people punch four times (6,387 person-days).
PER_DAY = {
    1: 0.0421,
    2: 0.0802,
    3: 0.1072,
    4: 0.6524,
    5: 0.0825,
    6: 0.021,
    7: 0.0081,
    8: 0.0049,
    9: 0.0013,
    10: 0.0003,
}
TAPPED_TWICE = 0.106  # second taps within 60 s, of all punches: a Chinese company (36,427 punches)
WEEKEND = 0.0366  # of all punches, the same company
# Minutes by which the first punch precedes the start and the last one follows the end: quantiles of the same company.
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
BEFORE_START = (-240, -6, 7, 22, 48, 86, 115)
AFTER_END = (-300, -25, -6, 3, 36, 201, 235)
PUNCHES_A_DAY = 4.2
# Of all person-days; no log has these, they are a guess at a company's usual ones.
SHARES = {"leave": 0.02, "outing": 0.01, "overtime": 0.03, "trip": 0.003}
SHIFTS = (
    ("早班", ((480, 720), (780, 1020))),
    ("常白班", ((540, 720), (780, 1080))),
    ("晚班", ((810, 1050), (1080, 1320))),
    ("夜班", ((1320, 1560), (1590, 1800))),
    ("两头班", ((600, 840), (1020, 1260))),
)


@dataclass(frozen=True)
class Days:
    """Person-days of a company, person by person."""

    person: np.ndarray
    day: np.ndarray
    start: np.ndarray
    end: np.ndarray
    is_work: np.ndarray


def person_days(people: int, days: int) -> Days:
    """Everybody's days; departments work the shifts in turn, weekends are free."""
    person = np.repeat(np.arange(people), days)
    day = np.tile(np.arange(days), people)
    shift = person % len(SHIFTS)
    start = np.array([segments[0][0] for _name, segments in SHIFTS])[shift]
    end = np.array([segments[-1][1] for _name, segments in SHIFTS])[shift]
    is_work = np.array([(FIRST + dt.timedelta(days=int(n))).weekday() < 5 for n in range(days)])[day]
    return Days(person, day, start, end, is_work)


def dirty_punches(days: Days, seed: int = 7) -> pl.DataFrame:
    """Punches in random order: person (number), second since the first midnight in Shanghai."""
    chance = np.random.default_rng(seed)
    total = len(days.person)
    worked = np.where(days.is_work, chance.random(total) < 0.985, chance.random(total) < WEEKEND * 5 / 2)
    count = np.where(worked, chance.choice(list(PER_DAY), total, p=_normal(list(PER_DAY.values()))), 0)
    first = days.start - np.interp(chance.random(total), QUANTILES, BEFORE_START)
    last = days.end + np.interp(chance.random(total), QUANTILES, AFTER_END)
    owner = np.repeat(np.arange(total), count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    step = np.where(
        count[owner] > 1, place / np.maximum(count[owner] - 1, 1), chance.random(len(owner)).round()
    )
    minute = first[owner] + step * (last - first)[owner] + (place % 2) * chance.normal(0, 4, len(owner))
    second = (days.day[owner] * 86_400 + minute * 60).astype(np.int64)
    taps = chance.random(len(owner)) < TAPPED_TWICE
    wanted = int(PUNCHES_A_DAY * total) - len(owner) - int(taps.sum())
    again = np.concatenate([np.flatnonzero(taps), chance.integers(0, len(owner), max(wanted, 0))])
    person = np.concatenate([days.person[owner], days.person[owner][again]])
    second = np.concatenate([second, second[again] + chance.integers(1, 60, len(again))])
    order = chance.permutation(len(person))
    return pl.DataFrame({"person": person[order], "second": second[order]})


def _normal(shares: list[float]) -> np.ndarray:
    return np.array(shares) / sum(shares)


def main() -> None:
    """Load a company, settle all its days, print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=31)
    given = parser.parse_args()
    with scratch_database():
        print(json.dumps(measure(given.people, given.days)), flush=True)


def measure(people: int, days: int) -> dict[str, object]:
    """Figures of settling everybody's days once, and one person-day again."""
    from zhiheng.attendance.models import AttendanceDay
    from zhiheng.tenancy.context import tenant_context

    company = person_days(people, days)
    tenant_id, ids = load(company, people)
    until = dt.datetime.combine(FIRST + dt.timedelta(days=days + 3), dt.time(), dt.UTC)
    before, cpu = _peak(), _cpu()
    total = _settle_all(tenant_id, until)
    peak, cpu = _peak(), _cpu() - cpu
    calculated = _calculation(tenant_id, days, until)
    again = [_settle_one(tenant_id, ids[0], until) for _ in range(7)]
    with tenant_context(tenant_id):
        rows = AttendanceDay.objects.count()
        states = AttendanceDay.objects.filter(state="judged").count()
    assert rows == states == people * days, (rows, states)
    person_days_settled = people * days
    return {
        "bench": "attendance",
        "person_days": person_days_settled,
        "punches": int(PUNCHES_A_DAY * person_days_settled),
        "calc_cpu_s": round(calculated, 3),
        "person_days_per_cpu_s": round(person_days_settled / calculated),
        "total_s": round(total, 2),
        "total_cpu_s": round(cpu, 2),
        "one_day_ms": round(sorted(again)[len(again) // 2] * 1000, 1),
        "peak_mb": round(peak),
        "peak_mb_before": round(before),
    }


def _peak() -> float:
    """Most memory of this process so far in MB; PostgreSQL's own comes on top."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu() -> float:
    """CPU seconds so far of this process and of all processes of its PostgreSQL."""
    own = psutil.Process().cpu_times()
    taken = own.user + own.system
    for each in psutil.process_iter(["name", "cmdline"]):
        if each.info["name"] == "postgres":
            with contextlib.suppress(psutil.Error):
                is_ours = any(str(HOME) in part for part in _postmaster(each).cmdline())
                times = each.cpu_times()
                taken += (times.user + times.system + times.children_user + times.children_system) * is_ours
    return taken


def _postmaster(process: psutil.Process) -> psutil.Process:
    parent = process.parent()
    return parent if parent is not None and parent.name() == "postgres" else process


def _settle_all(tenant_id: UUID, now: dt.datetime) -> float:
    """Seconds from marks and raw punches to settled rows, all batches."""
    from zhiheng.attendance.services.settlement import settle_marked_days
    from zhiheng.tenancy.context import tenant_context

    start = time.perf_counter()
    done = 1
    while done:
        with tenant_context(tenant_id):
            done = settle_marked_days(now=now).days
    return time.perf_counter() - start


def _calculation(tenant_id: UUID, days: int, now: dt.datetime) -> float:
    """CPU seconds of calculation alone for all days: from frames of plans, punches and spans to figures."""
    from zhiheng.attendance.calc.columnar import settle_frame
    from zhiheng.attendance.queries.material import material_of
    from zhiheng.tenancy.context import tenant_context

    one = dt.timedelta(days=1)
    with tenant_context(tenant_id):
        material = material_of(None, FIRST + one, FIRST + dt.timedelta(days=days - 2))
    taken = []
    for _ in range(3):
        start = time.process_time()
        settle_frame(material.days, material.punches, material.spans, material.templates)
        taken.append(time.process_time() - start)
    return min(taken)


def _settle_one(tenant_id: UUID, person_id: UUID, now: dt.datetime) -> float:
    """Seconds of settling one marked day again."""
    from zhiheng.attendance.models import AttendanceDay
    from zhiheng.attendance.services.days import mark_days
    from zhiheng.attendance.services.settlement import settle_marked_days
    from zhiheng.tenancy.context import tenant_context

    with tenant_context(tenant_id):
        row = AttendanceDay.objects.filter(person_id=person_id).order_by("on")[9]
        mark_days([(person_id, row.legal_entity_id, row.on)])
        start = time.perf_counter()
        assert settle_marked_days(now=now).days == 1
        return time.perf_counter() - start


def load(company: Days, people: int) -> tuple[UUID, list[UUID]]:
    """Fill the database with people, rosters, punches and what was approved; return the tenant and its people."""
    from zhiheng.tenancy.context import tenant_context
    from zhiheng.tenancy.models import LegalEntity, Tenant

    tenant = Tenant.objects.create(name="基准公司", slug="bench")
    with tenant_context(tenant.id):
        entity = LegalEntity.objects.create(code="E", name="基准公司")
        persons = _persons(people, entity.id, _units(tenant.id, entity.id))
        _punches(dirty_punches(company), persons, entity.id)
        _approved(company, persons, entity.id)
        _mark_all(company, persons, entity.id)
    _vacuum()
    return tenant.id, persons


def _units(tenant_id: UUID, entity_id: UUID) -> list[UUID]:
    """A department for each shift."""
    from zhiheng.access.actor import system_actor
    from zhiheng.rosters.calc.shift import Shift
    from zhiheng.rosters.services.assignments import Subject, assign_shift
    from zhiheng.rosters.services.shifts import ShiftLook, save_shift
    from zhiheng.tenancy.models import OrgUnit

    actor, found, since = system_actor(tenant_id), [], dt.date(2020, 1, 1)
    for number, (name, segments) in enumerate(SHIFTS):
        unit = OrgUnit(legal_entity_id=entity_id, name=name, code=f"U{number}", valid=(since, None))
        unit.path = [unit.id]
        unit.save()
        shift_id = save_shift(
            actor=actor, look=ShiftLook(f"S{number}", name), kind="fixed", times=Shift(segments)
        )
        assign_shift(actor=actor, subject=Subject(since, org_unit_id=unit.id), shift_id=shift_id)
        found.append(unit.id)
    return found


def _persons(people: int, entity_id: UUID, units: list[UUID]) -> list[UUID]:
    from zhiheng.dataimport.services.copying import copy_rows
    from zhiheng.people.models import Assignment, Employment, Person

    valid = (dt.date(2020, 1, 1), None)
    persons = [
        Person(
            legal_entity_id=entity_id, name=f"员工{n}", search_text=f"员工{n}", status="active",
            employee_number=f"N{n:06}", hired_on=valid[0], org_unit_id=units[n % len(units)],
        )
        for n in range(people)
    ]  # fmt: skip
    jobs = [
        Employment(
            legal_entity_id=entity_id, person_id=each.id, employee_number=each.employee_number, valid=valid
        )
        for each in persons
    ]
    places = [
        Assignment(
            legal_entity_id=entity_id, employment_id=job.id, person_id=each.id, org_unit_id=each.org_unit_id,
            valid=valid,
        )
        for each, job in zip(persons, jobs, strict=True)
    ]  # fmt: skip
    for rows in (persons, jobs, places):
        copy_rows(rows)
    return [each.id for each in persons]


_BEGIN = dt.datetime.combine(FIRST, dt.time(), dt.timezone(dt.timedelta(hours=8)))
_PUNCH = """
INSERT INTO attendance_punch (tenant_id, id, legal_entity_id, person_id, punched_at, zone, wall_time, received_at,
    source, method, direction, client_id, browser_id, datum, risks, is_pending, is_late_upload, note)
SELECT %(tenant)s, uuidv7(), %(entity)s, person, %(begin)s + second * interval '1 second', 'Asia/Shanghai', '',
    now(), 'terminal', 'face', 255, number::text, '', '', '{}', false, false, ''
FROM bench_punches
"""


def _punches(punches: pl.DataFrame, persons: list[UUID], entity_id: UUID) -> None:
    from django.db import connection

    from zhiheng.tenancy.context import current_tenant_id

    names = pl.DataFrame({"person": range(len(persons)), "id": [str(each) for each in persons]})
    rows = (
        punches.join(names, on="person", maintain_order="left")
        .select("id", "second")
        .with_row_index("number")
    )
    values = {"tenant": current_tenant_id(), "entity": entity_id, "begin": _BEGIN}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_punches (number bigint, person uuid, second bigint) ON COMMIT DROP"
        )
        with cursor.copy("COPY bench_punches FROM STDIN (FORMAT csv)") as copy:
            copy.write(rows.write_csv(None, include_header=False))
        cursor.execute(_PUNCH, values)


def _approved(company: Days, persons: list[UUID], entity_id: UUID) -> None:
    """Leave in the afternoon, outings before it, overtime after the shift, trips; on workdays drawn at random."""
    from zhiheng.access.actor import system_actor
    from zhiheng.attendance.models import TimeRequest
    from zhiheng.dataimport.services.copying import copy_rows
    from zhiheng.leave.models import LeaveDay, LeaveRequest, LeaveType
    from zhiheng.leave.public import load_leave_types
    from zhiheng.tenancy.context import current_tenant_id

    load_leave_types(actor=system_actor(current_tenant_id()))
    kind = LeaveType.objects.order_by("id").first()
    chance = np.random.default_rng(11)
    work = np.flatnonzero(company.is_work)
    rows: dict[str, list] = {"request": [], "leave": [], "day": []}
    for name, share in SHARES.items():
        for at in chance.choice(work, int(share * len(company.person)), replace=False):
            day = int(company.day[at])
            start, end = int(company.start[at]), int(company.end[at])
            on = FIRST + dt.timedelta(days=day)
            base = {"legal_entity_id": entity_id, "person_id": persons[int(company.person[at])]}
            spans = {
                "leave": (end - 240, end),
                "outing": (start + 60, start + 180),
                "overtime": (end, end + 120),
            }
            first, last = (
                _BEGIN + dt.timedelta(days=day, minutes=minute) for minute in spans.get(name, (start, end))
            )
            if name == "leave":
                asked = LeaveRequest(
                    **base, leave_type_id=kind.id, from_on=on, to_on=on, amount=4, minutes=240, state="approved",
                    requested_by="",
                )  # fmt: skip
                rows["leave"].append(asked)
                rows["day"].append(
                    LeaveDay(
                        **base, request_id=asked.id, on=on, share=0, minutes=240, from_at=first, to_at=last
                    )
                )
                continue
            more = {"minutes": 120, "compensation": "pay"} if name == "overtime" else {}
            times = {} if name == "trip" else {"from_at": first, "to_at": last}
            rows["request"].append(
                TimeRequest(
                    **base, kind=name, state="approved", from_on=on, to_on=on, reason="", **times, **more
                )
            )
    for each in ("request", "leave", "day"):
        copy_rows(rows[each])


def _mark_all(company: Days, persons: list[UUID], entity_id: UUID) -> None:
    from zhiheng.attendance.services.days import mark_days

    dates = [FIRST + dt.timedelta(days=n) for n in range(int(company.day.max()) + 1)]
    mark_days(
        (persons[person], entity_id, dates[day])
        for person, day in zip(company.person, company.day, strict=True)
    )


def _vacuum() -> None:
    """Let the planner know the tables, as the server does by itself after a while."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
