"""Punching by face: on one's own phone against a challenge, and at the door among the people of the site."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.attendance.people import BUND, Yard
from tests.attendance.test_pages import client_of
from tests.factories.faces import COLLINS, HOPPER, burst, enrolment_photos, jpeg, selfie, still

from zhiheng.attendance.models import Punch, Site, SiteAssignment
from zhiheng.attendance.queries.phone import ways_of
from zhiheng.attendance.queries.sites import sites_of
from zhiheng.attendance.services.kiosks import add_kiosk, offer_pairing, pair_kiosk
from zhiheng.attendance.services.taking import GivenPlace, PhonePunch, Taken, take_punch
from zhiheng.faces.public import start_challenge
from zhiheng.faces.queries.consents import TEXT_VERSION
from zhiheng.faces.services.consents import give_consent, withdraw_consent
from zhiheng.faces.services.enrolment import enrol_face

HERE = GivenPlace(*BUND, "wgs84", 20, 3)


@pytest.fixture
def with_face(yard: Yard) -> Yard:
    """The site offers face, and Ann agreed and enrolled."""
    Site.objects.filter(id=yard.site_id).update(methods=["gps", "face"])
    give_consent(actor=yard.ann_actor, text_version=TEXT_VERSION)
    enrol_face(actor=yard.ann_actor, photos=enrolment_photos(COLLINS))
    return yard


def by_face(
    yard: Yard, frames, *, client_id: str = "punch-by-face", nonce: str | None = None, **more
) -> Taken:
    given = {"place": HERE, "browser_id": "phone-1", **more}
    punch = PhonePunch(client_id=client_id, way="face", nonce=nonce or "", frames=frames, **given)
    return take_punch(actor=yard.ann_actor, punch=punch)


def challenge(yard: Yard):
    return start_challenge(actor=yard.ann_actor, browser_id="phone-1")


def test_face_is_offered_only_with_consent_and_only_beside_another_way(with_face: Yard):
    assert ways_of(with_face.ann.id, sites_of(with_face.ann.id)) == ["gps", "face"]
    assert 'value="face"' in client_of(with_face.ann_user).get("/attendance/punch/").content.decode()
    withdraw_consent(actor=with_face.ann_actor)
    assert ways_of(with_face.ann.id, sites_of(with_face.ann.id)) == ["gps"]


def test_the_right_face_counts(with_face: Yard):
    asked = challenge(with_face)
    taken = by_face(with_face, burst(COLLINS, asked.turn, face_width=210, dx=50), nonce=asked.nonce)
    assert (taken.state, taken.risks) == ("counted", ())
    punch = Punch.objects.get()
    assert punch.method == "face"
    assert punch.face_score > 0.45
    assert punch.face_check_id is not None
    detail = client_of(with_face.hr_user).get(f"/attendance/punches/{punch.id}/").content.decode()
    assert f"/faces/checks/{punch.face_check_id}/photo/" in detail
    assert 'src="/faces/photos/' in detail


def test_another_face_a_photo_and_a_stolen_nonce_are_not_taken(with_face: Yard):
    asked = challenge(with_face)
    other = by_face(with_face, burst(HOPPER, asked.turn), nonce=asked.nonce)
    assert (other.state, other.message[:5]) == ("blocked", "没有打卡：")
    asked = challenge(with_face)
    assert by_face(with_face, still(COLLINS), nonce=asked.nonce).state == "blocked"
    again = by_face(with_face, burst(COLLINS, asked.turn, dx=-60), nonce=asked.nonce)
    assert again.state == "blocked"
    assert not Punch.objects.exists()


def test_without_network_there_is_no_face(with_face: Yard):
    with pytest.raises(ValidationError, match="没有网络时不能用人脸打卡"):
        by_face(with_face, burst(COLLINS, "left"), nonce="x", is_offline=True)


# --- At the door ----------------------------------------------------------------------------------------------


@pytest.fixture
def tablet(with_face: Yard) -> Client:
    device_id = add_kiosk(actor=with_face.hr, site_id=with_face.site_id, name="东门", uses_face=True)
    code = offer_pairing(actor=with_face.hr, device_id=device_id)
    client = Client()
    client.cookies["hr_kiosk"] = pair_kiosk(company=with_face.tenant.slug, code=code)
    return client


def shown(tablet: Client, frame: bytes, client_id: str = "tablet-face-1") -> dict:
    files = {"frame": SimpleUploadedFile("f.jpg", frame), "client_id": client_id}
    return json.loads(tablet.post("/attendance/kiosk/face/", files).content)


def test_somebody_of_the_site_is_recognized_at_the_door(with_face: Yard, tablet: Client):
    found = shown(tablet, jpeg(selfie(COLLINS, face_width=170, dx=20)))
    assert (found["state"], found["name"]) == ("counted", "安安")
    punch = Punch.objects.get()
    assert (punch.source, punch.method, punch.person_id) == ("kiosk", "face", with_face.ann.id)
    assert punch.face_check_id is not None


def test_a_stranger_is_not_and_may_type(tablet: Client):
    found = shown(tablet, jpeg(selfie(HOPPER)))
    assert (found["state"], found["name"]) == ("refused", "")
    assert found["message"].endswith("也可以用工号和密码打卡。")
    assert shown(tablet, b"")["state"] == "refused"


def test_somebody_of_another_site_is_not(with_face: Yard, tablet: Client):
    SiteAssignment.objects.all().delete()
    assert shown(tablet, jpeg(selfie(COLLINS)))["state"] == "refused"
    assert not Punch.objects.exists()
