"""Deciding about flagged punches: each decision is added, the latest counts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import PunchState, ReviewOutcome
from zhiheng.attendance.models import Punch, PunchReview
from zhiheng.attendance.policies import REVIEW_PUNCH
from zhiheng.attendance.queries.punches import punches_for_actor
from zhiheng.attendance.services.days import mark_days
from zhiheng.attendance.services.punches import days_of
from zhiheng.audit.public import record

STATE_AFTER = {ReviewOutcome.ACCEPTED: PunchState.COUNTED, ReviewOutcome.REJECTED: PunchState.REJECTED}


def review_punches(*, actor: Actor, punch_ids: Sequence[UUID], outcome: str, reason: str = "") -> int:
    """Decide about punches in the actor's scope; returns how many changed. Their days are settled again.

    Raises `ValidationError` for one's own punch, for a rejection without a reason, and for a punch that is not there.
    """
    actor.scope(REVIEW_PUNCH)
    reason = reason.strip()
    if outcome not in ReviewOutcome.values:
        raise ValidationError({"outcome": _("请选择“有效”或“无效”。")})
    if outcome == ReviewOutcome.REJECTED and not reason:
        raise ValidationError({"reason": _("判为无效时请写明理由，员工会看到。")})
    punches = list(punches_for_actor(actor, REVIEW_PUNCH).filter(id__in=set(punch_ids)))
    if len(punches) < len(set(punch_ids)):
        raise ValidationError(_("没有找到要复核的打卡，请刷新页面。"))
    if actor.person_id and any(each.person_id == actor.person_id for each in punches):
        raise ValidationError(_("不能复核自己的打卡，请由上级或人事处理。"))
    wanted = STATE_AFTER[ReviewOutcome(outcome)]
    changed = [each for each in punches if each.state != wanted]
    add_reviews(actor, changed, outcome, reason)
    return len(changed)


def add_reviews(
    actor: Actor, punches: Sequence[Punch], outcome: str, reason: str, *, is_each_recorded: bool = True
) -> None:
    """Add a decision to each punch and mark its days. Checks no scope: callers do.

    Without ``is_each_recorded`` the caller records the decision once for all.
    """
    now = timezone.now()
    PunchReview.objects.bulk_create(
        [
            PunchReview(
                punch_id=each.id, person_id=each.person_id, legal_entity_id=each.legal_entity_id, outcome=outcome,
                reason=reason[:200], reviewed_by=actor.name[:120], reviewed_at=now,
            )
            for each in punches
        ],
        batch_size=1000,
    )  # fmt: skip
    mark_days(day for each in punches for day in days_of(each))
    for each in punches if is_each_recorded else ():
        payload = {"outcome": outcome, "reason": reason, "person": each.person_id}
        record(actor, "attendance.punch.review", subject=("attendance.punch", each.id), payload=payload)
