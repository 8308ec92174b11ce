"""Signing in with a second step: TOTP and recovery codes."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from tests.access.conftest import GOOD

from zhiheng.access.models import User

LOGIN = {"login": "owner@hengxin.example", "password": GOOD}


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code of a secret now, or some steps of 30 seconds away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def protected(company, client):
    """The owner signed in, with TOTP switched on; returns client, secret and recovery codes."""
    assert client.post("/accounts/login/", LOGIN).status_code == 302
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/", {"password": GOOD}).status_code == 302
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"\b\d{8}\b", shown)
    client.logout()
    return client, secret, codes


def test_the_password_alone_is_not_enough(protected):
    client, _secret, _codes = protected
    assert client.post("/accounts/login/", LOGIN).url == "/accounts/2fa/authenticate/"
    assert client.get("/settings/account/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/settings/account/").status_code == 302


def test_the_code_signs_in(protected):
    client, secret, _codes = protected
    # The code that switched it on is used up; the clock of the test stands still, so forget that use.
    from django.core.cache import cache

    cache.clear()
    client.post("/accounts/login/", LOGIN)
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).url == "/"
    assert client.get("/settings/account/").status_code == 200
    client.logout()
    client.post("/accounts/login/", LOGIN)
    again = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert again.status_code == 200, "a code works once"


def test_a_recovery_code_signs_in_once(protected):
    client, _secret, codes = protected
    assert len(codes) == 10
    for expected in (302, 200):
        client.logout()
        client.post("/accounts/login/", LOGIN)
        answer = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert answer.status_code == expected


def test_a_mail_server_is_not_needed(protected):
    user = User.objects.get(email="owner@hengxin.example")
    assert not user.emailaddress_set.get().verified
    assert {each.type for each in user.authenticator_set.all()} == {"totp", "recovery_codes"}
