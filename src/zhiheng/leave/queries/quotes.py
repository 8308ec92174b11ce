"""What a leave would cost, what would be left, and what stands in its way: the live preview and the check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from zhiheng.leave.calc.cost import (
    LeaveSpan,
    TakenDay,
    amount_of,
    costs_by_day,
    taken_days,
)
from zhiheng.leave.calc.ledger import ZERO, Taking, left_on, take
from zhiheng.leave.choices import Basis, ForGender, LeaveState
from zhiheng.leave.models import LeaveDay, LeaveRequest, LeaveRule, LeaveType
from zhiheng.leave.queries.balances import Standing, accounts_of_person, balances_of, standings_of
from zhiheng.leave.queries.plans import PersonPlan, plan_of
from zhiheng.leave.queries.types import limit_on, regions_of_entities
from zhiheng.leave.queries.wording import in_words
from zhiheng.people.public import EmploymentRef, employments_by_person

OPEN_STATES = (LeaveState.PENDING, LeaveState.APPROVED)
LONGEST_DAYS = 400


@dataclass(frozen=True)
class Problem:
    """Why a leave cannot be asked for; ``field`` is where the form shows it."""

    field: str
    text: str


@dataclass(frozen=True)
class Quote:
    """What a leave costs. ``left_before`` and ``left_after`` are ``None`` for types without a balance."""

    days: tuple[TakenDay, ...]
    amount: Decimal
    minutes: int
    left_before: Decimal | None
    left_after: Decimal | None
    problems: tuple[Problem, ...]
    plan: PersonPlan


def quote_leave(
    person_id: UUID, kind: LeaveType, span: LeaveSpan, *, has_attachment: bool, without: UUID | None = None
) -> Quote:
    """Return what a leave costs and what stands in its way. Checks no permission.

    ``without``: a request that is being changed, which counts neither as overlapping nor as pending.
    """
    length = (span.to_on - span.from_on).days
    if length < 0 or length > LONGEST_DAYS or (not length and _is_backwards(span)):
        text = _("结束须在开始之后，且一次最多 {days} 天。").format(days=LONGEST_DAYS)
        return _refused(Problem("to_on", text))
    plan = plan_of(person_id, span.from_on, span.to_on)
    days = taken_days(plan.days, span, kind.counts)
    amount = amount_of(days, is_hourly=kind.is_hourly, step=kind.step)
    minutes = sum(day.minutes for day in days)
    problems = [*_about_person(person_id, kind, span, plan), *_about_days(kind, days, span, plan)]
    before = after = None
    if days:
        overlap = _overlap(person_id, days, plan, without)
        problems += [*overlap, *_about_amount(person_id, kind, days, amount, span, has_attachment, without)]
        if kind.has_balance:
            standing = standing_with_pending(person_id, kind, without)
            before = left_on(standing.lots, span.from_on) - standing.overdrawn
            taking = take(standing.lots, costs_by_day(days, is_hourly=kind.is_hourly, step=kind.step))
            after = before - amount
            problems += _about_balance(person_id, kind, taking, standing, amount, span)
    return Quote(days, amount, minutes, before, after, tuple(problems), plan)


def _is_backwards(span: LeaveSpan) -> bool:
    if span.from_minute is not None and span.to_minute is not None:
        return span.to_minute <= span.from_minute
    return (span.from_half, span.to_half) == ("pm", "am")


def _refused(problem: Problem) -> Quote:
    return Quote((), ZERO, 0, None, None, (problem,), PersonPlan((), {}))


def _about_person(person_id: UUID, kind: LeaveType, span: LeaveSpan, plan: PersonPlan) -> Iterable[Problem]:
    if not types_for_person(person_id, [kind]):
        yield Problem("leave_type", _("「{type}」不适用于该员工。").format(type=kind.label))
    known = {day.on for day in plan.days}
    if span.from_on not in known or span.to_on not in known:
        yield Problem("from_on", _("所选日期不在任职期间内。"))


def _about_days(
    kind: LeaveType, days: Sequence[TakenDay], span: LeaveSpan, plan: PersonPlan
) -> Iterable[Problem]:
    if not days and plan.days:
        yield Problem("from_on", _("所选时间没有排班，不需要请假。"))
    if kind.is_hourly and kind.maximum is not None and any(day.minutes > kind.maximum for day in days):
        most = in_words(kind.maximum, is_hourly=True)
        yield Problem("to_on", _("「{type}」每天最多 {most}。").format(type=kind.label, most=most))


def _overlap(
    person_id: UUID, days: Sequence[TakenDay], plan: PersonPlan, without: UUID | None
) -> list[Problem]:
    span = (days[0].on - dt.timedelta(days=1), days[-1].on + dt.timedelta(days=1))
    others = LeaveDay.objects.filter(person_id=person_id, on__range=span, request__state__in=OPEN_STATES)
    others = others.exclude(request_id=without).select_related("request__leave_type").order_by("on")
    for other in others:
        if any(_meets(other, day, plan) for day in days):
            text = _("与 {on} 的{type}申请（{state}）重叠，请改时间，或先撤回那一张。").format(
                on=f"{other.on:%Y-%m-%d}",
                type=other.request.leave_type.label,
                state=other.request.get_state_display(),
            )
            return [Problem("from_on", text)]
    return []


def _meets(other: LeaveDay, day: TakenDay, plan: PersonPlan) -> bool:
    if other.from_at is None or other.to_at is None or day.to_minute == day.from_minute:
        return other.on == day.on
    begin, end = plan.instant(day.on, day.from_minute), plan.instant(day.on, day.to_minute)
    return begin < other.to_at and other.from_at < end


def _about_amount(
    person_id: UUID,
    kind: LeaveType,
    days: Sequence[TakenDay],
    amount: Decimal,
    span: LeaveSpan,
    has_attachment: bool,
    without: UUID | None,
) -> Iterable[Problem]:
    if kind.needs_attachment and not has_attachment:
        yield Problem("attachment", _("「{type}」需要附上证明材料。").format(type=kind.label))
    if kind.minimum is not None and amount < kind.minimum:
        least = in_words(kind.minimum, is_hourly=kind.is_hourly)
        yield Problem("to_on", _("「{type}」一次至少 {least}。").format(type=kind.label, least=least))
    if kind.maximum is not None and not kind.is_hourly and amount > kind.maximum:
        most = in_words(kind.maximum, is_hourly=False)
        yield Problem("to_on", _("「{type}」一次最多 {most}。").format(type=kind.label, most=most))
    if kind.basis in (Basis.YEAR_LIMIT, Basis.EVENT_LIMIT):
        yield from _about_limit(person_id, kind, amount, span, without)


def _about_limit(
    person_id: UUID, kind: LeaveType, amount: Decimal, span: LeaveSpan, without: UUID | None
) -> Iterable[Problem]:
    rule = limit_for_person(person_id, kind, span.from_on)
    if rule is None or rule.amount is None:
        text = _("所在地区没有「{type}」的天数规定，请人事在假期类型中补充本企业规则。")
        yield Problem("leave_type", text.format(type=kind.label))
        return
    used = (
        ZERO
        if kind.basis == Basis.EVENT_LIMIT
        else _used_in_year(person_id, kind, span.from_on.year, without)
    )
    if used + amount > rule.amount:
        left = in_words(max(ZERO, rule.amount - used), is_hourly=kind.is_hourly)
        limit = in_words(rule.amount, is_hourly=kind.is_hourly)
        text = (
            _("「{type}」每次最多 {limit}。")
            if kind.basis == Basis.EVENT_LIMIT
            else _("「{type}」每年最多 {limit}，今年还剩 {left}。")
        )
        yield Problem("to_on", text.format(type=kind.label, limit=limit, left=left))


def region_of(person: EmploymentRef | None) -> str:
    """Return the place whose rules hold for somebody: that of their subsidiary, else the national ones."""
    return regions_of_entities().get(person.legal_entity_id, "CN") if person else "CN"


def types_for_person(person_id: UUID | None, kinds: Iterable[LeaveType]) -> list[LeaveType]:
    """Return the types that somebody may take; all for nobody, and where the gender is not stated."""
    person = employments_by_person([person_id]).get(person_id) if person_id else None
    fitting = (ForGender.ANY, person.gender) if person else ()
    return [
        kind for kind in kinds if person is None or person.gender == "unknown" or kind.for_gender in fitting
    ]


def limit_for_person(person_id: UUID | None, kind: LeaveType, on: dt.date) -> LeaveRule | None:
    """Return the rule that limits a type for somebody; ``None`` for nobody, and where nothing is laid down."""
    person = employments_by_person([person_id]).get(person_id) if person_id else None
    return limit_on(kind, region_of(person), on) if person else None


def _used_in_year(person_id: UUID, kind: LeaveType, year: int, without: UUID | None) -> Decimal:
    mine = LeaveRequest.objects.filter(
        person_id=person_id, leave_type=kind, from_on__year=year, state__in=OPEN_STATES
    )
    return mine.exclude(id=without).aggregate(total=Sum("amount"))["total"] or ZERO


def standing_with_pending(person_id: UUID, kind: LeaveType, without: UUID | None = None) -> Standing:
    """Return the lots of somebody as they will be once all pending requests are approved."""
    accounts = list(accounts_of_person(person_id, [kind.code]))
    standing = standings_of(accounts)[accounts[0].id] if accounts else Standing()
    pending = LeaveRequest.objects.filter(person_id=person_id, leave_type=kind, state=LeaveState.PENDING)
    lots, overdrawn = standing.lots, standing.overdrawn
    for request in pending.exclude(id=without).prefetch_related("days").order_by("id"):
        taking = take(lots, costs_of(request, kind))
        lots, overdrawn = taking.lots, overdrawn + taking.short
    return Standing(lots, overdrawn)


def costs_of(request: LeaveRequest, kind: LeaveType) -> list[tuple[dt.date, Decimal]]:
    """Return what each day of a request costs."""
    days = sorted(
        (TakenDay(day.on, day.share, day.minutes) for day in request.days.all()), key=lambda day: day.on
    )
    return costs_by_day(days, is_hourly=kind.is_hourly, step=kind.step)


def _about_balance(
    person_id: UUID, kind: LeaveType, taking: Taking, standing: Standing, amount: Decimal, span: LeaveSpan
) -> Iterable[Problem]:
    if taking.short + standing.overdrawn <= kind.overdraft:
        return
    left = max(ZERO, amount - taking.short - standing.overdrawn)
    text = _("余额不足：这次需要 {needed}，{type}可用 {left}，还差 {short}。").format(
        needed=in_words(amount, is_hourly=kind.is_hourly),
        type=kind.label,
        left=in_words(left, is_hourly=kind.is_hourly),
        short=in_words(amount - left, is_hourly=kind.is_hourly),
    )
    yield Problem("to_on", f"{text}{_alternatives(person_id, kind, span.from_on)}")


def _alternatives(person_id: UUID, kind: LeaveType, on: dt.date) -> str:
    """Name what else somebody could use: other balances, else personal leave."""
    others = [
        _("{type}还有 {left}").format(type=each.label, left=in_words(each.left, is_hourly=each.is_hourly))
        for each in balances_of(person_id, on)
        if each.type_code != kind.code and each.left > 0
    ]
    if others:
        return _("可以缩短时间，或改用其他假期：{others}。").format(others="、".join(others))
    return _("可以缩短时间，或将不足的部分改请事假。")
