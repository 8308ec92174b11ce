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


def _settle(people: list[Person], days: int) -> None:
    wanted = [(str(person.id), FIRST + dt.timedelta(days=n)) for person in people for n in range(days)]
    frame = pl.DataFrame(wanted, schema={"person_id": pl.String, "on": pl.Date}, orient="row")
    settle_days(frame, now=NOW)


def add(company, actor) -> None:
    """Settle two days of each department's people, whose punches stand in ``attendance_punches``."""
    for code in (each for each in company.ids if each != "all"):
        people = list(
            Person.objects.filter(org_unit_id=company.ids[code]["unit"]).order_by("employee_number")
        )
        _settle(people, 2)
        company.ids[code]["day"] = AttendanceDay.objects.filter(person=people[0]).earliest("on").id


def crowd(company, actor, count: int) -> None:
    """Settle many days of one person."""
    _settle([Person.objects.get(employee_number="S101")], count)
