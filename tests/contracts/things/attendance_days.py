"""Settled days."""

from __future__ import annotations

import datetime as dt

import polars as pl

from zhiheng.attendance.models import AttendanceDay
from zhiheng.attendance.services.settlement import settle_days
from zhiheng.people.models import Person

KINDS = {"day_id": "day"}
OF_PEOPLE = {"day"}
WITHOUT_MARKER = {"get_day", "get_day_trace"}
FIRST = dt.date(2026, 6, 1)
NOW = dt.datetime(2026, 7, 20, tzinfo=dt.UTC)


def _settle(person: Person, days: int) -> None:
    dates = [FIRST + dt.timedelta(days=n) for n in range(days)]
    wanted = pl.DataFrame(
        {"person_id": [str(person.id)] * days, "on": dates}, schema={"person_id": pl.String, "on": pl.Date}
    )
    settle_days(wanted, now=NOW)


def add(company, actor) -> None:
    """Settle two days of each department's people, whose punches stand in ``attendance_punches``."""
    for _key, _name, code, _email in company.people():
        for person in Person.objects.filter(org_unit_id=company.ids[code]["unit"]).order_by(
            "employee_number"
        ):
            _settle(person, 2)
            company.ids[code].setdefault("day", AttendanceDay.objects.filter(person=person).earliest("on").id)


def crowd(company, actor, count: int) -> None:
    """Settle many days of one person."""
    _settle(Person.objects.get(employee_number="S101"), count)
