"""Negotiating targets: rounds of numbers with reasons until both sides sign, or one is imposed and marked so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.audit.public import record
from zhiheng.goals.capacity import capacity_models
from zhiheng.goals.choices import Basis, NegotiationState, Side
from zhiheng.goals.models import Goal, Negotiation, TargetProposal
from zhiheng.goals.policies import MANAGE_GOAL, NEGOTIATE_GOAL
from zhiheng.goals.queries.negotiations import (
    Evidence,
    evidence_data,
    evidence_of_people,
    negotiation_for_change,
    probability_of,
    proposals_of,
    side_of,
)
from zhiheng.goals.services.goals import NewGoal, set_goals, unit_on, units_on
from zhiheng.metrics.public import PeriodInfo, all_metrics, period_by_id
from zhiheng.people.public import persons_by_id

VERBS = {
    NegotiationState.AGREED: "agree",
    NegotiationState.IMPOSED: "impose",
    NegotiationState.CANCELLED: "cancel",
}
REPORTED_EVERY = 20
Progress = Callable[[int, int | None, str], None]
NO_EVIDENCE = Evidence((), None, None)


@dataclass(frozen=True)
class Offer:
    """A number somebody puts forward; ``model`` with ``inputs`` is the capacity model behind it, "" for none."""

    target: Decimal
    reason: str
    model: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)


def open_negotiation(
    *, actor: Actor, person_id: UUID, metric_code: str, period_id: UUID, offer: Offer | None = None
) -> UUID:
    """Begin to negotiate one person's target; returns the negotiation's id.

    `Forbidden` for a person outside the actor's scope; `Http404` for an unknown period; ValidationError for an unknown
    metric, somebody without an org unit, and where a negotiation is open already.
    """
    period = _period(period_id)
    _check_metric(metric_code)
    evidence = evidence_of_people(metric_code, period, person_id).get(person_id, NO_EVIDENCE)
    made = _open(actor, person_id, metric_code, period, evidence)
    if offer is not None:
        propose_target(actor=actor, negotiation_id=made.id, offer=offer)
    return made.id


def open_negotiations(
    *,
    actor: Actor,
    metric_code: str,
    period_id: UUID,
    reason: str = "",
    from_median: bool = False,
    progress: Progress = lambda done, total, text: None,
) -> int:
    """Begin to negotiate with everybody in the actor's scope who has a past in the metric; return how many.

    Those who have an open negotiation, or a target that both sides agreed on, are left alone. With ``from_median`` the
    middle of each one's own range is the company's first number.
    """
    period = _period(period_id)
    _check_metric(metric_code)
    named = {"metric__code": metric_code, "period_id": period_id}
    taken = set(
        Negotiation.objects.filter(state=NegotiationState.OPEN, **named).values_list("person_id", flat=True)
    )
    taken |= set(
        Goal.objects.filter(basis=Basis.AGREED, is_withdrawn=False, **named).values_list(
            "person_id", flat=True
        )
    )
    count = 0
    scope, places = actor.scope(NEGOTIATE_GOAL), units_on(period.last_on)
    progress(0, None, _("测算各人的历史"))
    people = sorted(evidence_of_people(metric_code, period).items())
    for place_in_line, (person_id, evidence) in enumerate(people):
        if place_in_line % REPORTED_EVERY == 0:
            progress(place_in_line, len(people), _("发起协商"))
        place = places.get(person_id)
        if place is None or person_id in taken or person_id == actor.person_id:
            continue
        if not scope.has(person_id=person_id, org_unit_id=place[1], legal_entity_id=place[0]):
            continue
        made = _create(actor, person_id, place, metric_code, period, evidence)
        count += 1
        if from_median and evidence.calibration:
            offer = Offer(_round_number(evidence.calibration.p50), reason or _("以测算中位数为起点"))
            propose_target(actor=actor, negotiation_id=made.id, offer=offer)
    return count


def _round_number(value: Decimal) -> Decimal:
    """Return a number as people would put it forward: to three digits."""
    return value if value == 0 else round(value, 2 - value.adjusted())


def _period(period_id: UUID) -> PeriodInfo:
    try:
        return period_by_id(period_id)
    except LookupError:
        raise Http404 from None


def _check_metric(code: str) -> None:
    if code not in all_metrics():
        raise ValidationError({"metric_code": [_("没有编码为「{code}」的指标。").format(code=code)]})


def _open(
    actor: Actor, person_id: UUID, metric_code: str, period: PeriodInfo, evidence: Evidence
) -> Negotiation:
    place = unit_on(person_id, period.last_on)
    if place is None or person_id not in persons_by_id([person_id]):
        raise ValidationError({"person_id": [_("该员工在此期间没有任职。")]})
    entity, unit = place
    if not actor.scope(NEGOTIATE_GOAL).has(person_id=person_id, org_unit_id=unit, legal_entity_id=entity):
        raise Forbidden(NEGOTIATE_GOAL)
    metric = all_metrics()[metric_code]
    named = {"person_id": person_id, "metric_id": metric.id, "period_id": period.id}
    if Negotiation.objects.filter(state=NegotiationState.OPEN, **named).exists():
        raise ValidationError(_("这个目标正在协商中，请打开已有的协商。"), code="open_already")
    return _create(actor, person_id, place, metric_code, period, evidence)


def _create(
    actor: Actor,
    person_id: UUID,
    place: tuple[UUID, UUID],
    metric_code: str,
    period: PeriodInfo,
    evidence: Evidence,
) -> Negotiation:
    made = Negotiation.objects.create(
        person_id=person_id, metric_id=all_metrics()[metric_code].id, period_id=period.id, legal_entity_id=place[0],
        org_unit_id=place[1], evidence=evidence_data(evidence), opened_by=actor.name,
    )  # fmt: skip
    _record(actor, "open", made, {"metric": metric_code, "period": period.code})
    return made


def propose_target(*, actor: Actor, negotiation_id: UUID, offer: Offer) -> TargetProposal:
    """Put a number forward, with its reason, as the next round.

    ValidationError for a negative number, a missing reason, a capacity model that gives nothing, a closed negotiation.
    """
    negotiation = _open_one(actor, negotiation_id)
    if offer.target < 0:
        raise ValidationError({"target": [_("目标值不能是负数。")]})
    if not offer.reason.strip():
        raise ValidationError({"reason": [_("请写明理由，让对方知道这个数从何而来。")]})
    rounds = proposals_of(negotiation)
    made = TargetProposal.objects.create(
        negotiation=negotiation, legal_entity_id=negotiation.legal_entity_id, round=len(rounds) + 1,
        side=side_of(actor, negotiation), target=offer.target, reason=offer.reason.strip(),
        probability=probability_of(negotiation, offer.target), capacity=_capacity(offer), proposed_by=actor.name,
    )  # fmt: skip
    _record(
        actor, "propose", negotiation, {"round": made.round, "target": str(offer.target), "side": made.side}
    )
    return made


def _capacity(offer: Offer) -> dict[str, object]:
    if not offer.model:
        return {}
    model = capacity_models().get(offer.model)
    value = model.value(offer.inputs, 4) if model else None
    if model is None or value is None:
        raise ValidationError({"model": [_("产能测算没有结果，请检查每一项都是数字。")]})
    inputs = {each.name: offer.inputs[each.name] for each in model.inputs}
    return {"model": model.code, "inputs": inputs, "value": str(value)}


def accept_target(*, actor: Actor, negotiation_id: UUID) -> UUID:
    """Sign the other side's latest number: it becomes the target that both agreed on. Returns the goal's id.

    ValidationError where there is no number yet, or the latest is one's own side's.
    """
    negotiation = _open_one(actor, negotiation_id)
    rounds = proposals_of(negotiation)
    if not rounds:
        raise ValidationError(_("还没有人提出数字。"))
    if rounds[-1].side == side_of(actor, negotiation):
        raise ValidationError(_("最新的数字是本方提出的，要等对方签字或还价。"))
    return _close(actor, negotiation, NegotiationState.AGREED, rounds[-1].target)


def impose_target(*, actor: Actor, negotiation_id: UUID, reason: str) -> UUID:
    """Set the company's latest number without the employee's signature, marked as imposed. Returns the goal's id.

    ValidationError without a reason or a number of the company's; `Forbidden` for whoever may not set the target.
    """
    negotiation = _open_one(actor, negotiation_id)
    _check_may_set(actor, negotiation)
    if not reason.strip():
        raise ValidationError({"reason": [_("单方下达要写明理由，员工会看到。")]})
    numbers = [each.target for each in proposals_of(negotiation) if each.side == Side.COMPANY]
    if not numbers:
        raise ValidationError(_("请先代表公司提出数字。"))
    return _close(actor, negotiation, NegotiationState.IMPOSED, numbers[-1], reason.strip())


def cancel_negotiation(*, actor: Actor, negotiation_id: UUID, reason: str = "") -> None:
    """End a negotiation without a target."""
    negotiation = _open_one(actor, negotiation_id)
    _check_may_set(actor, negotiation)
    _end(actor, negotiation, NegotiationState.CANCELLED, reason.strip())


def _open_one(actor: Actor, negotiation_id: UUID) -> Negotiation:
    negotiation = negotiation_for_change(actor, negotiation_id)
    if negotiation.state != NegotiationState.OPEN:
        raise ValidationError(_("这次协商已经结束。"), code="closed")
    return negotiation


def _check_may_set(actor: Actor, negotiation: Negotiation) -> None:
    may = actor.can(MANAGE_GOAL) and actor.scope(MANAGE_GOAL).has(
        person_id=negotiation.person_id, org_unit_id=negotiation.org_unit_id,
        legal_entity_id=negotiation.legal_entity_id,
    )  # fmt: skip
    if not may or side_of(actor, negotiation) == Side.EMPLOYEE:
        raise Forbidden(MANAGE_GOAL)


def _close(actor: Actor, negotiation: Negotiation, state: str, target: Decimal, reason: str = "") -> UUID:
    basis = Basis.AGREED if state == NegotiationState.AGREED else Basis.IMPOSED
    row = NewGoal(
        negotiation.person_id, negotiation.legal_entity_id, negotiation.org_unit_id, negotiation.period_id, target,
        basis=basis, negotiation_id=negotiation.id,
    )  # fmt: skip
    set_goals(actor=actor, metric_code=negotiation.metric.code, rows=[row])
    _end(actor, negotiation, state, reason)
    named = {"metric_id": negotiation.metric_id, "period_id": negotiation.period_id}
    return Goal.objects.get(person_id=negotiation.person_id, **named).id


def _end(actor: Actor, negotiation: Negotiation, state: str, reason: str) -> None:
    negotiation.state, negotiation.closing_reason = state, reason[:400]
    negotiation.closed_at, negotiation.closed_by = timezone.now(), actor.name
    negotiation.save(update_fields=["state", "closing_reason", "closed_at", "closed_by"])
    _record(actor, VERBS[state], negotiation, {})


def _record(actor: Actor, verb: str, negotiation: Negotiation, payload: dict[str, object]) -> None:
    record(actor, f"goals.negotiation.{verb}", subject=("goals.negotiation", negotiation.id), payload=payload)
