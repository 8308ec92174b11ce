"""Punches: lists, what became of them, and what is known of somebody's earlier ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.attendance.calc.risk import Earlier, History
from zhiheng.attendance.choices import PunchSource, PunchState, ReviewOutcome
from zhiheng.attendance.models import Punch, PunchReview
from zhiheng.attendance.policies import READ_PUNCH, REVIEW_PUNCH
from zhiheng.tenancy.context import current_tenant_id, tenant_context

REMEMBERED = dt.timedelta(days=30)
"""How far back earlier punches are compared."""
MOST_PLACES = 200


def with_state(rows: QuerySet[Punch]) -> QuerySet[Punch]:
    """Annotate ``outcome``, the latest review's, and ``state``: whether a punch counts after it."""
    latest = PunchReview.objects.filter(punch_id=OuterRef("id")).order_by("-reviewed_at", "-id")
    state = Case(
        When(outcome=ReviewOutcome.REJECTED, then=Value(PunchState.REJECTED.value)),
        When(outcome=ReviewOutcome.ACCEPTED, then=Value(PunchState.COUNTED.value)),
        When(is_pending=True, then=Value(PunchState.PENDING.value)),
        default=Value(PunchState.COUNTED.value),
        output_field=CharField(),
    )
    return rows.annotate(outcome=Subquery(latest.values("outcome")[:1])).annotate(state=state)


def punches_for_actor(actor: Actor, permission: Permission = READ_PUNCH) -> QuerySet[Punch]:
    """Return the punches that the actor may see, with their states."""
    scope = actor.scope(permission).q(org_unit="person__org_unit_id")
    rows = Punch.objects.filter(scope).select_related("person__org_unit", "site", "device")
    return with_state(rows)


def punch_for_actor(actor: Actor, punch_id: UUID, permission: Permission = READ_PUNCH) -> Punch:
    """Return a punch; 404 when it is not there or not the actor's to see."""
    found = punches_for_actor(actor, permission).filter(id=punch_id).first()
    if found is None:
        raise Http404
    return found


def punches_to_review(actor: Actor) -> QuerySet[Punch]:
    """Return the punches that wait for a decision of the actor; one's own are for somebody else."""
    rows = punches_for_actor(actor, REVIEW_PUNCH).filter(is_pending=True, state=PunchState.PENDING)
    return rows.exclude(person_id=actor.person_id) if actor.person_id else rows


def reviews_of(punch: Punch) -> QuerySet[PunchReview]:
    """Return what was decided about a punch, latest first."""
    return PunchReview.objects.filter(punch=punch)


def punches_of_day(person_id: UUID, first: dt.datetime, last: dt.datetime) -> list[Punch]:
    """Return somebody's punches between two instants, in order, with their states."""
    rows = Punch.objects.filter(person_id=person_id, punched_at__gte=first, punched_at__lt=last)
    return list(with_state(rows).select_related("site"))


def punch_by_client(person_id: UUID, source: str, client_id: str) -> Punch | None:
    """Return the punch that the sender calls so."""
    rows = Punch.objects.filter(person_id=person_id, source=source, client_id=client_id)
    return with_state(rows).select_related("site").first()


def neighbours_of(punch: Punch) -> list[Punch]:
    """Return the person's punches with a place just before and after one, to compare."""
    rows = Punch.objects.filter(person_id=punch.person_id, wgs_latitude__isnull=False).select_related("site")
    before = rows.filter(punched_at__lt=punch.punched_at).order_by("-punched_at").first()
    after = rows.filter(punched_at__gt=punch.punched_at).order_by("punched_at").first()
    return [each for each in (before, after) if each is not None]


def history_of(person_id: UUID, browser_id: str, at: dt.datetime) -> History:
    """Return what is known of somebody and of a device before a punch, in the whole company."""
    since = at - REMEMBERED
    with tenant_context(current_tenant_id()):
        recent = Punch.objects.filter(source=PunchSource.PHONE, punched_at__gte=since)
        mine = recent.filter(person_id=person_id)
        placed = mine.filter(wgs_latitude__isnull=False).order_by("-punched_at")[:MOST_PLACES]
        places = tuple(_earlier(each) for each in placed)
        browsers = set(mine.exclude(browser_id="").values_list("browser_id", flat=True))
        others = recent.filter(browser_id=browser_id).exclude(person_id=person_id) if browser_id else None
        count = others.values("person_id").distinct().count() if others is not None else 0
    return History(places, not browsers or browser_id in browsers, count)


def _earlier(punch: Punch) -> Earlier:
    point = float(punch.wgs_latitude), float(punch.wgs_longitude)
    return Earlier(punch.punched_at, point, f"{punch.latitude:.6f},{punch.longitude:.6f}", punch.accuracy)


def punches_of_batch(batch_id: UUID) -> QuerySet[Punch]:
    """Return the punches that an import made, with their states."""
    return with_state(Punch.objects.filter(batch_id=batch_id))


def known_clients(source: str, client_ids: Iterable[str]) -> set[str]:
    """Return which of these names of punches are taken."""
    rows = Punch.objects.filter(source=source, client_id__in=list(client_ids))
    return set(rows.values_list("client_id", flat=True))
