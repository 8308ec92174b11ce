"""API of faces."""

from __future__ import annotations

import base64
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.faces.policies import READ_FACE, USE_FACE
from zhiheng.faces.queries.checks import check_for_actor, checks_for_actor
from zhiheng.faces.queries.consents import consent_text
from zhiheng.faces.queries.mine import my_state
from zhiheng.faces.queries.templates import enrolment_for_actor, enrolments_for_actor
from zhiheng.faces.schemas import (
    ChallengeIn,
    ChallengeOut,
    CheckOut,
    ConsentIn,
    ConsentOut,
    EnrolIn,
    EnrolmentOut,
)
from zhiheng.faces.services.challenges import start_challenge
from zhiheng.faces.services.consents import give_consent, withdraw_consent
from zhiheng.faces.services.enrolment import enrol_face
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Faces"])


def _mine(request: HttpRequest) -> dict[str, object]:
    mine = my_state(request.actor)
    return {
        "is_given": mine.has_agreed,
        "said_at": mine.consent and mine.consent.said_at,
        "text_version": mine.consent and mine.consent.text_version,
        "is_enrolled": mine.enrolment is not None,
        "text": consent_text(),
    }


@router.get("/face-consent", response=ConsentOut, summary="Your face consent")
@requires(USE_FACE)
def get_face_consent(request: HttpRequest):
    return _mine(request)


@router.post("/face-consent", response={201: ConsentOut}, summary="Agree to the use of your face")
@requires(USE_FACE)
def give_face_consent(request: HttpRequest, body: ConsentIn):
    give_consent(actor=request.actor, text_version=body.text_version)
    return 201, _mine(request)


@router.delete("/face-consent", response=ConsentOut, summary="Withdraw; everything of your face is deleted")
@requires(USE_FACE)
def withdraw_face_consent(request: HttpRequest):
    withdraw_consent(actor=request.actor)
    return _mine(request)


@router.get("/face-enrolments", response=CursorPage[EnrolmentOut], summary="List who is enrolled")
@requires(READ_FACE)
def list_face_enrolments(request: HttpRequest, page: Paging):
    return cursor_page(enrolments_for_actor(request.actor), page)


@router.post("/face-enrolments", response={201: EnrolmentOut}, summary="Enrol your face")
@requires(USE_FACE)
def enrol_own_face(request: HttpRequest, body: EnrolIn):
    photos = [base64.b64decode(each) for each in body.photos]
    return 201, enrol_face(actor=request.actor, photos=photos)


@router.get("/face-enrolments/{uuid:person_id}", response=EnrolmentOut, summary="A person's enrolment")
@requires(READ_FACE)
def get_face_enrolment(request: HttpRequest, person_id: UUID):
    return enrolment_for_actor(request.actor, person_id)


@router.post("/face-challenges", response={201: ChallengeOut}, summary="Start a live challenge")
@requires(USE_FACE)
def start_face_challenge(request: HttpRequest, body: ChallengeIn):
    """Answer it within 20 seconds by punching with its nonce and the frames."""
    return 201, start_challenge(actor=request.actor, purpose=body.purpose, browser_id=body.browser_id)


@router.get("/face-checks", response=CursorPage[CheckOut], summary="List face checks")
@requires(READ_FACE)
def list_face_checks(request: HttpRequest, page: Paging, person_id: UUID | None = None):
    rows = checks_for_actor(request.actor)
    return cursor_page(rows.filter(person_id=person_id) if person_id else rows, page)


@router.get("/face-checks/{uuid:check_id}", response=CheckOut, summary="A face check")
@requires(READ_FACE)
def get_face_check(request: HttpRequest, check_id: UUID):
    return check_for_actor(request.actor, check_id)
