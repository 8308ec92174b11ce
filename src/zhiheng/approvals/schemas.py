"""API schemas of approvals."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class ApprovalStepOut(Schema):
    """A step of the chain; ``approvers`` are names, empty where HR decides."""

    id: UUID
    role: str
    state: str
    approvers: list[str]
    decided_by: str
    decided_at: dt.datetime | None
    comment: str
    is_stand_in: bool


class ApprovalOut(Schema):
    """A request for approval; ``subject_id`` is what it is about, by ``kind``."""

    id: UUID
    kind: str
    subject_id: UUID
    person_id: UUID
    state: str
    summary: str
    details: list[tuple[str, str]]
    started_by: str
    started_at: dt.datetime
    closed_at: dt.datetime | None
    steps: list[ApprovalStepOut]


class ApprovalPage(Schema):
    """A page of requests; ``total`` counts all pages."""

    items: list[ApprovalOut]
    total: int
    page: int
    pages: int


class DecisionIn(Schema):
    """What the approver says about the step they had before them; rejecting needs a comment."""

    step_id: UUID
    verdict: Literal["approve", "reject"]
    comment: str = Field("", max_length=500)


class WithdrawIn(Schema):
    """Why a request is taken back."""

    reason: str = Field("", max_length=500)
