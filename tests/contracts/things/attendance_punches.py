"""Sites, devices and punches."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhiheng.attendance.choices import DeviceKind
from zhiheng.attendance.models import Punch, SiteAssignment
from zhiheng.attendance.public import NewPunch, ensure_device, record_punches
from zhiheng.attendance.services.sites import SiteDraft, assign_site, save_site
from zhiheng.files.public import save_file
from zhiheng.people.models import Person

KINDS = {"punch_id": "punch", "site_id": "site", "device_id": "device"}
KINDS_BELOW = {("attendance/sites/", "assignment_id"): "site_assignment"}
OF_PEOPLE = {"punch"}
OF_SUBSIDIARIES = {"site", "device", "site_assignment"}
BODY_WORDS = {
    "client_id": "0123456789abcdef",
    "way": "gps",
    "outcome": "accepted",
    "datum": "wgs84",
    "browser_id": "test-phone",
}
# What units are called is no secret inside a subsidiary, so the second southern site does not tell of its people.
SITE_MARKS = {"S1": "南一", "S2": "南二", "N1": "北密", "N2": "北密"}
FIRST = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)
PHOTO = b"\xff\xd8\xff\xe0"


def _punch(person: Person, number: int, **more: object) -> NewPunch:
    return NewPunch(
        person_id=person.id, legal_entity_id=person.legal_entity_id,
        punched_at=FIRST + dt.timedelta(hours=9 * number), source="phone", method="gps",
        client_id=f"{person.id}:contract-{number}", browser_id=f"phone-{person.employee_number}",
        risks=("outside",), is_pending=True, **more,
    )  # fmt: skip


def add(company, actor) -> None:
    """Give each department a site with a device and let its people punch there."""
    for code, mark in SITE_MARKS.items():
        found, name = company.ids[code], f"{company.name}{mark}地点{code}"
        entity_id = found["legal_entity"]
        draft = SiteDraft(
            code=code, name=name, legal_entity_id=entity_id, methods=["gps", "qr"], datum="wgs84",
            latitude=Decimal("31.23"), longitude=Decimal("121.47"),
        )  # fmt: skip
        found["site"] = save_site(actor=actor, draft=draft)
        assign_site(
            actor=actor, site_id=found["site"], from_on=dt.date(2020, 1, 1), org_unit_id=found["unit"]
        )
        found["site_assignment"] = SiteAssignment.objects.get(site_id=found["site"]).id
        found["device"] = ensure_device(
            code=f"{company.latin}-{code}", name=f"{company.name}{mark}平板", kind=DeviceKind.KIOSK,
            site_id=found["site"], legal_entity_id=entity_id,
        )  # fmt: skip
        for number, person in enumerate(
            Person.objects.filter(org_unit_id=found["unit"]).order_by("employee_number")
        ):
            photo_id = save_file(
                actor, name="punch.jpg", content=PHOTO + person.name.encode(), kind="attendance.punch",
                legal_entity_id=entity_id,
            )  # fmt: skip
            record_punches([_punch(person, number, site_id=found["site"], photo_id=photo_id)])
            if number == 0:
                found["punch"] = Punch.objects.get(person=person).id


def crowd(company, actor, count: int) -> None:
    """Let one person punch often, and add sites."""
    person = Person.objects.get(employee_number="S101")
    record_punches([_punch(person, number) for number in range(10, 10 + count)])
    for number in range(count):
        draft = SiteDraft(
            code=f"C{number}",
            name=f"{company.name}{number}",
            legal_entity_id=person.legal_entity_id,
            methods=["qr"],
        )
        save_site(actor=actor, draft=draft)
