"""What the verbs of requests share: locks, and asking for approval."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from zhiheng.access.actor import Actor
from zhiheng.approvals.public import start_approval
from zhiheng.attendance.models import TimeRequest
from zhiheng.attendance.wording import details_of, summary_of

SUBJECT = "attendance.time_request"


def lock_person(person_id: UUID) -> None:
    """Wait for whoever makes a request for the same person, so that quota and overlaps are checked one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{SUBJECT}:{person_id}"])


def ask_for_approval(actor: Actor, request: TimeRequest) -> None:
    """Start the approval of a request."""
    start_approval(
        actor=actor, kind=f"attendance.{request.kind}", subject_id=request.id, person_id=request.person_id,
        summary=summary_of(request), details=details_of(request),
    )  # fmt: skip
