"""Saying something about how a goal ended."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.goals.choices import Side
from zhiheng.goals.models import Goal, GoalReply
from zhiheng.goals.policies import NEGOTIATE_GOAL


def reply_to_goal(*, actor: Actor, goal_id: UUID, text: str) -> GoalReply:
    """Add what the person, or somebody for the company, has to say; it stays. 404 for a goal that is not theirs.

    ValidationError for no text.
    """
    goal = Goal.objects.filter(actor.scope(NEGOTIATE_GOAL).q(), id=goal_id, is_withdrawn=False).first()
    if goal is None:
        raise Http404
    if not text.strip():
        raise ValidationError({"text": [_("请写下说明。")]})
    made = GoalReply.objects.create(
        goal=goal, legal_entity_id=goal.legal_entity_id, person_id=goal.person_id, org_unit_id=goal.org_unit_id,
        side=Side.EMPLOYEE if actor.person_id == goal.person_id else Side.COMPANY, text=text.strip()[:2000],
        written_by=actor.name,
    )  # fmt: skip
    record(actor, "goals.goal.reply", subject=("goals.goal", goal.id), payload={"side": made.side})
    return made
