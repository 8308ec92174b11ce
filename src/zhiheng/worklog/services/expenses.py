"""Travel expense claims without paper: made from visits, completed with receipts, approved, paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.actor import Actor
from zhiheng.approvals.public import approval_of, start_approval, withdraw_approval
from zhiheng.audit.public import record
from zhiheng.calckit.money import round_money
from zhiheng.files.public import delete_file, save_file
from zhiheng.tenancy.models import LegalEntity
from zhiheng.worklog.calc.expenses import Line, NoRate, lines_of
from zhiheng.worklog.calc.places import metres_between
from zhiheng.worklog.choices import ClaimState, LineKind
from zhiheng.worklog.models import ExpenseClaim, ExpenseLine, ExpenseRate
from zhiheng.worklog.policies import MANAGE_RATE, PAY_CLAIM, WRITE_CLAIM
from zhiheng.worklog.queries.expenses import (
    claim_for_actor,
    claimed_days,
    entities_for_actor,
    rates_of_entity,
    unclaimed_stops,
)
from zhiheng.worklog.queries.scopes import person_in_scope

KIND = "worklog.claim"
RECEIPT_KIND = "worklog.receipt"
MAX_RECEIPT_BYTES = 20 * 1024 * 1024
OPEN = (ClaimState.DRAFT, ClaimState.REJECTED)
_RECEIPTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04", b"<?xml")
"""How pictures, PDF, OFD (a zip) and XML invoices begin."""


@dataclass(frozen=True)
class Receipt:
    """A receipt as it was uploaded."""

    name: str
    content: bytes


def save_rate(
    *,
    actor: Actor,
    legal_entity_id: UUID,
    from_on: dt.date,
    distance_rate: Decimal,
    daily_allowance: Decimal,
    detour: Decimal = Decimal(1),
) -> UUID:
    """Say what a subsidiary pays from a day on, in its currency; saying it again for the day replaces it."""
    actor.scope(MANAGE_RATE)
    entity = next((each for each in entities_for_actor(actor) if each.id == legal_entity_id), None)
    if entity is None:
        raise ValidationError({"legal_entity_id": _("没有这个法人实体。")}, code="no_entity")
    known = ExpenseRate.objects.filter(legal_entity_id=legal_entity_id, from_on=from_on).first()
    rate = known or ExpenseRate(legal_entity_id=legal_entity_id, from_on=from_on)
    rate.distance_rate, rate.daily_allowance, rate.detour = distance_rate, daily_allowance, detour
    rate.currency = entity.currency
    rate.full_clean()
    rate.save()
    payload = {
        "from": from_on, "distance_rate": distance_rate, "daily_allowance": daily_allowance, "detour": detour,
    }  # fmt: skip
    record(actor, "worklog.rate.set", subject=("worklog.rate", rate.id), payload=payload)
    return rate.id


def create_claim(
    *, actor: Actor, first_on: dt.date, last_on: dt.date, note: str = "", person_id: UUID | None = None
) -> UUID:
    """Make a draft from the visits of a period (both days included) that are in no claim yet; returns its id.

    ValidationError without such visits, and where no rate holds for a day of them.
    """
    person = person_in_scope(actor, WRITE_CLAIM, person_id)
    if last_on < first_on or (last_on - first_on).days > 92:
        raise ValidationError({"last_on": _("期间必须在 93 天以内，且结束不早于开始。")}, code="bad_period")
    entity = LegalEntity.objects.get(id=person.legal_entity_id)
    claim = ExpenseClaim(
        person_id=person.id, legal_entity_id=person.legal_entity_id, first_on=first_on, last_on=last_on,
        note=note.strip(), currency=entity.currency,
    )  # fmt: skip
    claim.number = f"BX{timezone.localdate():%y%m%d}-{claim.id.hex[-6:].upper()}"
    claim.full_clean(exclude=["person", "legal_entity"])
    lines = _lines(claim)
    claim.save(force_insert=True)
    _replace_lines(claim, lines)
    _record(actor, "worklog.claim.create", claim, visits=sum(each.visit_id is not None for each in lines))
    return claim.id


def _lines(claim: ExpenseClaim) -> list[Line]:
    stops = unclaimed_stops(claim.person_id, claim.first_on, claim.last_on, claim.id)
    if not stops:
        raise ValidationError(_("这段时间没有尚未报销的拜访。"), code="no_visits")
    try:
        lines = lines_of(stops, rates_of_entity(claim.legal_entity_id), metres_between)
    except NoRate as error:
        text = _("{day} 没有生效的差旅标准，请联系财务维护后再报销。").format(day=error.args[0])
        raise ValidationError(text, code="no_rate") from None
    paid = claimed_days(claim.person_id, claim.id)
    return [each for each in lines if each.kind != LineKind.ALLOWANCE or each.on not in paid]


def _replace_lines(claim: ExpenseClaim, lines: list[Line]) -> None:
    claim.lines.exclude(kind=LineKind.OTHER).delete()
    ExpenseLine.objects.bulk_create(
        ExpenseLine(
            claim=claim, legal_entity_id=claim.legal_entity_id, on=each.on, kind=each.kind,
            visit_id=each.visit_id, text=each.text, quantity=each.quantity, rate=each.rate, amount=each.amount,
        )
        for each in lines
    )  # fmt: skip
    _sum_up(claim)


def _sum_up(claim: ExpenseClaim) -> None:
    claim.amount = claim.lines.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    claim.save(update_fields=["amount"])


def refresh_claim(*, actor: Actor, claim_id: UUID) -> None:
    """Work the lines of a draft out again from the visits as they are now; those with receipts stay."""
    claim = _open(actor, claim_id)
    _replace_lines(claim, _lines(claim))
    _record(actor, "worklog.claim.update", claim)


def add_line(
    *, actor: Actor, claim_id: UUID, on: dt.date, text: str, amount: Decimal, receipt: Receipt | None = None
) -> UUID:
    """Add something else to a draft, with its receipt; returns the line's id."""
    claim = _open(actor, claim_id)
    if not claim.first_on <= on <= claim.last_on:
        raise ValidationError({"on": _("日期必须在报销期间内。")}, code="outside")
    line = ExpenseLine(
        claim=claim, legal_entity_id=claim.legal_entity_id, on=on, kind=LineKind.OTHER, text=text.strip(),
        amount=round_money(amount, claim.currency),
    )  # fmt: skip
    line.full_clean(exclude=["claim", "legal_entity"])
    if receipt is not None:
        line.receipt_id = _saved(actor, claim, receipt)
    line.save(force_insert=True)
    _sum_up(claim)
    _record(actor, "worklog.claim.update", claim, added=line.amount, text=line.text)
    return line.id


def _saved(actor: Actor, claim: ExpenseClaim, receipt: Receipt) -> UUID:
    if len(receipt.content) > MAX_RECEIPT_BYTES or not receipt.content.startswith(_RECEIPTS):
        text = _("票据请上传 20 MB 以内的图片、PDF、OFD 或 XML 文件。")
        raise ValidationError({"receipt": text}, code="bad_receipt")
    return save_file(
        actor, name=receipt.name, content=receipt.content, kind=RECEIPT_KIND,
        legal_entity_id=claim.legal_entity_id,
    )  # fmt: skip


def remove_line(*, actor: Actor, claim_id: UUID, line_id: UUID) -> None:
    """Take a line out of a draft, with its receipt; one that is not there changes nothing."""
    claim = _open(actor, claim_id)
    line = claim.lines.filter(id=line_id).first()
    if line is None:
        return
    line.delete()
    if line.receipt_id:
        delete_file(line.receipt_id)
    _sum_up(claim)
    _record(actor, "worklog.claim.update", claim, removed=line.amount, text=line.text)


def submit_claim(*, actor: Actor, claim_id: UUID) -> None:
    """Hand a claim in for approval; ValidationError without lines or when a visit went into another claim."""
    claim = _open(actor, claim_id)
    if not claim.lines.exists():
        raise ValidationError(_("报销单还没有明细。"), code="empty_claim")
    _refuse_claimed_twice(claim)
    claim.state, claim.submitted_at = ClaimState.SUBMITTED, timezone.now()
    claim.save(update_fields=["state", "submitted_at"])
    start_approval(
        actor=actor, kind=KIND, subject_id=claim.id, person_id=claim.person_id,
        summary=format_lazy("{} {} {}", gettext_lazy("差旅报销"), f"{claim.amount:,.2f}", claim.currency),
        details=[
            (gettext_lazy("报销单号"), claim.number),
            (gettext_lazy("期间"), f"{claim.first_on} – {claim.last_on}"),
            (gettext_lazy("备注"), claim.note or "–"),
        ],
    )  # fmt: skip
    _record(actor, "worklog.claim.submit", claim)


def _refuse_claimed_twice(claim: ExpenseClaim) -> None:
    mine = set(claim.lines.filter(visit__isnull=False).values_list("visit_id", flat=True))
    free = {
        UUID(each.id) for each in unclaimed_stops(claim.person_id, claim.first_on, claim.last_on, claim.id)
    }
    days = set(claim.lines.filter(kind=LineKind.ALLOWANCE).values_list("on", flat=True))
    if mine - free or days & claimed_days(claim.person_id, claim.id):
        raise ValidationError(_("有拜访或补贴已在另一张报销单里，请重新计算后再提交。"), code="claimed_twice")


def withdraw_claim(*, actor: Actor, claim_id: UUID) -> None:
    """Take a claim back that nobody decided yet; it is a draft again."""
    claim = claim_for_actor(actor, claim_id, WRITE_CLAIM)
    approval = approval_of(claim.id)
    if claim.state != ClaimState.SUBMITTED or approval is None:
        raise ValidationError(_("只有审批中的报销单可以撤回。"), code="not_submitted")
    withdraw_approval(actor=actor, approval_id=approval.id)


def delete_claim(*, actor: Actor, claim_id: UUID) -> None:
    """Throw a draft away, with its receipts."""
    claim = _open(actor, claim_id)
    receipts = list(claim.lines.exclude(receipt_id=None).values_list("receipt_id", flat=True))
    _record(actor, "worklog.claim.delete", claim)
    claim.delete()
    for each in receipts:
        delete_file(each)


def pay_claim(*, actor: Actor, claim_id: UUID) -> None:
    """Note that an approved claim was paid; again changes nothing. ValidationError for one not approved."""
    actor.scope(PAY_CLAIM)
    claim_for_actor(actor, claim_id, PAY_CLAIM)
    claim = ExpenseClaim.objects.select_for_update().get(id=claim_id)
    if claim.state == ClaimState.PAID:
        return
    if claim.state != ClaimState.APPROVED:
        raise ValidationError(_("只有审批通过的报销单可以登记付款。"), code="not_approved")
    claim.state, claim.paid_at, claim.paid_by = ClaimState.PAID, timezone.now(), actor.name
    claim.save(update_fields=["state", "paid_at", "paid_by"])
    _record(actor, "worklog.claim.pay", claim)


def decide_claim(actor: Actor, claim_id: UUID, state: ClaimState) -> None:
    """Take over what approval decided; called in the deciding transaction."""
    claim = ExpenseClaim.objects.select_for_update().get(id=claim_id)
    if claim.state == ClaimState.PAID:
        raise ValidationError(_("报销单已付款，不能再改变审批结果。"), code="paid")
    claim.state = state
    claim.save(update_fields=["state"])


def _open(actor: Actor, claim_id: UUID) -> ExpenseClaim:
    """Return a claim that may be changed, locked; ValidationError for one that was handed in."""
    claim_for_actor(actor, claim_id, WRITE_CLAIM)
    locked = ExpenseClaim.objects.select_for_update().get(id=claim_id)
    if locked.state not in OPEN:
        raise ValidationError(_("报销单已提交，不能再修改；需要时请先撤回。"), code="not_open")
    return locked


def _record(actor: Actor, verb: str, claim: ExpenseClaim, **more: object) -> None:
    payload = {"number": claim.number, "amount": claim.amount, "currency": claim.currency, **more}
    record(actor, verb, subject=("worklog.claim", claim.id), payload=payload)
