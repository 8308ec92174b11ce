"""Punching by phone: at the place, elsewhere, without network, and what HR sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PHONE

HR, SELLER = "hr@qinghe.example", "seller@qinghe.example"
OFFICE = {"latitude": 31.230416, "longitude": 121.473701, "accuracy": 18}
ELSEWHERE = {"latitude": 31.250416, "longitude": 121.473701, "accuracy": 18}


@pytest.fixture(scope="module")
def site(demo, browser) -> str:
    """Add the office as HR does: the form, then everybody of the company may punch there."""
    context = browser.new_context(base_url=demo.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", HR)
    page.fill("input[name=password]", demo.sign_ins[HR])
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto("/attendance/sites/?q=E2E")
    if not page.get_by_role("link", name="外滩办公室").count():
        page.goto("/attendance/sites/new/")
        page.get_by_label("编码").fill("E2E")
        page.get_by_label("名称").fill("外滩办公室")
        page.get_by_label("坐标系").select_option("wgs84")
        page.get_by_label("纬度").fill(str(OFFICE["latitude"]))
        page.get_by_label("经度").fill(str(OFFICE["longitude"]))
        page.get_by_role("button", name="保存").click()
        page.get_by_label("部门", exact=True).select_option(index=1)
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("适用范围已添加。")).to_be_visible()
    else:
        page.get_by_role("link", name="外滩办公室").click()
    address = page.url
    context.close()
    return re.sub(r"^https?://[^/]+", "", address)


@pytest.fixture
def phone(site: str, sign_in: Callable[..., Page]) -> Callable[[dict], Page]:
    """Open the punch page as the seller, somewhere."""

    def _open(place: dict) -> Page:
        page = sign_in(SELLER, size=PHONE)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(place)
        page.goto("/attendance/punch/")
        return page

    return _open


def test_at_the_place_it_counts(phone: Callable[[dict], Page]):
    page = phone(OFFICE)
    expect(page.locator(".hr-punch-place strong")).to_have_text("已进入打卡范围")
    page.get_by_role("button", name="打卡").click()
    expect(page.get_by_role("status")).to_contain_text("打卡成功")
    expect(page.locator("#punch-today li").last).to_contain_text("外滩办公室")


def test_elsewhere_it_waits_for_hr_who_sees_why(phone: Callable[[dict], Page], sign_in: Callable[..., Page]):
    page = phone(ELSEWHERE)
    expect(page.locator(".hr-punch-place strong")).to_have_text("不在打卡范围内")
    page.get_by_role("button", name="打卡").click()
    expect(page.get_by_role("status")).to_contain_text("待复核")
    expect(page.get_by_role("status")).to_contain_text("不在打卡范围内")
    hr = sign_in(HR)
    hr.goto("/attendance/punches/review/")
    card = hr.locator(".hr-review-grid > section").last
    expect(card).to_contain_text("距“外滩办公室” 2224 米")
    card.get_by_role("button", name="无效").click()
    expect(hr.get_by_text("判为无效时请写明理由")).to_be_visible()
    card = hr.locator(".hr-review-grid > section").last
    card.get_by_label("理由").fill("当天在家")
    card.get_by_role("button", name="无效").click()
    expect(hr.get_by_text("已复核 1 次打卡。")).to_be_visible()


def test_without_network_it_is_kept_and_sent_later(phone: Callable[[dict], Page]):
    page = phone(OFFICE)
    expect(page.locator(".hr-punch-place strong")).to_have_text("已进入打卡范围")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.get_by_role("button", name="打卡").click()
    expect(page.get_by_role("status")).to_contain_text("已保存，待上传")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
    expect(page.locator(".hr-punch-list li")).to_have_count(1)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-punch-target=kept]")).to_be_hidden()
    page.goto("/attendance/punch/")
    expect(page.locator("#punch-today li").filter(has_text="离线补传")).to_have_count(1)


def test_without_a_position_it_says_what_to_do(site: str, sign_in: Callable[..., Page]):
    page = sign_in(SELLER, size=PHONE)
    page.goto("/attendance/punch/")
    expect(page.locator(".hr-punch-place")).to_contain_text("请在浏览器设置中允许本网站使用定位")


def test_the_code_at_the_door(site: str, phone: Callable[[dict], Page], sign_in: Callable[..., Page]):
    door = sign_in(HR)
    door.goto(f"{site}qr/")
    expect(door.locator("svg.hr-door-code")).to_be_visible()
    page = phone(OFFICE)
    page.get_by_text("扫码", exact=True).click()
    page.get_by_role("button", name="打卡").click()
    expect(page.get_by_role("status")).to_contain_text("请先扫描门口屏幕上的二维码")
