"""API schemas of background jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class JobOut(Schema):
    """A job; ``percent`` is null while the total is not known, ``error_id`` leads to the log."""

    id: UUID
    kind: str
    detail: str
    queue: str
    state: str
    progress_done: int
    progress_total: int | None
    progress_text: str
    percent: int | None
    actor_name: str
    attempts: int
    is_cancel_requested: bool
    result: Any
    error: str
    error_id: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
