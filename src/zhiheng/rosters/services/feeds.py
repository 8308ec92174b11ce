"""Secret addresses under which calendars read shifts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.secrets import Credential, new_credential
from zhiheng.audit.public import record
from zhiheng.people.public import persons_by_id
from zhiheng.rosters.models import RosterFeed
from zhiheng.rosters.policies import READ_ROSTER
from zhiheng.tenancy.keys import uuid7


def open_feed(*, actor: Actor) -> Credential:
    """Make a new secret address for the actor's own shifts; an older one no longer works. It is shown once."""
    actor.scope(READ_ROSTER)
    person = persons_by_id([actor.person_id]).get(actor.person_id) if actor.person_id else None
    if person is None:
        raise ValidationError(_("您的账户没有关联员工，没有自己的班表。"), code="no_person")
    RosterFeed.objects.filter(person_id=person.id).delete()
    credential = new_credential(actor.tenant_id, uuid7())
    RosterFeed.objects.create(
        id=credential.id, person_id=person.id, legal_entity_id=person.legal_entity_id,
        secret_hash=credential.secret_hash, created_at=timezone.now(),
    )  # fmt: skip
    record(actor, "rosters.roster_feed.create", subject=("people.person", person.id))
    return credential


def close_feed(*, actor: Actor) -> None:
    """Revoke the actor's own address, if there is one."""
    actor.scope(READ_ROSTER)
    gone, _rows = RosterFeed.objects.filter(person_id=actor.person_id).delete()
    if gone:
        record(actor, "rosters.roster_feed.revoke", subject=("people.person", actor.person_id))
