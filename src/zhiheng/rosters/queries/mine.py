"""One's own roster, as published, and the feed of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.access.secrets import Credential
from zhiheng.rosters.calc.conflicts import span_of
from zhiheng.rosters.calc.plan import DayTemplate
from zhiheng.rosters.models import RosterFeed
from zhiheng.rosters.policies import READ_ROSTER
from zhiheng.rosters.queries.plan import planned_days


@dataclass(frozen=True)
class OwnDay:
    """A day of one's own roster."""

    on: dt.date
    template: DayTemplate
    day_type: str
    zone: str


def own_days(person_id: UUID, first: dt.date, last: dt.date) -> list[OwnDay]:
    """Return a person's published days, by date. Checks no permission."""
    found = planned_days({person_id}, first, last)
    columns = found.frame.select("on", "template", "day_type", "zone")
    return [
        OwnDay(on, found.templates[template], kind, zone) for on, template, kind, zone in columns.iter_rows()
    ]


def feed_of(actor: Actor) -> RosterFeed | None:
    """Return the actor's own feed, if there is one."""
    actor.scope(READ_ROSTER)
    return RosterFeed.objects.filter(person_id=actor.person_id).first() if actor.person_id else None


def person_of_feed(credential: Credential) -> UUID | None:
    """Return whose feed a secret address is, and note that it was read; ``None`` for a wrong or revoked one."""
    feed = RosterFeed.objects.filter(id=credential.id).first()
    if feed is None or not credential.matches(feed.secret_hash):
        return None
    RosterFeed.objects.filter(id=feed.id).update(last_read_at=timezone.now())
    return feed.person_id


def instants(each: OwnDay) -> tuple[dt.datetime, dt.datetime] | None:
    """Return when a day's shift begins and ends; ``None`` for a rest or free day."""
    span = span_of(each.template.shift)
    if span is None:
        return None
    zone = ZoneInfo(each.zone)
    midnight = dt.datetime.combine(each.on, dt.time.min)
    begin, end = (midnight + dt.timedelta(minutes=minutes) for minutes in span)
    return begin.replace(tzinfo=zone), end.replace(tzinfo=zone)
