"""Sites, devices and punches."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhiheng.attendance.models import Punch, SiteAssignment
from zhiheng.attendance.public import NewPunch, record_punches
from zhiheng.attendance.services.imports import take_log, upload_log
from zhiheng.attendance.services.kiosks import add_kiosk
from zhiheng.attendance.services.pins import own_pin, set_pin
from zhiheng.attendance.services.sites import SiteDraft, assign_site, save_site
from zhiheng.files.public import save_file
from zhiheng.people.models import Person

KINDS = {
    "punch_id": "punch",
    "site_id": "site",
    "device_id": "device",
    "import_id": "punch_import",
    "pin_owner_id": "pin_owner",
}
KINDS_BELOW = {("attendance/sites/", "assignment_id"): "site_assignment"}
OF_PEOPLE = {"punch"}
OF_SUBSIDIARIES = {"site", "device", "site_assignment", "punch_import", "pin_owner"}
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
        found["device"] = add_kiosk(actor=actor, site_id=found["site"], name=f"{company.name}{mark}平板")
        found["pin_owner"] = own_pin(actor=actor, pin=f"77{code}", person_id=found["person"])
        set_pin(actor=actor, person_id=found["person"], pin="2580")
        log = f"{code}01\t2026-05-04 08:58:00\t1\t0\t1\t0\nX{code}\t2026-05-04 09:01:00\t1\t0\t1\t0\n"
        found["punch_import"] = upload_log(
            actor=actor, name=f"{company.name}{mark}.dat", content=log.encode(), zone="Asia/Shanghai",
            legal_entity_id=entity_id, device_name=f"{company.name}{mark}考勤机",
        )  # fmt: skip
        take_log(actor=actor, import_id=found["punch_import"])
        for number, person in enumerate(
            Person.objects.filter(org_unit_id=found["unit"]).order_by("employee_number")
        ):
            photo_id = save_file(
                actor, name="punch.jpg", content=PHOTO + person.name.encode(), kind="attendance.punch",
                legal_entity_id=entity_id,
            )  # fmt: skip
            record_punches([_punch(person, number, site_id=found["site"], photo_id=photo_id)])
            if number == 0:
                found["punch"] = Punch.objects.get(person=person, source="phone").id


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
