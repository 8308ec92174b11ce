"""Claims made from visits, completed with receipts, approved and paid; figures worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.worklog.conftest import MONDAY

from zhiheng.access.errors import Forbidden
from zhiheng.approvals.public import approval_of
from zhiheng.files.models import StoredFile
from zhiheng.worklog.approvals import _approved, _rejected
from zhiheng.worklog.models import ExpenseClaim, ExpenseLine
from zhiheng.worklog.queries.expenses import claims_for_actor, rates_for_actor, receipt_of_claim
from zhiheng.worklog.services.expenses import (
    Receipt,
    add_line,
    create_claim,
    delete_claim,
    pay_claim,
    refresh_claim,
    remove_line,
    save_rate,
    submit_claim,
    withdraw_claim,
)
from zhiheng.worklog.services.visits import Fix, Notes, check_in, check_out

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + dt.timedelta(days=1)
NORTH = (Decimal("30.350000"), Decimal("120.150000"))  # a tenth of a degree north: 11,119.5 m
PDF = Receipt("taxi.pdf", b"%PDF-1.7 ...")


def visit(firm, clock, actor, customer, on, begin: str, end: str, fix: Fix | None = None) -> None:
    clock.set(on, begin)
    visit_id = check_in(actor=actor, customer_id=customer, fix=fix)
    clock.set(on, end)
    check_out(actor=actor, visit_id=visit_id, notes=Notes())


@pytest.fixture
def week(firm, clock):
    """Two visits on Monday 11.12 km apart, one on Tuesday; 0.80 a kilometre, detour 1.3, 50 a day."""
    save_rate(
        actor=firm.actor, legal_entity_id=firm.east.legal_entity_id, from_on=dt.date(2026, 1, 1),
        distance_rate=Decimal("0.8"), daily_allowance=Decimal(50), detour=Decimal("1.3"),
    )  # fmt: skip
    ann = firm.member(firm.ann)
    lake, north = firm.customer("C1", firm.ann), firm.customer("C2", firm.ann, NORTH)
    visit(firm, clock, ann, lake, MONDAY, "9:00", "10:00")
    visit(firm, clock, ann, north, MONDAY, "11:00", "12:00")
    visit(firm, clock, ann, lake, TUESDAY, "9:00", "10:00")
    return ann


def claim_of(ann, first=MONDAY, last=TUESDAY):
    return create_claim(actor=ann, first_on=first, last_on=last)


def lines(claim_id) -> list[tuple]:
    rows = ExpenseLine.objects.filter(claim_id=claim_id)
    return [(each.on, each.kind, each.text, each.quantity, each.amount) for each in rows]


def test_a_claim_is_made_from_visits(firm, week):
    claim_id = claim_of(week)
    # 11,120 m × 1.3 = 14.456 km → 14.46 × 0.80 = 11.568 → 11.57
    assert lines(claim_id) == [
        (MONDAY, "allowance", "", Decimal(1), Decimal(50)),
        (MONDAY, "distance", "客户C1", Decimal(0), Decimal(0)),
        (MONDAY, "distance", "客户C1 → 客户C2", Decimal("14.46"), Decimal("11.57")),
        (TUESDAY, "allowance", "", Decimal(1), Decimal(50)),
        (TUESDAY, "distance", "客户C1", Decimal(0), Decimal(0)),
    ]
    claim = ExpenseClaim.objects.get()
    assert (claim.amount, claim.currency, claim.state) == (Decimal("111.57"), "CNY", "draft")
    assert claim.number.startswith("BX261103-")


def test_where_the_customer_has_no_place_the_check_in_counts(firm, clock):
    save_rate(
        actor=firm.actor, legal_entity_id=firm.east.legal_entity_id, from_on=MONDAY,
        distance_rate=Decimal(1), daily_allowance=Decimal(0),
    )  # fmt: skip
    ann, lake, nowhere = (
        firm.member(firm.ann),
        firm.customer("C1", firm.ann),
        firm.customer("C2", firm.ann, None),
    )
    visit(firm, clock, ann, lake, MONDAY, "9:00", "10:00")
    visit(firm, clock, ann, nowhere, MONDAY, "11:00", "12:00", Fix(*NORTH, "wgs84", 10))
    assert [each[-1] for each in lines(claim_of(ann))] == [Decimal(0), Decimal("11.12")]


def test_other_costs_with_receipts(firm, week):
    claim_id = claim_of(week)
    line_id = add_line(
        actor=week, claim_id=claim_id, on=MONDAY, text="出租车", amount=Decimal("23.456"), receipt=PDF
    )
    assert ExpenseClaim.objects.get().amount == Decimal("135.03")
    receipt = ExpenseLine.objects.get(id=line_id).receipt_id
    assert [receipt_of_claim(each, receipt) for each in (week, firm.member(firm.bob))] == [True, False]
    for wrong in ({"on": dt.date(2026, 1, 1)}, {"receipt": Receipt("x.exe", b"MZ")}):
        with pytest.raises(ValidationError):
            add_line(
                **{
                    "actor": week,
                    "claim_id": claim_id,
                    "on": MONDAY,
                    "text": "x",
                    "amount": Decimal(1),
                    **wrong,
                }
            )
    refresh_claim(actor=week, claim_id=claim_id)
    assert ExpenseClaim.objects.get().amount == Decimal("135.03")
    remove_line(actor=week, claim_id=claim_id, line_id=line_id)
    remove_line(actor=week, claim_id=claim_id, line_id=line_id)
    assert (ExpenseClaim.objects.get().amount, StoredFile.objects.count()) == (Decimal("111.57"), 0)


def test_submitted_approved_paid(firm, week):
    claim_id = claim_of(week)
    finance = firm.member(None, "finance")
    with pytest.raises(ValidationError, match="审批通过"):
        pay_claim(actor=finance, claim_id=claim_id)
    submit_claim(actor=week, claim_id=claim_id)
    info = approval_of(claim_id)
    assert (info.state, "111.57 CNY" in info.summary) == ("pending", True)
    with pytest.raises(ValidationError, match="已提交"):
        refresh_claim(actor=week, claim_id=claim_id)
    _approved(firm.actor, claim_id)
    for _ in range(2):
        pay_claim(actor=finance, claim_id=claim_id)
    claim = ExpenseClaim.objects.get()
    assert (claim.state, claim.paid_by) == ("paid", finance.name)
    with pytest.raises(ValidationError, match="已付款"):
        _rejected(firm.actor, claim_id)


def test_withdrawn_and_rejected_claims_can_be_changed(firm, week):
    claim_id = claim_of(week)
    with pytest.raises(ValidationError, match="审批中"):
        withdraw_claim(actor=week, claim_id=claim_id)
    submit_claim(actor=week, claim_id=claim_id)
    withdraw_claim(actor=week, claim_id=claim_id)
    assert (ExpenseClaim.objects.get().state, approval_of(claim_id).state) == ("draft", "withdrawn")
    submit_claim(actor=week, claim_id=claim_id)
    _rejected(firm.actor, claim_id)
    add_line(actor=week, claim_id=claim_id, on=MONDAY, text="停车", amount=Decimal(5), receipt=PDF)
    delete_claim(actor=week, claim_id=claim_id)
    assert (ExpenseClaim.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_nothing_is_claimed_twice(firm, week):
    first, second = claim_of(week), claim_of(week, MONDAY, MONDAY)
    submit_claim(actor=week, claim_id=first)
    with pytest.raises(ValidationError, match="已在另一张"):
        submit_claim(actor=week, claim_id=second)
    with pytest.raises(ValidationError, match="没有尚未报销"):
        claim_of(week)


def test_without_a_rate_nothing_is_guessed(firm, clock):
    ann = firm.member(firm.ann)
    visit(firm, clock, ann, firm.customer("C1", firm.ann), MONDAY, "9:00", "10:00")
    with pytest.raises(ValidationError, match="没有生效的差旅标准"):
        claim_of(ann)


@pytest.mark.parametrize(("first", "last"), [(TUESDAY, MONDAY), (MONDAY, MONDAY + dt.timedelta(days=93))])
def test_periods_that_make_no_sense(firm, week, first, last):
    with pytest.raises(ValidationError, match="93 天"):
        claim_of(week, first, last)


def test_an_empty_claim_is_not_submitted(firm, week):
    claim_id = claim_of(week)
    ExpenseLine.objects.all().delete()
    with pytest.raises(ValidationError, match="还没有明细"):
        submit_claim(actor=week, claim_id=claim_id)


def test_whose_claims_and_rates(firm, week):
    claim_id = claim_of(week)
    bob, head = firm.member(firm.bob), firm.member(firm.dora, "department_head", firm.east)
    assert [claims_for_actor(each).count() for each in (week, bob, head, firm.member(None, "finance"))] == [
        1,
        0,
        1,
        1,
    ]
    with pytest.raises(Http404):
        submit_claim(actor=bob, claim_id=claim_id)
    with pytest.raises(Forbidden):
        pay_claim(actor=week, claim_id=claim_id)
    with pytest.raises(Forbidden):
        rates_for_actor(week)


def test_a_rate_is_replaced_and_belongs_to_a_subsidiary(firm, week):
    values = {"from_on": dt.date(2026, 1, 1), "distance_rate": Decimal(2), "daily_allowance": Decimal(60)}
    save_rate(actor=firm.actor, legal_entity_id=firm.east.legal_entity_id, **values)
    (rate,) = rates_for_actor(firm.actor)
    assert (rate.distance_rate, rate.daily_allowance) == (Decimal(2), Decimal(60))
    with pytest.raises(ValidationError, match="没有这个法人实体"):
        save_rate(actor=firm.actor, legal_entity_id=firm.ann.id, **values)
