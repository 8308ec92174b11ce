"""The pages and the API, as people and programs use them."""

from __future__ import annotations

import base64
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import make_member
from tests.factories.faces import COLLINS, burst, enrolment_photos, still

from zhiheng.faces.models import (
    FaceChallenge,
    FaceCheck,
    FaceConsent,
    FaceEnrolment,
    FaceSetting,
    FaceTemplate,
)
from zhiheng.faces.queries.consents import TEXT_VERSION
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def phone(plant, client):
    """The worker's browser."""
    from zhiheng.access.models import Membership

    with tenant_context(plant.tenant.id):
        client.force_login(Membership.objects.get(id=plant.worker_actor.membership_id).user)
    return client


@pytest.fixture
def desk(plant, client):
    """A browser of HR."""
    client.force_login(make_member(plant.tenant, "hr"))
    return client


def photo_files():
    return {
        f"photo_{number}": SimpleUploadedFile(f"{number}.jpg", data)
        for number, data in enumerate(enrolment_photos(COLLINS), 1)
    }


def text(answer):
    return answer.content.decode()


def test_one_agrees_enrols_tries_and_withdraws(plant, phone):
    assert "系统中没有您的人脸数据" in text(phone.get("/faces/me/"))
    assert "其他方式同样有效" in text(phone.get("/faces/me/consent/"))
    assert "同意书已更新" in text(phone.post("/faces/me/consent/", {"text_version": "1"}))
    assert phone.post("/faces/me/consent/", {"text_version": TEXT_VERSION}).url == "/faces/me/enrol/"
    assert 'capture="user"' in text(phone.get("/faces/me/enrol/"))
    assert phone.post("/faces/me/enrol/", photo_files()).url == "/faces/me/"
    page = text(phone.get("/faces/me/"))
    assert "已登记" in page
    assert "90 天后删除" in page
    with tenant_context(plant.tenant.id):
        template = FaceTemplate.objects.first()
    shown = phone.get(f"/faces/me/photos/{template.id}/")
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "private, no-store")

    assert "开始" in text(phone.get("/faces/me/try/"))
    started = phone.post("/api/v1/face-challenges", {"purpose": "try"}, content_type="application/json")
    frames = [
        SimpleUploadedFile(f"{n}.jpg", data) for n, data in enumerate(burst(COLLINS, started.json()["turn"]))
    ]
    answer = phone.post("/faces/me/try/", {"nonce": started.json()["nonce"], "frames": frames})
    assert "通过" in text(answer)
    assert "相似度 0.9" in text(answer)

    assert phone.post("/faces/me/withdraw/").url == "/faces/me/"
    assert "撤回了同意" in text(phone.get("/faces/me/"))
    with tenant_context(plant.tenant.id):
        assert FaceTemplate.objects.count() == 0


def test_a_refused_try_is_kept_though_it_failed(plant, phone):
    phone.post("/faces/me/consent/", {"text_version": TEXT_VERSION})
    phone.post("/faces/me/enrol/", photo_files())
    started = phone.post("/api/v1/face-challenges", {}, content_type="application/json").json()
    frames = [SimpleUploadedFile("1.jpg", each) for each in still(COLLINS)]
    answer = phone.post("/faces/me/try/", {"nonce": started["nonce"], "frames": frames})
    assert answer.status_code == 200
    assert "没有看到转头" in text(answer)
    with tenant_context(plant.tenant.id):
        assert FaceCheck.objects.get().reason == "no_turn"
        assert FaceChallenge.objects.get().used_at is not None


def test_bad_photos_are_said_one_by_one(phone):
    assert "登记前需要您单独同意" in text(phone.get("/faces/me/enrol/"))
    refused = phone.post("/faces/me/enrol/", photo_files())
    assert (refused.status_code, "您没有同意使用人脸" in text(refused)) == (422, True)
    phone.post("/faces/me/consent/", {"text_version": TEXT_VERSION})
    bad = photo_files() | {"photo_2": SimpleUploadedFile("2.jpg", b"no photo")}
    page = phone.post("/faces/me/enrol/", bad)
    assert page.status_code == 422
    assert "照片二" in text(page)
    assert "不是可以打开的照片" in text(page)


def test_a_login_without_a_person_is_told_so(desk):
    assert "没有关联员工档案" in text(desk.get("/faces/me/"))
    assert "没有关联员工档案" in text(desk.get("/faces/me/consent/"))
    refused = desk.post("/faces/me/consent/", {"text_version": TEXT_VERSION})
    assert refused.status_code == 422
    assert desk.post("/faces/me/withdraw/").status_code == 302


def test_hr_enrols_on_paper_looks_confirms_and_deletes(plant, desk):
    unknown = desk.post("/faces/enrol/", {"number": "X9", "note": "A-3", **photo_files()})
    assert (unknown.status_code, "没有工号为「X9」的员工" in text(unknown)) == (422, True)
    bad = desk.post(
        "/faces/enrol/",
        {"number": "A001", "note": "A-3", **photo_files() | {"photo_1": SimpleUploadedFile("1.jpg", b"x")}},
    )
    assert bad.status_code == 422
    with tenant_context(plant.tenant.id):
        assert FaceConsent.objects.count() == 0
    made = desk.post("/faces/enrol/", {"number": "A001", "note": "A-3", **photo_files()})
    assert made.url == f"/faces/people/{plant.worker.id}/"
    page = text(desk.get(made.url))
    assert "A-3" in page
    assert "待核对" in page
    with tenant_context(plant.tenant.id):
        template = FaceTemplate.objects.first()
    assert desk.get(f"/faces/photos/{template.id}/")["Content-Type"] == "image/jpeg"
    assert desk.post(f"/faces/people/{plant.worker.id}/confirm/").url == made.url
    assert "柯琳" in text(desk.get("/faces/?state=confirmed"))
    assert "柯琳" not in text(desk.get("/faces/?state=new"))
    assert "柯琳" not in text(desk.get("/faces/?state=alike"))
    assert "柯琳" in text(desk.get("/faces/consents/"))
    assert desk.post(f"/faces/people/{plant.worker.id}/delete/").url == made.url
    assert "没有登记人脸" in text(desk.get(made.url))
    assert desk.post(f"/faces/people/{plant.worker.id}/confirm/").status_code == 404
    assert desk.get("/faces/enrol/").status_code == 200


def test_refused_checks_are_there_for_hr_to_see(plant, desk):
    from zhiheng.faces.public import check_face, identify_face

    with tenant_context(plant.tenant.id):
        check_face(actor=plant.worker_actor, nonce="stolen", frames=[])
        identify_face(actor=plant.system, person_ids=[], frame=still(COLLINS)[0])
        known, unknown = FaceCheck.objects.order_by("checked_at")
    page = text(desk.get("/faces/checks/"))
    assert "核验不存在" in page
    assert "无人登记" in page
    assert "没有这次核验" in text(desk.get(f"/faces/checks/{known.id}/"))
    assert "没有可以保存的画面" in text(desk.get(f"/faces/checks/{known.id}/"))
    assert desk.get(f"/faces/checks/{known.id}/photo/").status_code == 404
    assert "未识别的人" in text(desk.get(f"/faces/checks/{unknown.id}/"))
    assert desk.get(f"/faces/checks/{unknown.id}/photo/").content[:2] == b"\xff\xd8"


def test_settings_show_what_was_measured_and_are_changed(plant, desk):
    page = text(desk.get("/faces/settings/"))
    assert "99.08%" in page
    assert "100,000" in page
    wanted = {"accept": "0.48", "review": "0.40", "identify": "0.55", "margin": "0.08", "keep_days": "30"}
    assert desk.post("/faces/settings/", wanted).url == "/faces/settings/"
    bad = desk.post("/faces/settings/", wanted | {"review": "0.49"})
    assert (bad.status_code, "复核阈值不能高于通过阈值" in text(bad)) == (422, True)
    with tenant_context(plant.tenant.id):
        assert str(FaceSetting.objects.get().accept) == "0.48"


def test_the_api_agrees_enrols_and_withdraws(plant, phone):
    def send(path, **body):
        return phone.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    assert phone.get("/api/v1/face-consent").json()["is_given"] is False
    assert send("face-challenges").status_code == 422
    assert send("face-consent", text_version="1").status_code == 422
    assert send("face-consent", text_version=TEXT_VERSION).status_code == 201
    photos = [base64.b64encode(each).decode() for each in enrolment_photos(COLLINS)]
    assert send("face-enrolments", photos=["%%%"] * 3).status_code == 422
    made = send("face-enrolments", photos=photos)
    assert (made.status_code, made.json()["person_id"]) == (201, str(plant.worker.id))
    assert phone.get("/api/v1/face-enrolments").status_code == 403
    assert phone.delete("/api/v1/face-consent").json()["is_enrolled"] is False
    with tenant_context(plant.tenant.id):
        assert FaceEnrolment.objects.count() == 0


def test_the_api_lists_for_hr(plant, desk):
    from zhiheng.faces.public import check_face

    with tenant_context(plant.tenant.id):
        found = check_face(actor=plant.worker_actor, nonce="x", frames=[])
    page = desk.get(f"/api/v1/face-checks?person_id={plant.worker.id}").json()
    assert [(each["id"], each["reason"]) for each in page["items"]] == [(str(found.id), "unknown_nonce")]
    assert desk.get("/api/v1/face-checks").json()["items"][0]["state"] == "refused"
    assert desk.get(f"/api/v1/face-checks/{found.id}").json()["reason"] == "unknown_nonce"
    assert desk.get("/api/v1/face-enrolments").json()["items"] == []
    assert desk.get(f"/api/v1/face-enrolments/{plant.worker.id}").status_code == 404
