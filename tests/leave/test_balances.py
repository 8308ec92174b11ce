"""Balances: yearly grants, adjustments, time off in lieu, what ends."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404
from tests.factories import make_person

from zhiheng.access.errors import Forbidden
from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.choices import EntryKind
from zhiheng.leave.models import LeaveAccount, LeaveEntry
from zhiheng.leave.public import credit_comp_time, expired_unused
from zhiheng.leave.queries.balances import account_for_actor, accounts_for_actor, ledger_of, with_sums
from zhiheng.leave.services import hooks
from zhiheng.leave.services.catalogue import catalogue, load_leave_types
from zhiheng.leave.services.grants import Done
from zhiheng.leave.services.ledger import adjust_balance
from zhiheng.leave.services.records import set_service
from zhiheng.leave.services.requests import approve_leave, request_leave, withdraw_leave
from zhiheng.leave.services.types import save_leave_rule, save_leave_type

D = Decimal
TODAY = dt.date(2026, 3, 2)


def account(company, code="annual") -> LeaveAccount:
    return LeaveAccount.objects.get(person=company.person, leave_type__code=code)


def credit(company, minutes=480, on=TODAY, expires_on=dt.date(2026, 6, 30), source=None):
    source = source or uuid4()
    credit_comp_time(
        actor=company.system, person_id=company.person.id, on=on, minutes=minutes, expires_on=expires_on,
        source_id=source,
    )  # fmt: skip
    return source


def test_the_package_brings_types_once(inside):
    assert load_leave_types(actor=inside.hr) == (0, 0)
    assert len(catalogue()) == 15


def test_every_rule_of_the_package_says_where_it_is_written():
    rules = [rule for kind in catalogue() for rule in kind["rules"]]
    assert all(rule["source"] and rule["published_on"] <= rule["effective_from"] for rule in rules)
    assert {rule["grade"] for rule in rules} == {"A", "B", "C", "K"}


def test_the_year_is_granted_once(inside):
    assert inside.left() == 5
    assert inside.run() == Done()
    assert inside.run(dt.date(2026, 3, 3)) == Done()
    assert inside.left() == 5


def test_service_elsewhere_adds_to_the_grant(inside):
    set_service(
        actor=inside.hr, person_id=inside.person.id, first_worked_on=dt.date(2010, 1, 1), note="社保记录"
    )
    assert inside.run().granted == 1
    assert inside.left() == 10
    set_service(actor=inside.hr, person_id=inside.person.id, months_before=0)
    inside.run()
    assert inside.left() == 5
    assert inside.run() == Done()


def test_service_cannot_begin_after_the_hire(inside):
    with pytest.raises(ValidationError):
        set_service(actor=inside.hr, person_id=inside.person.id, first_worked_on=dt.date(2021, 1, 1))
    with pytest.raises(ValidationError):
        set_service(actor=inside.hr, person_id=inside.person.id)


def test_a_new_person_gets_what_is_left_of_the_year(inside):
    new = make_person(inside.unit, "王芳", hired_on=dt.date(2026, 7, 1))
    set_service(actor=inside.hr, person_id=new.id, months_before=24)
    inside.run(dt.date(2026, 7, 1))
    assert inside.balance(person_id=new.id, on=dt.date(2026, 7, 1)).left == 2


def test_who_reaches_twelve_months_is_granted_on_that_day(inside):
    new = make_person(inside.unit, "王芳", hired_on=dt.date(2025, 7, 1))
    inside.run(dt.date(2026, 6, 30))
    assert inside.balance(person_id=new.id, on=dt.date(2026, 6, 30)).left == 0
    inside.run(dt.date(2026, 7, 1))
    assert inside.balance(person_id=new.id, on=dt.date(2026, 7, 1)).left == 2


def test_monthly_accrual_adds_up_to_the_year(inside):
    save_leave_type(
        actor=inside.hr, code="extra", name="福利假", basis="fixed", unit="half_day", accrual="monthly"
    )
    kind = inside.kind("extra")
    save_leave_rule(
        actor=inside.hr, type_id=kind.id, region="CN", amount=D(6), effective_from=dt.date(2020, 1, 1)
    )
    left = {}
    for month in (1, 2, 3, 12):
        inside.run(dt.date(2026, month, 15))
        left[month] = inside.left("extra", dt.date(2026, month, 15))
    assert left == {1: D("0.5"), 2: D("0.5"), 3: D(1), 12: D(6)}
    assert {row.kind for row in LeaveEntry.objects.filter(account__leave_type=kind)} == {EntryKind.ACCRUE}


def test_a_fixed_type_without_a_rule_grants_nothing(inside):
    save_leave_type(actor=inside.hr, code="extra", name="福利假", basis="fixed", unit="day")
    inside.run()
    assert inside.left("extra") == 0


def test_unused_leave_is_carried_and_then_paid(inside):
    inside.run(dt.date(2027, 1, 1))
    carried = list(LeaveEntry.objects.filter(kind=EntryKind.CARRY).order_by("id"))
    assert [(row.amount, row.on, row.expires_on) for row in carried] == [
        (-5, dt.date(2026, 12, 31), None),
        (5, dt.date(2027, 1, 1), dt.date(2027, 12, 31)),
    ]
    assert inside.left(on=dt.date(2027, 1, 2)) == 10
    inside.run(dt.date(2028, 1, 1))
    (unused,) = expired_unused(dt.date(2027, 12, 1), dt.date(2028, 1, 31))
    assert (unused.type_code, unused.amount, unused.multiple, unused.on) == (
        "annual",
        5,
        2,
        dt.date(2027, 12, 31),
    )
    assert inside.run(dt.date(2028, 1, 1)) == Done()


def test_hr_adjusts_with_a_reason(inside):
    mine = account(inside)
    total = adjust_balance(actor=inside.hr, account_id=mine.id, amount=D(2), on=TODAY, reason="司龄奖励")
    assert total == 7
    assert adjust_balance(actor=inside.hr, account_id=mine.id, amount=D(-3), on=TODAY, reason="多发更正") == 4
    assert [(line.kind, line.amount, line.balance_after) for line in ledger_of(mine)] == [
        ("grant", 5, 5), ("adjust", 2, 7), ("adjust", -3, 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "reason", "field"),
    [(D(1), " ", "reason"), (D(0), "某", "amount"), (D(-6), "某", "amount")],
)
def test_an_adjustment_that_cannot_be(inside, amount, reason, field):
    with pytest.raises(ValidationError) as refused:
        adjust_balance(actor=inside.hr, account_id=account(inside).id, amount=amount, on=TODAY, reason=reason)
    assert list(refused.value.error_dict) == [field]


def test_employees_see_their_balance_and_cannot_adjust_it(inside):
    other = make_person(inside.unit, "王芳")
    inside.run()
    assert {row.person_id for row in accounts_for_actor(inside.employee)} == {inside.person.id}
    assert accounts_for_actor(inside.hr).filter(person_id=other.id).exists()
    with pytest.raises(Forbidden):
        adjust_balance(
            actor=inside.employee, account_id=account(inside).id, amount=D(1), on=TODAY, reason="想要"
        )


def test_the_ledger_is_never_changed(inside):
    for change in (lambda rows: rows.update(amount=9), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(LeaveEntry.objects.all())


def test_sums_as_of_a_day(inside):
    adjust_balance(
        actor=inside.hr, account_id=account(inside).id, amount=D(2), on=dt.date(2026, 5, 1), reason="奖励"
    )
    rows = accounts_for_actor(inside.hr).filter(leave_type__code="annual")
    before, after = (with_sums(rows, dt.date(2026, month, 30)).get() for month in (4, 6))
    assert (before.balance, after.balance, after.granted, after.available) == (5, 7, 7, 7)
    assert account_for_actor(inside.hr, account(inside).id).balance == 7


# --- Time off in lieu ----------------------------------------------------------------------------------------------


def test_a_credit_of_the_same_source_is_replaced(inside):
    source = credit(inside, 480)
    credit(inside, 480, source=source)
    assert inside.left("comp_time") == 480
    credit(inside, 600, source=source)
    assert inside.left("comp_time") == 600
    credit(inside, 120, source=source)
    assert inside.left("comp_time") == 120
    credit(inside, 0, source=source)
    assert inside.left("comp_time") == 0
    assert len(LeaveEntry.objects.filter(source_id=source)) == 4


def test_a_later_end_of_the_same_source_is_a_lot_of_its_own(inside):
    source = credit(inside, 60)
    credit(inside, 100, source=source, expires_on=dt.date(2026, 9, 30))
    ends = LeaveEntry.objects.filter(source_id=source).order_by("id").values_list("amount", "expires_on")
    assert list(ends) == [(60, dt.date(2026, 6, 30)), (40, dt.date(2026, 9, 30))]


def test_a_credit_used_and_then_reduced_is_overdrawn(inside):
    source, _other = credit(inside, 120), credit(inside, 60)
    adjust_balance(
        actor=inside.hr, account_id=account(inside, "comp_time").id, amount=D(-150), on=TODAY, reason="已休"
    )
    credit(inside, 0, source=source)
    assert inside.left("comp_time") == -90
    assert sum(row.amount for row in LeaveEntry.objects.filter(account=account(inside, "comp_time"))) == -90


def test_what_ends_unused_is_reported_for_payment(inside):
    credit(inside, 480, expires_on=dt.date(2026, 3, 31))
    credit(inside, 60, expires_on=dt.date(2026, 4, 30))
    inside.run(dt.date(2026, 4, 1))
    assert inside.left("comp_time", dt.date(2026, 4, 1)) == 60
    (unused,) = expired_unused(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert (unused.person_id, unused.type_code, unused.unit) == (inside.person.id, "comp_time", "hour")
    assert (unused.amount, unused.multiple) == (480, 2)


def test_what_comes_back_after_its_end_is_paid_too(inside):
    credit(inside, 480, expires_on=dt.date(2026, 3, 31))
    key = request_leave(
        actor=inside.employee, person_id=inside.person.id, type_id=inside.kind("comp_time").id,
        span=LeaveSpan(TODAY, TODAY, from_minute=540, to_minute=1080),
    )  # fmt: skip
    approve_leave(inside.hr, key)
    inside.run(dt.date(2026, 4, 1))
    assert expired_unused(dt.date(2026, 3, 1), dt.date(2026, 4, 30)) == []
    withdraw_leave(inside.hr, key)
    inside.run(dt.date(2026, 4, 2))
    (unused,) = expired_unused(dt.date(2026, 3, 1), dt.date(2026, 4, 30))
    assert (unused.amount, inside.left("comp_time", dt.date(2026, 4, 2))) == (480, 0)


def test_nobody_is_credited_who_is_not_there(inside):
    with pytest.raises(Http404):
        credit_comp_time(
            actor=inside.system, person_id=uuid4(), on=TODAY, minutes=1, expires_on=TODAY, source_id=uuid4()
        )


def test_hooks_are_called_once_each(monkeypatch):
    monkeypatch.setattr(hooks, "_hooks", [])
    heard = []
    hook = heard.append
    hooks.on_change(hook)
    hooks.on_change(hook)
    hooks.tell([])
    hooks.tell([(uuid4(), uuid4(), TODAY)])
    assert len(heard) == 1


def test_a_credit_brings_the_type_if_the_company_has_none(company):
    from zhiheng.tenancy.context import tenant_context

    with tenant_context(company.tenant.id):
        credit(company, 30)
        assert company.left("comp_time") == 30
