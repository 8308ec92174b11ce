"""The design system in a real browser: accessible in both themes and sizes, operable by keyboard, strict CSP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PC = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PUBLIC_PAGES = [
    "/ui/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/no/such/page/",
]


@pytest.fixture
def open_page(demo, browser: Browser) -> Iterator:
    """Open a public page; the test fails on a script error or a violation of the content security policy."""
    contexts, faults = [], []

    def _open(path: str, *, size: dict = PC, theme: str = "light", language: str = "zh-hans") -> Page:
        context = browser.new_context(viewport=size, base_url=demo.url, reduced_motion="reduce")
        contexts.append(context)
        cookies = {"hr_theme": theme, "django_language": language}
        context.add_cookies(
            [{"name": name, "value": value, "url": demo.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
        )
        page.goto(path, wait_until="networkidle")
        return page

    yield _open
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize("path", PUBLIC_PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PC, PHONE], ids=["pc", "phone"])
def test_axe_finds_nothing(open_page, path, theme, size):
    page = open_page(path, theme=theme, size=size)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


@pytest.mark.parametrize("path", PUBLIC_PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_is_wider_than_a_phone(open_page, path, language):
    page = open_page(path, size=PHONE, language=language)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_theme_changes_at_once_and_stays(open_page):
    page = open_page("/ui/")
    page.get_by_role("button", name="外观").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_menu_by_keyboard(open_page):
    page = open_page("/ui/")
    page.get_by_role("button", name="更多").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#sample-menu a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="更多")).to_be_focused()
    expect(page.locator("#sample-menu")).to_be_hidden()


def test_a_destructive_act_asks_and_no_is_no(open_page):
    page = open_page("/ui/")
    page.get_by_role("button", name="删除岗位").click()
    dialog = page.locator("#hr-confirm")
    expect(dialog).to_contain_text("删除岗位「销售代表」？")
    expect(dialog.get_by_role("button", name="取消")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/ui/")


def test_skip_link_comes_first(open_page):
    page = open_page("/ui/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_language_switch(open_page):
    page = open_page("/accounts/login/")
    page.get_by_role("button", name="EN").click()
    expect(page.get_by_role("heading", name="Sign in to Zhiheng")).to_be_visible()


def test_a_password_can_be_shown(open_page):
    page = open_page("/accounts/login/")
    field = page.locator("input[name=password]")
    page.get_by_role("button", name="显示密码").click()
    expect(field).to_have_attribute("type", "text")
