"""A passkey, made and used in a real browser with a virtual authenticator."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

PASSWORD = "correct-horse-battery-9"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def context(demo, browser: Browser):
    """A browser of its own, speaking Chinese."""
    made = browser.new_context(base_url=demo.url, locale="zh-CN")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext):
    """A page with an authenticator; the test fails on a script error or a violation of the content policy."""
    opened, faults = context.new_page(), []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
    devtools = context.new_cdp_session(opened)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield opened
    assert faults == []


def sign_up(page: Page) -> None:
    """Sign a new company up, which also signs its owner in."""
    page.goto("/accounts/signup/")
    page.fill("input[name=company_name]", "通行密钥测试公司")
    page.fill("input[name=name]", "周密")
    page.fill("input[name=email]", f"{uuid4().hex[:8]}@passkey.example")
    page.fill("input[name=password1]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda address: "/signup/" not in address)


def add_passkey(page: Page) -> None:
    """Make a passkey; the password is asked for again first."""
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/2fa/webauthn/add/")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda address: "/webauthn/add/" not in address)


def test_a_passkey_signs_in_without_a_password(page: Page, context: BrowserContext):
    sign_up(page)
    add_passkey(page)
    context.clear_cookies()
    page.goto("/settings/account/")
    assert "/accounts/login/" in page.url
    page.click("#passkey_login")
    page.wait_for_url("**/settings/account/")
    expect(page.locator("h1")).to_have_text("我的账户")
