"""A target that both sides agree on, each at a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

PHONE = {"width": 390, "height": 844}


def test_from_a_range_to_two_signatures(sign_in: Callable[..., Page]):
    hr = sign_in("hr@adventure-works.example")
    hr.goto("/goals/negotiations/?q=Linda")
    hr.locator("tbody tr a").first.click()
    expect(hr.get_by_text("中位（五成把握）")).to_be_visible()
    number = hr.locator("#offer-target")
    number.press_sequentially("900000")
    worth = hr.locator("#offer-worth")
    expect(worth).to_have_text(re.compile(r"达成概率 \d+%"))
    easier = int(re.search(r"(\d+)%", worth.inner_text())[1])
    number.fill("")
    number.press_sequentially("3000000")
    expect(worth).to_have_text(re.compile(r"达成概率 [1-9]%"))
    assert easier > int(re.search(r"(\d+)%", worth.inner_text())[1])
    hr.locator("#offer-reason").fill("新增两个渠道")
    hr.get_by_role("button", name="提出", exact=True).click()
    expect(hr.get_by_text("数字已提出")).to_be_visible()

    linda = sign_in("linda@adventure-works.example", size=PHONE)
    linda.goto("/goals/me/")
    linda.get_by_role("link", name=re.compile("协商中")).click()
    expect(linda.get_by_text("新增两个渠道")).to_be_visible()
    linda.locator("#offer-target").fill("850000")
    linda.locator("#offer-reason").fill("客户转化周期 30 天")
    linda.get_by_role("button", name="提出", exact=True).click()
    expect(linda.get_by_role("button", name="同意并签字")).to_have_count(0)

    hr.reload()
    expect(hr.get_by_text("客户转化周期 30 天")).to_be_visible()
    hr.get_by_role("button", name="同意并签字").click()
    hr.get_by_role("dialog").get_by_role("button", name="同意并签字").click()
    expect(hr.get_by_text("双方已签字")).to_be_visible()
    hr.get_by_role("link", name="查看目标").click()
    expect(hr.get_by_text("协商一致").first).to_be_visible()
