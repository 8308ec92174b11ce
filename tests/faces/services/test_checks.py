"""A challenge is passed by the right person who turns the way they were asked to, and by nobody else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import cv2
import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.factories.faces import (
    COLLINS,
    HOPPER,
    burst,
    enrolment_photos,
    jpeg,
    portrait,
    selfie,
    still,
    turned,
)

from zhiheng.access.errors import Forbidden
from zhiheng.faces import public
from zhiheng.faces.models import FaceChallenge, FaceCheck
from zhiheng.faces.queries.consents import TEXT_VERSION
from zhiheng.faces.services.consents import give_consent, withdraw_consent
from zhiheng.faces.services.enrolment import enrol_face
from zhiheng.faces.services.settings import change_setting


def challenge(plant, turn="left", **options):
    made = public.start_challenge(actor=plant.worker_actor, **options)
    FaceChallenge.objects.filter(id=made.id).update(turn=turn)
    return made.nonce


def check(plant, frames, turn="left", **options):
    return public.check_face(actor=plant.worker_actor, nonce=challenge(plant, turn), frames=frames, **options)


def rest(found):
    return found.state, found.reason


@pytest.mark.parametrize("turn", ["left", "right"])
def test_the_right_person_who_turns_as_asked_passes(enrolled, turn):
    found = check(enrolled, burst(COLLINS, turn), turn)
    assert rest(found) == ("passed", "")
    assert found.score > Decimal("0.9")
    assert found.turned_score > Decimal("0.6")
    assert found.moved >= Decimal("0.18")
    assert not found.is_replay
    row = FaceCheck.objects.get()
    assert (row.id, row.person_id, row.photo_id, row.purpose) == (
        found.id, enrolled.worker.id, found.photo_id, "punch",
    )  # fmt: skip
    assert row.limits["accept"] == "0.45"
    assert len(row.hashes) == 2


def test_another_person_is_refused(enrolled):
    found = check(enrolled, burst(HOPPER, "right"), "right")
    assert rest(found) == ("refused", "other_person")
    assert found.score < Decimal("0.30")
    assert "不符" in found.reason_text


def test_a_still_photo_of_the_right_person_is_refused(enrolled):
    assert rest(check(enrolled, still(COLLINS))) == ("refused", "no_turn")


def test_a_turn_to_the_wrong_side_is_refused(enrolled):
    assert rest(check(enrolled, burst(COLLINS, "right"), "left")) == ("refused", "wrong_turn")


def test_the_right_face_in_front_and_another_turned_is_refused(enrolled):
    frames = [*still(COLLINS)[:2], burst(HOPPER, "right")[-1]]
    assert rest(check(enrolled, frames, "right")) == ("refused", "other_person_turned")


def test_only_turned_frames_are_refused(enrolled):
    assert rest(check(enrolled, burst(COLLINS, "left")[-2:])) == ("refused", "no_frontal")


def test_a_photo_sent_again_is_refused_also_when_it_was_encoded_anew(enrolled):
    assert check(enrolled, burst(COLLINS, "left")).state == "passed"
    noise = np.random.default_rng(1).normal(0, 6, (480, 640, 3))
    again = [
        cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR) for frame in burst(COLLINS, "left")
    ]
    again = [jpeg(np.clip(frame + noise, 0, 255).astype(np.uint8), 60) for frame in again]
    found = check(enrolled, again)
    assert (*rest(found), found.is_replay) == ("refused", "replayed_photo", True)
    assert rest(check(enrolled, burst(COLLINS, "left", face_width=240, dx=40))) == ("passed", "")


def test_a_failed_try_does_not_make_the_next_one_a_replay(enrolled):
    assert rest(check(enrolled, still(COLLINS))) == ("refused", "no_turn")
    assert rest(check(enrolled, burst(COLLINS, "left"))) == ("passed", "")


def test_a_score_between_the_thresholds_waits_for_review(enrolled):
    limits = {
        "review": Decimal("0.30"),
        "identify": Decimal("0.50"),
        "margin": Decimal("0.06"),
        "keep_days": 90,
    }
    change_setting(actor=enrolled.hr, accept=Decimal("0.95"), **limits)
    frames = [jpeg(cv2.GaussianBlur(selfie(COLLINS, face_width=120), (0, 0), 2)), burst(COLLINS, "left")[-1]]
    found = check(enrolled, frames)
    assert rest(found) == ("review", "low_score")
    assert Decimal("0.30") <= found.score < Decimal("0.95")


# --- The nonce ----------------------------------------------------------------------------------------------------


def test_a_nonce_serves_once(enrolled):
    nonce = challenge(enrolled)
    frames = still(COLLINS)
    assert public.check_face(actor=enrolled.worker_actor, nonce=nonce, frames=frames).reason == "no_turn"
    again = public.check_face(actor=enrolled.worker_actor, nonce=nonce, frames=burst(COLLINS, "left"))
    assert rest(again) == ("refused", "used_nonce")


def test_a_nonce_is_good_for_twenty_seconds(enrolled):
    made = public.start_challenge(actor=enrolled.worker_actor)
    assert made.expires_at - timezone.now() <= dt.timedelta(seconds=20)
    FaceChallenge.objects.update(turn="left", expires_at=timezone.now())
    found = public.check_face(actor=enrolled.worker_actor, nonce=made.nonce, frames=burst(COLLINS, "left"))
    assert rest(found) == ("refused", "expired_nonce")


def test_a_stolen_nonce_is_refused_recorded_and_lost_for_its_owner(enrolled):
    nonce = challenge(enrolled)
    thief = public.check_face(actor=enrolled.colleague_actor, nonce=nonce, frames=burst(COLLINS, "left"))
    assert rest(thief) == ("refused", "stolen_nonce")
    assert FaceCheck.objects.get(id=thief.id).person_id == enrolled.colleague.id
    owner = public.check_face(actor=enrolled.worker_actor, nonce=nonce, frames=burst(COLLINS, "left"))
    assert rest(owner) == ("refused", "used_nonce")


def test_a_nonce_of_another_browser_is_refused(enrolled):
    def answer(browser_id):
        nonce = challenge(enrolled, browser_id="phone-1")
        return public.check_face(
            actor=enrolled.worker_actor, nonce=nonce, frames=burst(COLLINS, "left"), browser_id=browser_id
        )

    assert rest(answer("phone-2")) == rest(answer("")) == ("refused", "other_browser")
    assert rest(answer("phone-1")) == ("passed", "")


def test_an_invented_nonce_is_refused(enrolled):
    found = public.check_face(actor=enrolled.worker_actor, nonce="invented", frames=burst(COLLINS, "left"))
    assert rest(found) == ("refused", "unknown_nonce")


def test_the_nonce_is_not_stored(enrolled):
    nonce = challenge(enrolled)
    assert nonce not in str(FaceChallenge.objects.values().get())


# --- Bad input ----------------------------------------------------------------------------------------------------


def _bomb() -> bytes:
    """A small PNG that unpacks to 900 million pixels."""
    import struct
    import zlib

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _two_people() -> bytes:
    return jpeg(np.hstack([selfie(COLLINS)[:, 120:520], selfie(HOPPER)[:, 120:520]]))


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (lambda: b"\xff\xd8" + b"0" * 20_000_000, "too_large"),
        (_bomb, "too_many_pixels"),
        (lambda: b"not a photo", "not_image"),
        (lambda: still(COLLINS)[0][:3000], "not_image"),
        (lambda: b"", "not_image"),
        (lambda: jpeg(np.full((480, 640, 3), 127, np.uint8)), "no_face"),
        (_two_people, "several_faces"),
    ],
)
def test_what_is_no_photo_of_one_face_is_refused_and_recorded(enrolled, frame, reason):
    found = check(enrolled, [frame()] * 3)
    assert rest(found) == ("refused", reason)
    assert found.reason_text
    assert FaceCheck.objects.get().reason == reason


@pytest.mark.parametrize(
    ("count", "reason"), [(0, "too_few_frames"), (1, "too_few_frames"), (13, "too_many_frames")]
)
def test_the_number_of_frames_is_bounded(enrolled, count, reason):
    assert rest(check(enrolled, still(COLLINS)[:1] * count)) == ("refused", reason)


def test_frames_without_a_face_are_passed_over(enrolled):
    blank = jpeg(np.full((480, 640, 3), 127, np.uint8))
    frames = [blank, *burst(COLLINS, "left")[1:], blank]
    assert rest(check(enrolled, frames)) == ("passed", "")


# --- Who may ------------------------------------------------------------------------------------------------------


def test_somebody_not_enrolled_gets_no_challenge(agreed):
    for actor, code in ((agreed.worker_actor, "not_enrolled"), (agreed.colleague_actor, "no_consent")):
        with pytest.raises(ValidationError) as refused:
            public.start_challenge(actor=actor)
        assert refused.value.code == code


def test_a_login_without_a_person_gets_none(inside):
    with pytest.raises(ValidationError) as refused:
        public.start_challenge(actor=inside.hr)
    assert refused.value.code == "no_person"
    assert rest(public.check_face(actor=inside.hr, nonce="x", frames=[])) == ("refused", "no_person")


def test_an_auditor_may_not(inside):
    with pytest.raises(Forbidden):
        public.check_face(actor=inside.member("auditor"), nonce="x", frames=[])


def test_after_a_withdrawal_a_challenge_under_way_comes_to_nothing(enrolled):
    nonce = challenge(enrolled)
    withdraw_consent(actor=enrolled.worker_actor)
    found = public.check_face(actor=enrolled.worker_actor, nonce=nonce, frames=burst(COLLINS, "left"))
    assert rest(found) == ("refused", "no_consent")


def test_twenty_refusals_within_an_hour_are_enough(enrolled):
    for _ in range(20):
        public.check_face(actor=enrolled.worker_actor, nonce="guess", frames=[])
    with pytest.raises(ValidationError) as refused:
        public.start_challenge(actor=enrolled.worker_actor)
    assert refused.value.code == "too_many_refusals"


# --- One of many --------------------------------------------------------------------------------------------------


@pytest.fixture
def both(enrolled):
    give_consent(actor=enrolled.colleague_actor, text_version=TEXT_VERSION)
    enrol_face(actor=enrolled.colleague_actor, photos=enrolment_photos(HOPPER))
    return enrolled


def test_one_of_many_is_found(both):
    everybody = [both.worker.id, both.colleague.id]
    frame = jpeg(selfie(HOPPER, face_width=170))
    found = public.identify_face(actor=both.system, person_ids=everybody, frame=frame)
    assert (found.person_id, found.reason, found.is_replay) == (both.colleague.id, "", False)
    assert found.score > Decimal("0.9")
    assert found.margin > Decimal("0.6")
    assert public.check_info([found.check_id])[found.check_id].state == "passed"


def test_a_photo_like_an_earlier_one_is_found_and_flagged(both):
    frame = jpeg(selfie(HOPPER, face_width=170))
    first, second = (
        public.identify_face(actor=both.system, person_ids=[both.colleague.id], frame=frame) for _ in range(2)
    )
    assert (first.is_replay, second.is_replay) == (False, True)
    assert public.check_info([second.check_id])[second.check_id].state == "review"


def test_nobody_is_found_among_others_or_in_an_empty_place(both):
    frame = jpeg(selfie(HOPPER, face_width=170))
    stranger = public.identify_face(actor=both.system, person_ids=[both.worker.id], frame=frame)
    assert (stranger.person_id, stranger.reason) == (None, "unknown_person")
    empty = public.identify_face(actor=both.system, person_ids=[], frame=frame)
    assert (empty.person_id, empty.reason) == (None, "nobody_enrolled")
    blank = public.identify_face(actor=both.system, person_ids=[], frame=b"")
    assert (blank.person_id, blank.reason, blank.score) == (None, "not_image", 0)


# --- Helpers of other tests -----------------------------------------------------------------------------------------


def test_the_head_that_tests_turn_is_no_longer_the_portrait():
    assert np.abs(turned(selfie(COLLINS), 40).astype(int) - selfie(COLLINS)).mean() > 5
    assert portrait(COLLINS).shape == (512, 512, 3)
