"""What everybody meets on every page: search, language, dark mode, keyboard, and pages that are not for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

HR = "hr@adventure-works.example"
NOBODY = "/people/00000000-0000-7000-8000-000000000000/"


def test_search_by_initials(sign_in: Callable[..., Page]):
    page = sign_in("hr@qinghe.example")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="全局搜索")).to_be_focused()
    page.keyboard.type("jgy")
    results = page.locator("#hr-search-results")
    expect(results.locator("li a b")).to_have_text(["蒋谷雨"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("蒋谷雨")


def test_language_stays(sign_in: Callable[..., Page]):
    page = sign_in(HR)
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Workbench")
    page.goto("/reviews/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reviews")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("绩效考核")


def test_dark_pages_are_dark(sign_in: Callable[..., Page]):
    page = sign_in(HR)
    page.get_by_role("button", name="外观").click()
    page.get_by_role("button", name="深色").click()
    page.goto("/goals/")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert max(shade[:3]) < 60


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        (NOBODY, 404, "找不到这个页面"),
        ("/no/such/page/", 404, "找不到这个页面"),
        ("/audit/", 403, "没有查看权限"),
    ],
)
def test_pages_that_are_not_there_or_not_allowed(
    sign_in: Callable[..., Page], address: str, status: int, title: str
):
    page = sign_in("linda@adventure-works.example")
    answer = page.goto(address)
    assert answer.status == status
    expect(page.locator("h1")).to_contain_text(title)
    page.get_by_role("link", name="回到工作台").click()
    expect(page.locator("h1")).to_have_text("工作台")


def test_a_list_is_filtered_by_keyboard(sign_in: Callable[..., Page]):
    page = sign_in(HR)
    page.goto("/people/")
    page.locator("main input[type=search]").focus()
    page.keyboard.type("Linda Mo")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("main input[type=search]")).to_be_focused()
    assert "q=Linda" in page.url
    for _ in range(len("Linda Mo")):
        page.keyboard.press("Backspace")
    expect(page.locator("tbody tr")).to_have_count(50)


def test_menu_and_dialog_by_keyboard(sign_in: Callable[..., Page]):
    page = sign_in(HR)
    page.goto("/people/")
    chooser = page.get_by_role("button", name="显示列")
    chooser.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("group", name="显示列")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(chooser).to_be_focused()

    page.goto("/reviews/")
    page.get_by_role("row", name="2013 年 3–5 月").get_by_role("link").first.click()
    closing = page.get_by_role("button", name="关闭考核周期")
    closing.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#hr-confirm")
    expect(dialog.get_by_role("button", name="关闭考核周期")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(dialog.get_by_role("button", name="取消")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(closing).to_be_focused()
