"""Photos from which terminals recognise people: only of those who consented, and never kept here."""

from __future__ import annotations

from uuid import UUID


def photo_for_terminal(person_id: UUID) -> bytes | None:
    """Return somebody's photo as terminals take it; ``None`` without consent or enrolment."""
    return None
