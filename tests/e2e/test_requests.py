"""A worker forgot to punch: asks for it on the phone, head and HR agree, and the punch is there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PHONE

WORKER, HEAD, HR = "operator@panshi.example", "machining.head@panshi.example", "hr@panshi.example"


def agree(page: Page, day: str) -> None:
    """Open the request about a day in the inbox, and agree to it."""
    page.goto("/approvals/")
    page.get_by_role("link", name=re.compile(f"补卡 {day}")).click()
    page.get_by_role("button", name="同意").click()
    page.locator("#hr-confirm").get_by_role("button", name="同意").click()
    expect(page.get_by_text("已同意。").first).to_be_visible()


@pytest.fixture
def yesterday() -> dt.date:
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date() - dt.timedelta(days=1)


def test_a_correction_from_the_phone_to_the_punch(sign_in: Callable[..., Page], yesterday: dt.date):
    worker = sign_in(WORKER, size=PHONE)
    worker.goto(f"/attendance/requests/new/correction/?on={yesterday}&end=out")
    expect(worker.get_by_label("下班卡")).to_be_checked()
    worker.get_by_label("实际时间").fill("18:06")
    worker.get_by_label("事由").fill("下班时在清点库存，忘了打卡")
    worker.get_by_role("button", name="提交申请").click()
    expect(worker.get_by_text("审批中").first).to_be_visible()

    head = sign_in(HEAD, size=PHONE)
    agree(head, f"{yesterday}")
    hr = sign_in(HR)
    agree(hr, f"{yesterday}")

    worker.goto("/attendance/requests/me/")
    card = worker.locator("a.hr-card", has_text=f"补卡 {yesterday} 下班卡 18:06")
    expect(card).to_contain_text("已同意")
    hr.goto("/attendance/punches/")
    expect(hr.locator("tbody tr", has_text=f"{yesterday} 18:06").first).to_contain_text("补卡")


def test_the_form_asks_before_it_takes_much_overtime(sign_in: Callable[..., Page]):
    worker = sign_in(WORKER, size=PHONE)
    worker.goto("/attendance/requests/me/")
    worker.get_by_role("button", name="新申请").click()
    worker.get_by_role("link", name="加班", exact=True).click()
    worker.get_by_label("开始时间").fill("18:00")
    worker.get_by_label("结束时间").fill("22:30")
    worker.get_by_label("事由").fill("赶交期")
    day = worker.get_by_label("加班日期").input_value()
    worker.get_by_role("button", name="提交申请").click()
    if worker.get_by_text("请确认后再提交").count():  # on a rest day there is no limit a day
        worker.get_by_label("我已知晓以上提醒，仍要提交").check()
        worker.get_by_role("button", name="提交申请").click()
    expect(worker.get_by_role("heading", name=re.compile(f"加班 {day} 18:00–22:30"))).to_be_visible()
    worker.get_by_role("button", name="撤回申请").click()
    worker.locator("#hr-confirm").get_by_role("button", name="撤回申请").click()
    expect(worker.get_by_text("申请已撤回。").first).to_be_visible()
