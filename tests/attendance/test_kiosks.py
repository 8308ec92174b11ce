from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from tests.attendance.people import Yard
from tests.attendance.test_pages import client_of
from tests.factories import make_org_unit, make_person

from zhiheng.access.errors import Forbidden
from zhiheng.attendance.models import Kiosk, Punch, PunchDevice, PunchPin, PunchReview, Site
from zhiheng.attendance.services.kiosks import (
    add_kiosk,
    kiosk_of_token,
    note_beat,
    offer_pairing,
    pair_kiosk,
    stop_kiosk,
    tenant_of_token,
)
from zhiheng.attendance.services.pins import remove_pin, set_pin

PIN = "2580"


@pytest.fixture(autouse=True)
def _no_earlier_tries():
    cache.clear()


@pytest.fixture
def device_id(yard: Yard):
    return add_kiosk(actor=yard.hr, site_id=yard.site_id, name="东门", uses_face=False)


@pytest.fixture
def token(yard: Yard, device_id) -> str:
    return pair_kiosk(company=yard.tenant.slug, code=offer_pairing(actor=yard.hr, device_id=device_id))


@pytest.fixture
def tablet(token: str) -> Client:
    client = Client()
    client.cookies["hr_kiosk"] = token
    return client


@pytest.fixture
def ann_pin(yard: Yard) -> None:
    set_pin(actor=yard.ann_actor, person_id=yard.ann.id, pin=PIN)


def typed(client: Client, number: str = "A1", pin: str = PIN, client_id: str = "tablet-punch-1") -> dict:
    answer = client.post("/attendance/kiosk/pin/", {"number": number, "pin": pin, "client_id": client_id})
    assert answer.status_code == 200
    return json.loads(answer.content)


# --- Pairing --------------------------------------------------------------------------------------------------


def test_a_tablet_is_paired_once_by_its_code(yard: Yard, device_id):
    code = offer_pairing(actor=yard.hr, device_id=device_id)
    assert len(code) == 8
    token = pair_kiosk(company=f" {yard.tenant.slug.upper()} ", code=code)
    found = kiosk_of_token(token)
    assert (found.device_id, found.site_id, found.actor.grants) == (device_id, yard.site_id, {})
    assert tenant_of_token(token) == yard.tenant.id
    with pytest.raises(ValidationError, match="配对码不对"):
        pair_kiosk(company=yard.tenant.slug, code=code)


def test_codes_that_pair_nothing(yard: Yard, device_id):
    code = offer_pairing(actor=yard.hr, device_id=device_id)
    for company, wrong in ((yard.tenant.slug, "00000000"), ("nowhere", code), (yard.tenant.slug, " ")):
        with pytest.raises(ValidationError, match="配对码不对"):
            pair_kiosk(company=company, code=wrong)
    Kiosk.objects.update(pairing_until=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(ValidationError, match="配对码不对"):
        pair_kiosk(company=yard.tenant.slug, code=code)


@pytest.mark.parametrize("token", ["", "x", "x.y.z", f"{'0' * 32}.{'1' * 32}.secret"])
def test_tokens_of_nobody(yard: Yard, token):
    assert kiosk_of_token(token) is None


def test_a_token_stops_with_its_pairing_site_or_device(yard: Yard, device_id, token):
    assert kiosk_of_token(f"{token}x") is None
    PunchDevice.objects.filter(id=device_id).update(is_active=False)
    assert kiosk_of_token(token) is None
    PunchDevice.objects.filter(id=device_id).update(is_active=True)
    Site.objects.update(is_active=False)
    assert kiosk_of_token(token) is None
    Site.objects.update(is_active=True)
    stop_kiosk(actor=yard.hr, device_id=device_id)
    assert kiosk_of_token(token) is None


def test_only_tablets_are_paired_and_only_by_whom_manages_sites(yard: Yard, device_id):
    PunchDevice.objects.filter(id=device_id).update(kind="terminal")
    Kiosk.objects.all().delete()
    with pytest.raises(ValidationError, match="不是打卡平板"):
        offer_pairing(actor=yard.hr, device_id=device_id)
    with pytest.raises(Forbidden):
        add_kiosk(actor=yard.ann_actor, site_id=yard.site_id, name="东门")
    with pytest.raises(ValidationError, match="请填写名称"):
        add_kiosk(actor=yard.hr, site_id=yard.site_id, name=" ")


def test_a_beat_says_that_all_punches_have_arrived(yard: Yard, device_id, token):
    Kiosk.objects.update(seen_at=None)
    before = timezone.now()
    note_beat(kiosk=kiosk_of_token(token))
    assert PunchDevice.objects.get(id=device_id).synced_until >= before
    assert Kiosk.objects.get().seen_at >= before


# --- Pages of HR and of the tablet ----------------------------------------------------------------------------


def test_hr_sets_a_tablet_up_and_pairs_it(yard: Yard):
    hr = client_of(yard.hr_user)
    answer = hr.post("/attendance/devices/kiosks/new/", {"name": "西门", "site": str(yard.site_id)})
    page = hr.post(answer.url, {"do": "offer"}).content.decode()
    assert yard.tenant.slug in page
    code = page.partition('hr-pairing-code">')[2][:8]
    tablet = Client()
    answer = tablet.post("/attendance/kiosk/pair/", {"company": yard.tenant.slug, "code": code})
    assert answer.url == "/attendance/kiosk/"
    assert answer.cookies["hr_kiosk"]["httponly"]
    assert answer.cookies["hr_kiosk"]["path"] == "/attendance/kiosk/"
    page = tablet.get("/attendance/kiosk/").content.decode()
    assert "外滩办公室" in page
    assert "<svg" in page
    assert "西门" in hr.get("/attendance/devices/").content.decode()
    hr.post(f"/attendance/devices/{PunchDevice.objects.get().id}/kiosk/", {"do": "stop"})
    assert tablet.get("/attendance/kiosk/").url == "/attendance/kiosk/pair/"


def test_a_tablet_that_is_not_paired(db):
    client = Client()
    assert client.get("/attendance/kiosk/").url == "/attendance/kiosk/pair/"
    assert client.post("/attendance/kiosk/pin/").status_code == 401
    assert client.get("/attendance/kiosk/pair/?company=acme").status_code == 200


def test_pairing_is_not_guessed(yard: Yard):
    client = Client()
    for _ in range(10):
        client.post("/attendance/kiosk/pair/", {"company": yard.tenant.slug, "code": "00000000"})
    page = client.post("/attendance/kiosk/pair/", {"company": yard.tenant.slug, "code": "00000000"})
    assert "错误次数过多" in page.content.decode()


# --- Punching -------------------------------------------------------------------------------------------------


def test_number_and_pin(yard: Yard, device_id, tablet, ann_pin):
    found = typed(tablet)
    assert (found["state"], found["name"], found["message"]) == ("counted", "安安", "打卡成功")
    punch = Punch.objects.get()
    assert (punch.person_id, punch.source, punch.method) == (yard.ann.id, "kiosk", "pin")
    assert (punch.device_id, punch.site_id, punch.risks) == (device_id, yard.site_id, [])
    again = typed(tablet, client_id="tablet-punch-2")
    assert (again["is_again"], again["message"]) == (True, "刚刚已打卡。")
    assert Punch.objects.count() == 1


@pytest.mark.parametrize(("number", "pin"), [("A1", "9999"), ("X9", PIN), ("B1", PIN)])
def test_a_wrong_number_or_pin_says_the_same(yard: Yard, tablet, ann_pin, number, pin):
    elsewhere = make_org_unit(yard.unit.legal_entity, "别处")
    bob = make_person(elsewhere, "白白", employee_number="B1")
    set_pin(actor=yard.hr, person_id=bob.id, pin=PIN)
    found = typed(tablet, number, pin)
    assert (found["state"], found["name"]) == ("refused", "")
    assert found["message"].startswith("工号或密码不对")
    assert not Punch.objects.exists()


def test_five_wrong_tries_lock_a_pin(yard: Yard, tablet, ann_pin):
    for _ in range(5):
        typed(tablet, pin="9999")
    assert "15 分钟后再试" in typed(tablet)["message"]
    PunchPin.objects.update(locked_until=timezone.now() - dt.timedelta(seconds=1))
    assert typed(tablet)["state"] == "counted"
    assert PunchPin.objects.get().failed_count == 0


def test_a_tablet_where_many_are_tried_rests(yard: Yard, tablet, ann_pin):
    for number in range(20):
        typed(tablet, f"X{number}")
    assert "请几分钟后再试" in typed(tablet)["message"]


def test_what_a_tablet_cannot_do(yard: Yard, tablet, ann_pin):
    assert typed(tablet, pin="")["message"] == "请填写工号和密码。"
    assert typed(tablet, client_id="x")["state"] == "refused"
    face = tablet.post("/attendance/kiosk/face/", {"client_id": "tablet-punch-1"})
    assert "没有启用人脸" in json.loads(face.content)["message"]
    for page in ("/attendance/punches/", "/people/", "/attendance/settings/"):
        assert tablet.get(page).url.startswith("/accounts/login/")


def test_that_is_not_me(yard: Yard, tablet, ann_pin):
    found = typed(tablet)
    answer = tablet.post("/attendance/kiosk/deny/", {"client_id": found["id"]})
    assert json.loads(answer.content)["state"] == "denied"
    review = PunchReview.objects.get()
    assert (review.outcome, review.reason) == ("rejected", "当场表示不是本人。")
    for client_id in (found["id"], "not-an-id"):
        answer = tablet.post("/attendance/kiosk/deny/", {"client_id": client_id})
        assert json.loads(answer.content)["state"] == "refused"


def test_the_tablet_keeps_in_touch(tablet):
    assert "now" in json.loads(tablet.post("/attendance/kiosk/beat/").content)
    part = tablet.get("/attendance/kiosk/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


# --- PINs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "1111", "1234", "9876", "１２３９"])
def test_pins_that_are_refused(yard: Yard, pin):
    with pytest.raises(ValidationError):
        set_pin(actor=yard.ann_actor, person_id=yard.ann.id, pin=pin)


def test_whose_pin_may_be_set(yard: Yard):
    bob = make_person(yard.unit, "白白")
    with pytest.raises(Forbidden):
        set_pin(actor=yard.ann_actor, person_id=bob.id, pin=PIN)
    set_pin(actor=yard.hr, person_id=bob.id, pin=PIN)
    assert PIN not in PunchPin.objects.get().pin_hash
    remove_pin(actor=yard.hr, person_id=bob.id)
    remove_pin(actor=yard.hr, person_id=bob.id)
    assert not PunchPin.objects.exists()


def test_the_page_of_ones_own_pin(yard: Yard):
    ann = client_of(yard.ann_user)
    page = ann.post("/attendance/my-pin/", {"pin": PIN, "again": "2581"})
    assert "两次输入的密码不同" in page.content.decode()
    assert "太容易猜" in ann.post("/attendance/my-pin/", {"pin": "1234", "again": "1234"}).content.decode()
    assert ann.post("/attendance/my-pin/", {"pin": PIN, "again": PIN}).url == "/attendance/punch/"
    assert "您已设置打卡密码" in ann.get("/attendance/my-pin/").content.decode()
    assert "没有关联员工档案" in client_of(yard.hr_user).get("/attendance/my-pin/").content.decode()


def test_hr_sets_and_clears_pins_and_says_whose_terminal_pins_are(yard: Yard):
    hr = client_of(yard.hr_user)
    page = "/attendance/pins/"
    hr.post(page, {"do": "pin", "pin-person": "A1", "pin-pin": PIN})
    hr.post(page, {"do": "owner", "owner-person": "A1", "owner-pin": "77"})
    text = hr.get(page).content.decode()
    assert f"/attendance/pins/{yard.ann.id}/remove/" in text
    assert ">77<" in text
    wrong = hr.post(page, {"do": "owner", "owner-person": "A1", "owner-pin": "77"})
    assert "该考勤号已对应其他员工" in wrong.content.decode()
    assert (
        "没有工号为「X9」的员工"
        in hr.post(page, {"do": "pin", "pin-person": "X9", "pin-pin": PIN}).content.decode()
    )
    assert "太容易猜" in hr.post(page, {"do": "pin", "pin-person": "A1", "pin-pin": "1111"}).content.decode()
    hr.post(f"/attendance/pins/{yard.ann.id}/remove/")
    owner = text.partition("/attendance/pins/owners/")[2][:36]
    hr.post(f"/attendance/pins/owners/{owner}/remove/")
    assert hr.post(f"/attendance/pins/owners/{owner}/remove/").status_code == 404
    text = hr.get(page).content.decode()
    assert "还没有人设置打卡密码" in text
    assert "没有对照" in text
