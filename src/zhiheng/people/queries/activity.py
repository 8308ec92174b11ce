"""What was done to a person, from the audit log, for whom that is open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.audit.policies import READ_ENTRY
from zhiheng.audit.queries.entries import entries_for_actor, payload_text

LIMIT = 100
VERBS: Mapping[str, str] = {
    "people.person.create": _("办理入职"),
    "people.person.rehire": _("办理再入职"),
    "people.person.update": _("修改资料"),
    "people.person.transfer": _("办理调动"),
    "people.person.leave": _("办理离职"),
    "people.assignment.correct": _("更正岗位安排"),
    "people.identifier.set": _("修改个人标识"),
    "people.identifier.reveal": _("查看完整的个人标识"),
}


@dataclass(frozen=True)
class Act:
    """An entry of the log as the profile shows it; ``note`` is the reason, or the days, if there were any."""

    at: datetime
    actor_name: str
    label: str
    note: str


def can_see_activity(actor: Actor) -> bool:
    """Tell whether the actor may read the audit log."""
    return actor.can(READ_ENTRY)


def activity_of_person(actor: Actor, person_id: UUID) -> list[Act]:
    """Return the latest entries about a person, newest first."""
    rows = entries_for_actor(actor).filter(subject_type="people.person", subject_id=str(person_id))
    return [
        Act(row.at, row.payload.actor_name, str(VERBS.get(row.verb, row.verb)), _note(payload_text(row)))
        for row in rows.order_by("-seq")[:LIMIT]
    ]


def _note(content: str | None) -> str:
    try:
        payload = json.loads(content or "{}")
    except ValueError:
        return ""
    parts = [payload.get(name) for name in ("reason", "from_on", "hired_on", "last_on", "to", "kind")]
    return " · ".join(part for part in parts if isinstance(part, str) and part)
