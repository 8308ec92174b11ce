"""Customers, visits, work content, projects with hours, and claims of every department."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.people.models import Person
from zhiheng.tenancy.models import OrgUnit
from zhiheng.worklog.services.customers import CustomerData, save_customer
from zhiheng.worklog.services.entries import add_entry, save_category
from zhiheng.worklog.services.expenses import add_line, create_claim, save_rate
from zhiheng.worklog.services.projects import ProjectData, add_activity, save_project, set_members
from zhiheng.worklog.services.timesheets import lock_week, save_hours
from zhiheng.worklog.services.visits import Fix, Notes, Photo, check_in, check_out, plan_visit
from zhiheng.worklog.services.work_time import ensure_work_time

if TYPE_CHECKING:
    from tests.contracts.world import Company

KINDS = {
    "customer_id": "customer",
    "visit_id": "visit",
    "project_id": "project",
    "work_entry_id": "work_entry",
    "claim_id": "claim",
    "line_id": "claim_line",
}
FIELD_KINDS = {"activity_id": "activity", "owner_id": "person"}
OTHER_STATES = {"visit": "open_visit"}
BODY_WORDS = {"category": "meeting", "datum": "wgs84"}
WITHOUT_MARKER = {"get_effective_time"}
OF_PEOPLE = {"customer", "visit", "open_visit", "work_entry", "project", "activity", "claim", "claim_line"}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
MONDAY = dt.date(2026, 5, 4)
HERE = Fix(Decimal("30.25"), Decimal("120.15"), "wgs84", 20)


def add(company: Company, actor: Actor) -> None:
    """Give every department a customer, visits, work content and a project with hours."""
    departments = [code for code in company.ids if code != "all"]
    for code in departments:
        found = company.ids[code]
        person = Person.objects.get(id=found["person"])
        mark = person.name
        customer = save_customer(
            actor=actor,
            data=CustomerData(f"K{code}", f"{mark}的客户", address=f"{mark}路", latitude=HERE.latitude, longitude=HERE.longitude),
            owner_id=person.id,
        )  # fmt: skip
        found["customer"] = customer
        found["visit"] = _visit(actor, customer, person, mark)
        found["open_visit"] = plan_visit(
            actor=actor, customer_id=customer, person_id=person.id, purpose=f"{mark}计划",
            planned_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1),
        )  # fmt: skip
        found["work_entry"] = add_entry(
            actor=actor, person_id=person.id, category="meeting", on=MONDAY, minutes=30, note=f"{mark}会议"
        )
        _project(actor, found, person, code)
        _claim(actor, found, person, mark)
    save_category(actor=actor, code="own", name=f"{company.name}类别", is_effective=True)
    ensure_work_time(actor=actor)


def _visit(actor: Actor, customer, person: Person, mark: str):
    visit_id = check_in(
        actor=actor, customer_id=customer, person_id=person.id, fix=HERE, photo=Photo(f"{mark}.png", PNG)
    )
    from zhiheng.worklog.models import Visit

    early = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    Visit.objects.filter(id=visit_id).update(started_at=early)
    check_out(actor=actor, visit_id=visit_id, notes=Notes(f"{mark}联系人", f"{mark}小结", f"{mark}下一步"))
    return visit_id


def _project(actor: Actor, found: dict, person: Person, code: str) -> None:
    unit = OrgUnit.objects.get(code=code)
    project = save_project(actor=actor, data=ProjectData(f"PJ{code}", f"{person.name}项目", unit.id))
    found["project"] = project
    found["activity"] = add_activity(actor=actor, project_id=project, name=f"{person.name}开发")
    set_members(actor=actor, project_id=project, person_ids=[person.id])
    save_hours(actor=actor, person_id=person.id, cells={(found["activity"], MONDAY): 120})
    lock_week(actor=actor, person_id=person.id, monday=MONDAY)


def _claim(actor: Actor, found: dict, person: Person, mark: str) -> None:
    save_rate(
        actor=actor, legal_entity_id=person.legal_entity_id, from_on=dt.date(2020, 1, 1),
        distance_rate=Decimal(1), daily_allowance=Decimal(50),
    )  # fmt: skip
    today = timezone.localdate()
    found["claim"] = create_claim(
        actor=actor, person_id=person.id, first_on=today - dt.timedelta(days=1), last_on=today, note=mark
    )
    found["claim_line"] = add_line(
        actor=actor, claim_id=found["claim"], on=today, text=f"{mark}打车", amount=Decimal(9)
    )


def crowd(company: Company, actor: Actor, count: int) -> None:
    """Add more of everything that lists show."""
    found = SimpleNamespace(**{key: company.ids["S1"][key] for key in ("person", "unit", "customer")})
    for number in range(count):
        mark = f"{company.name}{number}"
        save_customer(actor=actor, data=CustomerData(f"KK{number}", f"{mark}客户"), owner_id=found.person)
        plan_visit(
            actor=actor, customer_id=found.customer, person_id=found.person,
            planned_at=dt.datetime(2026, 5, 5, 1, tzinfo=dt.UTC) + dt.timedelta(days=number),
        )  # fmt: skip
        add_entry(actor=actor, person_id=found.person, category="meeting", on=MONDAY, minutes=5)
        save_project(actor=actor, data=ProjectData(f"PP{number}", f"{mark}项目", found.unit))
        create_claim(
            actor=actor, person_id=found.person, first_on=timezone.localdate() - dt.timedelta(days=number),
            last_on=timezone.localdate(),
        )  # fmt: skip
        save_category(actor=actor, code=f"own{number}", name=mark, is_effective=False)
