"""API schemas of faces."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from zhiheng.faces.engine import MAX_BYTES

_LONGEST = MAX_BYTES * 4 // 3 + 4


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    return text


Photo = Annotated[
    str, Field(max_length=_LONGEST, description="JPEG, PNG or WebP in base64"), AfterValidator(_is_base64)
]


class ConsentTextOut(Schema):
    """The text somebody agrees to."""

    version: str
    parts: list[tuple[str, str]]


class ConsentOut(Schema):
    """Whether the caller agrees to the use of their face, and the text in force."""

    is_given: bool
    said_at: dt.datetime | None
    text_version: str | None
    is_enrolled: bool
    text: ConsentTextOut


class ConsentIn(Schema):
    """Consent to the text of a version."""

    text_version: str = Field(max_length=20)


class EnrolIn(Schema):
    """Three photos of the caller."""

    photos: list[Photo] = Field(min_length=1, max_length=3)


class EnrolmentOut(Schema):
    """A person whose face is stored."""

    id: UUID
    person_id: UUID
    legal_entity_id: UUID
    model_version: str
    enrolled_by: str
    enrolled_at: dt.datetime
    look_alike_score: Decimal | None
    confirmed_by: str
    confirmed_at: dt.datetime | None


class ChallengeIn(Schema):
    """What the challenge is for, and the browser that will answer it."""

    purpose: str = Field("punch", max_length=20)
    browser_id: str = Field("", max_length=64)


class ChallengeOut(Schema):
    """What to do: look into the camera, then turn the head to the person's own ``turn``; until ``expires_at``."""

    id: UUID
    nonce: str
    turn: Literal["left", "right"]
    expires_at: dt.datetime


class CheckOut(Schema):
    """A check and what came of it."""

    id: UUID
    person_id: UUID | None
    kind: str
    purpose: str
    state: str
    reason: str
    score: Decimal | None
    turned_score: Decimal | None
    moved: Decimal | None
    margin: Decimal | None
    is_replay: bool
    browser_id: str
    limits: dict[str, str]
    model_version: str
    checked_by: str
    checked_at: dt.datetime
