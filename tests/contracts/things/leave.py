"""Leave in the world: types, balances with lines, service, and a request a department with an attachment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.choices import Region
from zhiheng.leave.models import LeaveAccount, LeaveType
from zhiheng.leave.services.catalogue import load_leave_types
from zhiheng.leave.services.grants import run_leave_day
from zhiheng.leave.services.ledger import adjust_balance
from zhiheng.leave.services.records import set_service
from zhiheng.leave.services.requests import request_leave
from zhiheng.leave.services.types import save_leave_rule, save_leave_type
from zhiheng.people.models import Person

KINDS = {
    "account_id": "leave_account",
    "leave_request_id": "leave_request",
    "leave_type_id": "leave_type",
}
KINDS_BELOW = {("leave/", "rule_id"): "leave_rule"}
OF_PEOPLE = {"leave_account", "leave_request"}
TODAY = dt.date(2026, 3, 2)
MONDAY = dt.date(2026, 12, 7)


def add(company, actor) -> None:
    """Give everybody a balance, and one person a department a request."""
    load_leave_types(actor=actor)
    LeaveType.objects.update(name=company.name)  # texts of a company are marked
    kind = save_leave_type(
        actor=actor, code="extra", name=f"{company.name}福利假", basis="fixed", unit="half_day"
    )
    company.ids["all"]["leave_type"] = kind
    company.ids["all"]["leave_rule"] = save_leave_rule(
        actor=actor, type_id=kind, region=Region.NATIONAL, amount=Decimal(5), effective_from=dt.date(2020, 1, 1),
        source=f"{company.name}制度",
    )  # fmt: skip
    run_leave_day(actor=actor, today=TODAY)
    for code, mark in (("S1", "南一"), ("S2", "丁密"), ("N1", "北密"), ("N2", "北密")):
        person = Person.objects.get(employee_number=f"{code}01")
        account = LeaveAccount.objects.get(person=person, leave_type_id=kind)
        text = f"{company.name}{mark}"
        adjust_balance(actor=actor, account_id=account.id, amount=Decimal(1), on=TODAY, reason=text)
        set_service(actor=actor, person_id=person.id, months_before=12, note=text)
        company.ids[code]["leave_account"] = account.id
        company.ids[code]["leave_request"] = request_leave(
            actor=actor, person_id=person.id, type_id=kind, span=LeaveSpan(MONDAY, MONDAY), reason=text,
            attachment=(f"{text}.txt", text.encode()),
        )  # fmt: skip


def crowd(company, actor, count: int) -> None:
    """Add requests of one person on many days, and types."""
    person = Person.objects.get(employee_number="S101")
    kind = LeaveType.objects.get(code="sick")
    for number in range(count):
        first = dt.date(2027, 1, 4) + dt.timedelta(weeks=number)
        request_leave(
            actor=actor, person_id=person.id, type_id=kind.id, span=LeaveSpan(first, first), reason=company.name,
            attachment=("病历.txt", b"x"),
        )  # fmt: skip
        save_leave_type(
            actor=actor, code=f"t{number}", name=f"{company.name}{number}", basis="unlimited", unit="day"
        )
