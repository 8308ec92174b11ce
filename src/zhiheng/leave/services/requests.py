"""Asking for leave, and what the answer does to balances and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.approvals.public import start_approval, withdraw_approval
from zhiheng.audit.public import record
from zhiheng.files.public import save_file
from zhiheng.leave.calc.cost import LeaveSpan, TakenDay
from zhiheng.leave.calc.ledger import take
from zhiheng.leave.choices import Half, LeaveState, LeaveUnit
from zhiheng.leave.models import LeaveDay, LeaveRequest, LeaveType
from zhiheng.leave.policies import CANCEL_LEAVE
from zhiheng.leave.queries.plans import PersonPlan
from zhiheng.leave.queries.quotes import Problem, Quote, costs_of, quote_leave
from zhiheng.leave.queries.requests import person_to_request_for, request_for_actor
from zhiheng.leave.queries.types import leave_types
from zhiheng.leave.queries.wording import in_words, number_of
from zhiheng.leave.services.hooks import tell
from zhiheng.leave.services.ledger import give_back, lock_account, standing_of, write_taking
from zhiheng.people.public import PersonRef

KIND = "leave.request"
SUBJECT = "leave.leaverequest"
Attachment = tuple[str, bytes]
"""Name and content of a file."""


def request_leave(
    *,
    actor: Actor,
    person_id: UUID,
    type_id: UUID,
    span: LeaveSpan,
    reason: str = "",
    attachment: Attachment | None = None,
) -> UUID:
    """Ask for leave for oneself, or for somebody in scope; returns the request's id.

    ValidationError by field with everything that stands in its way: balance, overlap, attachment, limits.
    """
    person = person_to_request_for(actor, person_id)
    kind = leave_types().filter(id=type_id, is_active=True).first()
    if kind is None:
        raise Http404
    if kind.has_balance:
        lock_account(person.id, person.legal_entity_id, kind)
    quote = quote_leave(person.id, kind, span, has_attachment=attachment is not None)
    if quote.problems:
        raise ValidationError(_by_field(quote.problems))
    request = _new_request(actor, person, kind, span, quote, reason.strip(), attachment)
    request.approval_id = start_approval(
        actor=actor,
        kind=KIND,
        subject_id=request.id,
        person_id=person.id,
        summary=_summary(kind, request),
        details=_details(request),
    )
    request.save(update_fields=["approval_id"])
    payload = {"type": kind.code, "from": span.from_on, "to": span.to_on, "amount": quote.amount}
    record(actor, f"{SUBJECT}.create", subject=(SUBJECT, request.id), payload=payload)
    return request.id


def _by_field(problems: Sequence[Problem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.field, []).append(problem.text)
    return found


def _new_request(
    actor: Actor,
    person: PersonRef,
    kind: LeaveType,
    span: LeaveSpan,
    quote: Quote,
    reason: str,
    attachment: Attachment | None,
) -> LeaveRequest:
    file_id = None
    if attachment is not None:
        name, content = attachment
        file_id = save_file(
            actor, name=name, content=content, kind="leave.attachment", legal_entity_id=person.legal_entity_id
        )
    request = LeaveRequest.objects.create(
        person_id=person.id, legal_entity_id=person.legal_entity_id, leave_type=kind, from_on=span.from_on,
        to_on=span.to_on, from_half=span.from_half, to_half=span.to_half, from_minute=span.from_minute,
        to_minute=span.to_minute, amount=quote.amount, minutes=quote.minutes, reason=reason,
        attachment_id=file_id, requested_by=actor.name,
    )  # fmt: skip
    write_days(request, quote.days, quote.plan)
    return request


def write_days(request: LeaveRequest, days: Sequence[TakenDay], plan: PersonPlan) -> None:
    """Write the days of a request in place of those it had."""
    LeaveDay.objects.filter(request=request).delete()
    LeaveDay.objects.bulk_create(
        LeaveDay(
            request=request, person_id=request.person_id, legal_entity_id=request.legal_entity_id, on=day.on,
            share=day.share, minutes=day.minutes,
            from_at=plan.instant(day.on, day.from_minute) if day.to_minute > day.from_minute else None,
            to_at=plan.instant(day.on, day.to_minute) if day.to_minute > day.from_minute else None,
        )
        for day in days
    )  # fmt: skip


def _summary(kind: LeaveType, request: LeaveRequest) -> object:
    days = f"{request.from_on:%m-%d}"
    if request.to_on != request.from_on:
        days = f"{days} – {request.to_on:%m-%d}"
    return format_lazy(
        "{type} {days} · {amount}", type=_NameOf(kind), days=days, amount=_amount(kind, request)
    )


def _amount(kind: LeaveType, request: LeaveRequest) -> object:
    return in_words(request.amount, is_hourly=kind.is_hourly)


class _NameOf:
    """The name of a type in whatever language is asked for when the text is made."""

    def __init__(self, kind: LeaveType) -> None:
        self.kind = kind

    def __str__(self) -> str:
        return self.kind.label


def _details(request: LeaveRequest) -> list[tuple[object, object]]:
    kind = request.leave_type
    rows: list[tuple[object, object]] = [
        (gettext_lazy("假期类型"), format_lazy("{name}", name=_NameOf(kind))),
        (gettext_lazy("时间"), when(request)),
        (gettext_lazy("时长"), _amount(kind, request)),
    ]
    if request.reason:
        rows.append((gettext_lazy("事由"), request.reason))
    if request.attachment_id:
        rows.append((gettext_lazy("附件"), gettext_lazy("有，见请假单")))
    return rows


def when(request: LeaveRequest) -> object:
    """Return from when to when somebody is away, as a lazy text."""
    first, last = f"{request.from_on:%Y-%m-%d}", f"{request.to_on:%Y-%m-%d}"
    if request.from_minute is not None and request.to_minute is not None:
        ends = _clock(request.to_minute) if first == last else f"{last} {_clock(request.to_minute)}"
        return f"{first} {_clock(request.from_minute)} – {ends}"
    is_whole = (request.from_half, request.to_half) == (Half.FIRST, Half.SECOND)
    if is_whole or request.leave_type.unit != LeaveUnit.HALF_DAY:
        return first if first == last else f"{first} – {last}"
    if first == last:
        return format_lazy("{day} {half}", day=first, half=Half(request.from_half).label)
    return format_lazy(
        "{first} {from_half} – {last} {to_half}",
        first=first,
        from_half=Half(request.from_half).label,
        last=last,
        to_half=Half(request.to_half).label,
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


# --- What approvals decide ---------------------------------------------------------------------------------------


def _locked(request_id: UUID) -> LeaveRequest:
    rows = LeaveRequest.objects.select_related("leave_type").select_for_update(of=("self",))
    return rows.get(id=request_id)


def approve_leave(actor: Actor, request_id: UUID) -> None:
    """Take an approved leave off the balance and tell whoever settles the days.

    ValidationError, shown to the approver, when the balance was used up meanwhile.
    """
    request = _locked(request_id)
    kind = request.leave_type
    if kind.has_balance:
        account = lock_account(request.person_id, request.legal_entity_id, kind)
        standing = standing_of(account)
        taking = take(standing.lots, costs_of(request, kind))
        if taking.short + standing.overdrawn > kind.overdraft and taking.short:
            short = number_of(taking.short, is_hourly=kind.is_hourly)
            unit = _("小时") if kind.is_hourly else _("天")
            text = _(
                "{type}余额已被其他申请用掉，还差 {short} {unit}，不能批准。请驳回，由申请人改短或改用其他假期。"
            )
            raise ValidationError(text.format(type=kind.label, short=short, unit=unit), code="used_up")
        write_taking(actor, account, taking, request.id)
    _close(request, LeaveState.APPROVED)
    _tell_of(request)


def reject_leave(actor: Actor, request_id: UUID) -> None:
    """Close a rejected request."""
    _close(_locked(request_id), LeaveState.REJECTED)


def withdraw_leave(actor: Actor, request_id: UUID) -> None:
    """Close a request taken back; one that was approved gives back what it used."""
    request = _locked(request_id)
    if request.state != LeaveState.APPROVED:
        _close(request, LeaveState.WITHDRAWN)
        return
    give_back(actor, request.id, reason=_("销假"))
    _close(request, LeaveState.CANCELLED)
    _tell_of(request)


def _close(request: LeaveRequest, state: LeaveState) -> None:
    request.state, request.closed_at = state, timezone.now()
    request.save(update_fields=["state", "closed_at"])


def _tell_of(request: LeaveRequest, since: dt.date | None = None) -> None:
    days = request.days.values_list("person_id", "legal_entity_id", "on")
    tell([day for day in days if since is None or day[2] >= since])


# --- Taking back -------------------------------------------------------------------------------------------------


def cancel_leave(*, actor: Actor, request_id: UUID, reason: str = "", back_on: dt.date | None = None) -> None:
    """Take a request back: a pending one, or an approved one before it begins; with ``back_on`` the days from then on.

    Who may cancel for others may do so later too. An approved leave needs a reason.
    """
    request = request_for_actor(actor, request_id)
    scope = actor.scope(CANCEL_LEAVE)
    if not scope.has(
        person_id=request.person_id,
        org_unit_id=request.person.org_unit_id,
        legal_entity_id=request.legal_entity_id,
    ):
        raise Forbidden(CANCEL_LEAVE)
    if request.state not in (LeaveState.PENDING, LeaveState.APPROVED) or request.approval_id is None:
        raise ValidationError(_("这张请假单已经办结，不能再撤回。"), code="closed")
    is_approved = request.state == LeaveState.APPROVED
    if is_approved and not reason.strip():
        raise ValidationError({"reason": _("请填写销假原因，审批人会看到它。")}, code="no_reason")
    is_own_only = scope.person_id == request.person_id and not scope.is_tenant
    if is_approved and is_own_only and (back_on or request.from_on) < timezone.localdate():
        raise ValidationError(_("假期已经开始，请联系人事销假。"), code="begun")
    if back_on and is_approved and request.from_on < back_on <= request.to_on:
        _shorten(actor, request, back_on, reason.strip())
    else:
        withdraw_approval(
            actor=actor, approval_id=request.approval_id, reason=reason, is_after_approval=is_approved
        )
    LeaveRequest.objects.filter(id=request.id).update(close_reason=reason.strip())
    payload = {"reason": reason.strip(), "back_on": back_on, "was": request.state}
    record(actor, f"{SUBJECT}.cancel", subject=(SUBJECT, request.id), payload=payload)


def _shorten(actor: Actor, request: LeaveRequest, back_on: dt.date, reason: str) -> None:
    """End a leave earlier: give back the days from ``back_on`` on."""
    request = _locked(request.id)
    give_back(actor, request.id, since=back_on, reason=reason)
    _tell_of(request, since=back_on)
    LeaveDay.objects.filter(request=request, on__gte=back_on).delete()
    costs = costs_of(request, request.leave_type)
    request.to_on, request.to_half = back_on - dt.timedelta(days=1), Half.SECOND
    request.to_minute = 1440 if request.to_minute is not None else None
    request.amount = sum((amount for _on, amount in costs), request.amount * 0)
    request.minutes = sum(day.minutes for day in request.days.all())
    request.save(update_fields=["to_on", "to_half", "to_minute", "amount", "minutes"])
