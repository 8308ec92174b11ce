"""Pages of punches and sites, as people open them."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from tests.attendance.people import BUND, Yard
from tests.attendance.test_taking import FAR, ID, take
from tests.factories import actor_for, make_member, make_person

from zhiheng.attendance.calc.doorcode import make_code
from zhiheng.attendance.models import Punch, PunchReview, Site, SiteAssignment

SITE = {
    "code": "PARK", "name": "园区", "datum": "gcj02", "radius": "150", "latitude": "31.228474",
    "longitude": "121.478224", "corners": "", "methods": ["gps", "qr"], "wifi": "", "zone": "Asia/Shanghai",
    "is_active": "on", "address": "", "action_outside": "block",
}  # fmt: skip
HERE = {"lat": str(BUND[0]), "lon": str(BUND[1]), "accuracy": "18.4", "fix_age": "2"}


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def hr(yard: Yard) -> Client:
    return client_of(yard.hr_user)


@pytest.fixture
def ann(yard: Yard) -> Client:
    return client_of(yard.ann_user)


# --- Sites ----------------------------------------------------------------------------------------------------


def test_the_settings_lead_to_what_there_is(hr: Client):
    page = hr.get("/attendance/settings/").content.decode()
    assert "打卡地点" in page
    assert 'href="/attendance/sites/"' in page


def test_a_site_is_added_and_kept_in_wgs84(yard: Yard, hr: Client):
    answer = hr.post("/attendance/sites/new/", {**SITE, "legal_entity": str(yard.unit.legal_entity_id)})
    site = Site.objects.get(code="PARK")
    assert answer.url == f"/attendance/sites/{site.id}/"
    assert (site.latitude, site.longitude, site.datum) == (*BUND, "gcj02")
    assert (site.methods, site.actions) == (["gps", "qr"], {"outside": "block"})
    assert len(site.qr_secret) == 64
    form = hr.get(f"/attendance/sites/{site.id}/edit/").content.decode()
    assert 'value="31.228474"' in form


def test_a_polygon(yard: Yard, hr: Client):
    corners = "31.229, 121.472\n31.231，121.472\n31.231 121.474\n"
    hr.post(
        "/attendance/sites/new/",
        {
            **SITE,
            "datum": "wgs84",
            "corners": corners,
            "latitude": "",
            "longitude": "",
            "legal_entity": str(yard.unit.legal_entity_id),
        },
    )
    assert Site.objects.get(code="PARK").polygon == [[31.229, 121.472], [31.231, 121.472], [31.231, 121.474]]
    page = hr.get("/attendance/sites/").content.decode()
    assert "多边形，3 个顶点" in page


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"methods": ["face"]}, "人脸不能是唯一的打卡方式"),
        ({"methods": []}, "这个字段是必填项"),
        ({"latitude": "", "longitude": ""}, "定位打卡需要地点的坐标"),
        ({"latitude": "31.2", "longitude": ""}, "请同时填写纬度和经度"),
        ({"latitude": "0", "longitude": "0"}, "坐标 0,0 在大西洋里"),
        ({"methods": ["gps", "wifi"]}, "Wi-Fi 打卡需要至少一个网络地址"),
        ({"methods": ["gps", "wifi"], "wifi": "office"}, "不是 Wi-Fi 的 BSSID"),
        ({"corners": "31.2, 121.4\n31.3, 121.4"}, "多边形需要 3 至 60 个顶点"),
        ({"corners": "here"}, "这一行不是“纬度, 经度”：here"),
        ({"corners": "95, 10"}, "这一行的坐标超出范围"),
        ({"zone": "Mars"}, "没有这个时区"),
        ({"code": "BUND"}, "该编码已被其他打卡地点使用"),
    ],
)
def test_sites_that_make_no_sense(yard: Yard, hr: Client, changes, text):
    answer = hr.post(
        "/attendance/sites/new/", {**SITE, "legal_entity": str(yard.unit.legal_entity_id), **changes}
    )
    assert answer.status_code == 422
    assert text in answer.content.decode()


def test_who_may_punch_there(yard: Yard, hr: Client):
    address = f"/attendance/sites/{yard.site_id}/"
    hr.post(address, {"person": "A1", "from_on": "2026-07-01", "to_on": "2026-07-31"})
    mine = SiteAssignment.objects.get(person=yard.ann)
    page = hr.get(address).content.decode()
    assert "2026-07-31" in page
    hr.post(f"{address}scope/{mine.id}/remove/")
    assert not SiteAssignment.objects.filter(person=yard.ann).exists()
    assert hr.post(f"{address}scope/{mine.id}/remove/").status_code == 302


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"from_on": "2026-07-01"}, "请选择一个部门，或填写一个工号"),
        ({"person": "X9", "from_on": "2026-07-01"}, "没有工号为「X9」的员工"),
        ({"person": "A1", "from_on": "2026-07-02", "to_on": "2026-07-01"}, "结束日期不能早于开始日期"),
    ],
)
def test_scopes_that_make_no_sense(yard: Yard, hr: Client, form, text):
    answer = hr.post(f"/attendance/sites/{yard.site_id}/", form)
    assert answer.status_code == 422
    assert text in answer.content.decode()


def test_the_code_at_the_door_opens_the_punch_page(yard: Yard, hr: Client):
    answer = hr.get(f"/attendance/sites/{yard.site_id}/qr/")
    assert "<svg" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    part = hr.get(f"/attendance/sites/{yard.site_id}/qr/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("lat=31.230416&lon=121.473701&accuracy=10", "在打卡范围内：距离 0 米"),
        ("lat=31.240416&lon=121.473701", "不在打卡范围内：距离 1112 米"),
    ],
)
def test_a_position_is_tried(yard: Yard, hr: Client, query, text):
    assert text in hr.get(f"/attendance/sites/{yard.site_id}/?{query}").content.decode()


@pytest.mark.parametrize("query", ["lat=x&lon=1", "lat=99&lon=1", "lat=1&lon=1&datum=moon", "lat=1"])
def test_a_position_that_is_none(yard: Yard, hr: Client, query):
    assert "米，精度" not in hr.get(f"/attendance/sites/{yard.site_id}/?{query}").content.decode()


def test_an_employee_manages_no_sites(yard: Yard, ann: Client):
    for page in ("settings/", "sites/", "sites/new/", f"sites/{yard.site_id}/", f"sites/{yard.site_id}/qr/"):
        assert ann.get(f"/attendance/{page}").status_code == 403


# --- Phone ----------------------------------------------------------------------------------------------------


def test_the_phone_page_offers_the_ways_of_ones_sites(ann: Client):
    page = ann.get("/attendance/punch/")
    text = page.content.decode()
    assert 'value="gps"' in text
    assert 'value="qr"' in text
    assert 'value="face"' not in text
    assert "今天还没有打卡" in text
    assert page["Cache-Control"] == "no-store"
    assert page.cookies["hr_browser"]["httponly"]


def test_an_account_without_a_person_is_told(hr: Client):
    assert "没有关联员工档案" in hr.get("/attendance/punch/").content.decode()


def test_a_punch_by_phone(ann: Client):
    ann.get("/attendance/punch/")
    answer = ann.post("/attendance/punch/take/", {"client_id": ID, "way": "gps", **HERE})
    body = json.loads(answer.content)
    assert (answer.status_code, body["state"], body["site"]) == (200, "counted", "外滩办公室")
    punch = Punch.objects.get()
    assert (punch.id, punch.accuracy, len(punch.browser_id)) == (UUID(body["id"]), 18, 32)
    today = ann.get("/attendance/punch/", headers={"HX-Request": "true"}).content.decode()
    assert "外滩办公室" in today
    assert "<html" not in today


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"way": "gps"}, "必填"),
        ({"client_id": ID, "way": "qr", "door": "x"}, "这不是打卡地点的二维码"),
        ({"client_id": ID, "way": "gps", "lat": "north"}, "输入一个数字"),
        ({"client_id": ID, "way": "gps", "device_at": "yesterday"}, "时间格式无法识别"),
        ({"client_id": ID, "way": "gps", "device_at": "2026-02-31T00:00:00Z"}, "时间格式无法识别"),
    ],
)
def test_what_is_refused_says_why(ann: Client, form, text):
    answer = ann.post("/attendance/punch/take/", form)
    assert answer.status_code == 422
    assert text in json.loads(answer.content)["message"]
    assert not Punch.objects.exists()


def test_where_one_is(yard: Yard, ann: Client):
    found = json.loads(ann.post("/attendance/punch/where/", HERE).content)
    assert found == {"title": "已进入打卡范围", "text": "距外滩办公室 0 米 · 精度 ±18 米", "is_inside": True}
    far = json.loads(ann.post("/attendance/punch/where/", {**HERE, "lat": "31.24"}).content)
    assert (far["title"], far["is_inside"]) == ("不在打卡范围内", False)
    assert ann.post("/attendance/punch/where/", {"lat": "1"}).status_code == 422
    SiteAssignment.objects.all().delete()
    assert json.loads(ann.post("/attendance/punch/where/", HERE).content)["title"] == "没有适用的打卡地点"


def test_a_fresh_token_says_whose_session_it_is(yard: Yard, ann: Client):
    body = json.loads(ann.get("/attendance/punch/token/").content)
    assert body["owner"] == str(yard.ann_actor.membership_id)
    assert len(body["token"]) == 64


def test_the_page_kept_for_the_time_without_network_holds_nobody(yard: Yard, ann: Client):
    for client in (ann, Client()):
        page = client.get("/attendance/punch/offline/").content.decode()
        assert 'data-punch-offline-value="true"' in page
        assert yard.ann.name not in page


def test_arriving_by_the_code_at_the_door(yard: Yard, ann: Client):
    code = make_code(Site.objects.get().qr_secret, yard.site_id, timezone.now())
    assert f'data-punch-door-value="{code}"' in ann.get(f"/attendance/punch/?door={code}").content.decode()


# --- Punches and reviews --------------------------------------------------------------------------------------


def test_all_punches_and_one(yard: Yard, hr: Client):
    taken = take(yard, place=FAR)
    text = hr.get(
        "/attendance/punches/?state=pending&risk=outside&from=2026-07-08&to=2026-07-08"
    ).content.decode()
    assert "安安" in text
    assert "安安" not in hr.get("/attendance/punches/?to=2026-07-07").content.decode()
    detail = hr.get(f"/attendance/punches/{taken.punch_id}/").content.decode()
    assert "距“外滩办公室” 1112 米" in detail
    assert "31.240416, 121.473701（WGS-84）" in detail
    assert hr.get("/attendance/punches/?export=csv").status_code == 200


def test_a_punch_is_accepted_or_not(yard: Yard, hr: Client):
    taken = take(yard, place=FAR)
    assert "安安" in hr.get("/attendance/punches/review/").content.decode()
    decide = {"punch": str(taken.punch_id), "outcome": "rejected", "reason": ""}
    answer = hr.post("/attendance/punches/review/decide/", decide, follow=True)
    assert "判为无效时请写明理由" in answer.content.decode()
    hr.post("/attendance/punches/review/decide/", {**decide, "reason": "当天在家"})
    assert "没有待复核的打卡" in hr.get("/attendance/punches/review/").content.decode()
    page = hr.post(
        "/attendance/punches/review/decide/", {**decide, "outcome": "accepted", "next": "detail"}, follow=True
    ).content.decode()
    assert "当天在家" in page
    assert [each.outcome for each in PunchReview.objects.all()] == ["accepted", "rejected"]


def test_an_employee_sees_their_own_punches_only(yard: Yard, ann: Client):
    bob = make_person(yard.unit, "白白")
    mine = take(yard, place=FAR)
    other = client_of(make_member(yard.tenant, "employee", person=bob))
    assert "安安" in ann.get("/attendance/punches/").content.decode()
    assert "安安" not in other.get("/attendance/punches/").content.decode()
    assert other.get(f"/attendance/punches/{mine.punch_id}/").status_code == 404
    assert (
        ann.post(
            "/attendance/punches/review/decide/", {"punch": str(mine.punch_id), "outcome": "accepted"}
        ).status_code
        == 403
    )


def test_nobody_decides_about_their_own_punch(yard: Yard):
    bob = make_person(yard.unit, "白白")
    user = make_member(yard.tenant, "department_head", person=bob)
    head, taken = client_of(user), take(yard, actor=actor_for(user, yard.tenant), place=FAR)
    assert "没有待复核的打卡" in head.get("/attendance/punches/review/").content.decode()
    answer = head.post(
        "/attendance/punches/review/decide/",
        {"punch": str(taken.punch_id), "outcome": "accepted"},
        follow=True,
    )
    assert "不能复核自己的打卡" in answer.content.decode()
    assert not PunchReview.objects.exists()


def test_the_photo_is_shown_and_the_look_recorded(yard: Yard, hr: Client):
    taken = take(yard, photo=b"\xff\xd8\xff\xe0 jpeg")
    answer = hr.get(f"/attendance/punches/{taken.punch_id}/photo/")
    assert (answer.content, answer["Content-Type"]) == (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg")
    without = take(yard, client_id="without-photo")
    assert hr.get(f"/attendance/punches/{without.punch_id}/photo/").status_code == 404


@pytest.mark.parametrize(
    "form", [{}, {"punch": "x", "outcome": "accepted"}, {"punch": str(UUID(int=1)), "outcome": "accepted"}]
)
def test_decisions_about_nothing(hr: Client, form):
    answer = hr.post("/attendance/punches/review/decide/", form, follow=True)
    assert "没有找到要复核的打卡" in answer.content.decode()


# --- The app --------------------------------------------------------------------------------------------------


def test_manifest_and_worker_are_public_and_not_cached(db):
    manifest = Client().get("/manifest.webmanifest")
    assert json.loads(manifest.content)["start_url"] == "/attendance/punch/"
    assert manifest["Content-Type"] == "application/manifest+json"
    worker = Client().get("/sw.js")
    assert worker["Cache-Control"] == "no-cache"
    assert '"/attendance/punch/offline/"' in worker.content.decode()


# --- API ------------------------------------------------------------------------------------------------------


def test_the_api_of_punches(yard: Yard, hr: Client, ann: Client):
    def send(client: Client, address: str, body: dict):
        return client.post(f"/api/v1/attendance/{address}", json.dumps(body), content_type="application/json")

    place = {"lat": "31.250416", "lon": "121.473701", "accuracy": 20, "fix_age": 1}
    taken = send(ann, "punches", {"client_id": ID, "way": "gps", "place": place}).json()
    assert (taken["state"], taken["risks"], taken["distance"]) == ("pending", ["outside"], 2224)
    assert send(ann, "punches", {"client_id": ID, "way": "gps"}).json()["is_repeat"] is True
    naive = {"client_id": "another-one", "way": "gps", "is_offline": True, "device_at": "2026-07-08T08:00:00"}
    assert send(ann, "punches", naive).status_code == 422
    (row,) = hr.get("/api/v1/attendance/punches").json()["items"]
    assert (row["id"], row["state"], row["is_pending"]) == (taken["punch_id"], "pending", True)
    assert ann.get(f"/api/v1/attendance/punches/{row['id']}").json()["state"] == "pending"
    decided = send(hr, f"punches/{row['id']}/reviews", {"outcome": "accepted"}).json()
    assert decided["state"] == "counted"
    assert send(hr, f"punches/{row['id']}/reviews", {"outcome": "rejected"}).status_code == 422
    assert [each["code"] for each in hr.get("/api/v1/attendance/sites").json()["items"]] == ["BUND"]
