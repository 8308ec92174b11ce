"""Punching by face on a phone with a camera, and by number and PIN on a tablet that HR paired."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.conftest import Demo
from tests.e2e.test_faces import EMPLOYEE, POSES, SLOWLY, _enrol, _turning, with_camera
from tests.factories.faces import COLLINS, HOPPER, selfie

__all__ = ["with_camera"]

HR = "hr@panshi.example"
PLANT = {"latitude": 31.3, "longitude": 120.6, "accuracy": 15}
PIN = "2580"
# Not where the other test's films show the face: the same film once more is a replay.
ASIDE = {"face_width": 210, "dx": 50}


@pytest.fixture(scope="module")
def plant(demo: Demo, browser: Browser) -> None:
    """Add the plant: location, face or code, for everybody."""
    context = browser.new_context(base_url=demo.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", HR)
    page.fill("input[name=password]", demo.sign_ins[HR])
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto("/attendance/sites/?q=E2EPLANT")
    if not page.get_by_role("link", name="示例厂区").count():
        page.goto("/attendance/sites/new/")
        page.get_by_label("编码").fill("E2EPLANT")
        page.get_by_label("名称").fill("示例厂区")
        page.get_by_label("坐标系").select_option("wgs84")
        page.get_by_label("纬度").fill(str(PLANT["latitude"]))
        page.get_by_label("经度").fill(str(PLANT["longitude"]))
        page.get_by_label("人脸", exact=True).check()
        page.get_by_role("button", name="保存").click()
        page.get_by_label("部门", exact=True).select_option(index=1)
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("适用范围已添加。")).to_be_visible()
    context.close()


def _punch_by_face(page: Page) -> None:
    page.context.grant_permissions(["camera", "geolocation"])
    page.context.set_geolocation(PLANT)
    page.goto("/attendance/punch/")
    page.locator(".hr-punch-ways").get_by_text("人脸").click()
    expect(page.locator("[data-face-capture-target=stage]")).to_be_visible()
    page.get_by_role("button", name="打卡").click()


def test_by_face_or_another_way(plant: None, with_camera: Callable[..., Page]):
    page = with_camera([selfie(COLLINS, **pose) for pose in POSES])
    page.goto("/attendance/punch/")
    expect(page.locator(".hr-punch-ways").get_by_text("人脸")).to_have_count(0)
    _enrol(page)
    page.wait_for_url("**/faces/me/")

    page = with_camera(_turning(HOPPER, **ASIDE))
    _punch_by_face(page)
    expect(page.locator(".hr-punch-result")).to_contain_text("不符", timeout=SLOWLY)

    page = with_camera(_turning(COLLINS, **ASIDE))
    _punch_by_face(page)
    expect(page.locator(".hr-punch-result")).to_contain_text("打卡成功", timeout=SLOWLY)
    expect(page.locator("#punch-today li").last).to_contain_text("人脸")

    page.goto("/faces/me/")
    page.get_by_role("button", name="撤回同意并删除").click()
    page.locator("dialog[open]").get_by_role("button", name="撤回同意并删除").click()
    expect(page.get_by_text("系统中没有您的人脸数据")).to_be_visible()
    page.goto("/attendance/punch/")
    expect(page.locator(".hr-punch-ways").get_by_text("定位")).to_be_visible()
    expect(page.locator(".hr-punch-ways").get_by_text("人脸")).to_have_count(0)


def test_a_tablet_is_paired_and_takes_number_and_pin(
    plant: None, sign_in: Callable[..., Page], new_page: Callable[..., Page]
):
    worker = sign_in(EMPLOYEE)
    worker.goto("/attendance/my-pin/")
    worker.get_by_label("打卡密码").fill(PIN)
    worker.get_by_label("再输一次").fill(PIN)
    worker.get_by_role("button", name="保存").click()
    worker.wait_for_url("**/attendance/punch/")

    hr = sign_in(HR)
    hr.goto("/attendance/devices/kiosks/new/")
    hr.get_by_label("名称").fill("东门平板")
    hr.get_by_label("打卡地点").select_option(label="示例厂区")
    hr.get_by_role("button", name="保存").click()
    hr.get_by_role("button", name="生成配对码").click()
    code = hr.locator(".hr-pairing-code").inner_text()
    company = hr.locator("dd strong").first.inner_text()
    hr.goto("/attendance/pins/")
    number = hr.locator("tbody tr .hr-help").first.inner_text()

    tablet = new_page()
    tablet.goto("/attendance/kiosk/")
    tablet.get_by_label("企业标识").fill(company)
    tablet.get_by_label("配对码").fill(code)
    tablet.get_by_role("button", name="配对").click()
    expect(tablet.get_by_role("heading", level=1)).to_have_text("示例厂区")
    expect(tablet.locator("svg.hr-door-code")).to_be_visible()

    tablet.get_by_label("工号").fill(number)
    for digit in "2581":
        tablet.get_by_role("button", name=digit, exact=True).click()
    tablet.locator("form").get_by_role("button", name="打卡").click()
    expect(tablet.locator("dialog[open]")).to_contain_text("工号或密码不对")
    tablet.get_by_role("button", name="知道了").click()

    tablet.get_by_label("工号").fill(number)
    for digit in PIN:
        tablet.get_by_role("button", name=digit, exact=True).click()
    tablet.locator("form").get_by_role("button", name="打卡").click()
    expect(tablet.locator("dialog[open]")).to_contain_text("打卡成功")
    tablet.get_by_role("button", name="不是我").click()
    expect(tablet.locator("dialog[open]")).to_contain_text("已撤销")
