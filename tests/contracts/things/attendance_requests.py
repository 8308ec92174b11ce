"""Requests about working time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from zhiheng.attendance.services.requests import NewRequest, create_request
from zhiheng.people.models import Person

KINDS = {"time_request_id": "time_request"}
FIELD_KINDS = {"other_person_id": "person"}
WORDS = {("attendance/requests/new/", "kind"): "correction"}
OF_PEOPLE = {"time_request"}


def add(company, actor) -> None:
    """Let one person of each department ask for a correction, with a file that proves it."""
    now = timezone.now() - dt.timedelta(minutes=1)
    for key, name, code, _email in company.people():
        if not key.endswith("02"):
            continue
        person = Person.objects.get(employee_number=key)
        on = timezone.localdate(now)
        new = NewRequest(
            "correction", person.id, on, on, f"{name}忘记打卡", from_at=now, end="in",
            evidence=(f"{name}.pdf", name.encode()),
        )  # fmt: skip
        company.ids[code]["time_request"] = create_request(actor=actor, new=new)


def crowd(company, actor, count: int) -> None:
    """Let one person ask for overtime on many days."""
    person = Person.objects.get(employee_number="S102")
    for number in range(count):
        on = timezone.localdate() + dt.timedelta(days=number)
        new = NewRequest(
            "overtime", person.id, on, on, f"{company.name}{number}", minutes=60, compensation="pay"
        )
        create_request(actor=actor, new=new, is_confirmed=True)
