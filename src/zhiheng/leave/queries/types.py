"""Types of leave and the rules of places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.leave.choices import Basis, Grade, Region
from zhiheng.leave.models import LeavePlace, LeaveRule, LeaveType
from zhiheng.leave.policies import READ_TYPE
from zhiheng.tenancy.models import LegalEntity

GRADES_BY_TRUST = (Grade.OWN, Grade.OFFICIAL, Grade.TWO_SOURCES, Grade.ONE_SOURCE, Grade.KNOWLEDGE)


def leave_types() -> QuerySet[LeaveType]:
    """Return the types of the tenant with their rules, in their order. Checks no permission."""
    return LeaveType.objects.prefetch_related(Prefetch("rules", LeaveRule.objects.all()))


def types_for_actor(actor: Actor) -> QuerySet[LeaveType]:
    """Return the types that the actor may read about: all of the company, or none."""
    actor.scope(READ_TYPE)
    return leave_types()


def type_for_actor(actor: Actor, type_id: UUID) -> LeaveType:
    """Return a type; 404 when it is not there."""
    found = types_for_actor(actor).filter(id=type_id).first()
    if found is None:
        raise Http404
    return found


def type_with_code(code: str) -> LeaveType | None:
    """Return the type with a code."""
    return leave_types().filter(code=code).first()


def entities_for_actor(actor: Actor) -> list[LegalEntity]:
    """Return the subsidiaries that the actor works with, by code."""
    rows = LegalEntity.objects.filter(is_active=True).order_by("code")
    if actor.legal_entity_ids is not None:
        rows = rows.filter(id__in=actor.legal_entity_ids)
    return list(rows)


def entity_for_actor(actor: Actor, entity_id: UUID) -> LegalEntity:
    """Return a subsidiary; 404 for one the actor does not work with."""
    found = next((each for each in entities_for_actor(actor) if each.id == entity_id), None)
    if found is None:
        raise Http404
    return found


def regions_of_entities() -> dict[UUID, str]:
    """Return the place whose rules each subsidiary follows, as far as one was chosen."""
    return dict(LeavePlace.objects.values_list("legal_entity_id", "region"))


def rule_on(rules: Iterable[LeaveRule], region: str, on: dt.date) -> LeaveRule | None:
    """Return the rule that holds in a place on a day: the company's own first, then the place's, then the national."""
    in_force = [
        rule
        for rule in rules
        if rule.region in (region, Region.NATIONAL)
        and rule.effective_from <= on
        and (rule.effective_to is None or on <= rule.effective_to)
    ]
    return min(in_force, key=lambda rule: _rank(rule, region), default=None)


def _rank(rule: LeaveRule, region: str) -> tuple[bool, bool, int, int]:
    trust = GRADES_BY_TRUST.index(Grade(rule.grade))
    return rule.grade != Grade.OWN, rule.region != region, trust, -rule.effective_from.toordinal()


def limit_on(leave_type: LeaveType, region: str, on: dt.date) -> LeaveRule | None:
    """Return the rule with the limit of a type in a place; ``None`` where nothing is laid down."""
    rules = [rule for rule in leave_type.rules.all() if rule.amount is not None]
    return rule_on(rules, region, on) if leave_type.basis != Basis.UNLIMITED else None
