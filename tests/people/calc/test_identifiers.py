"""Normal and masked forms, what an ID card says, sealing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from zhiheng.people.calc import sealing
from zhiheng.people.calc.identifiers import (
    id_card_birth,
    id_card_gender,
    is_id_card,
    masked,
    normal_identifier,
)

CARD = "370205199001011232"
TENANT, OTHER = UUID(int=1), UUID(int=2)


def test_the_check_sign_decides():
    assert is_id_card("11010519491231002X")
    assert not is_id_card("110105194912310021")
    assert not is_id_card("1101051949123100")


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        ("id_card", " １１０１０５１９４９１２３１００２ｘ ", "11010519491231002X"),
        ("id_card", "110105491231002", "110105491231002"),
        ("phone", "138-0000-1234", "+8613800001234"),
        ("phone", "+86 138 0000 1234", "+8613800001234"),
        ("phone", "0532 8888 7777", "053288887777"),
        ("passport", "e12345678", "E12345678"),
        ("bank_account", "6222 0200 0000 0000 000", "6222020000000000000"),
    ],
)
def test_normal_form(kind, text, normal):
    assert normal_identifier(kind, text) == normal


@pytest.mark.parametrize(
    ("kind", "text"),
    [("id_card", "110105194912310021"), ("id_card", "abc"), ("phone", "12"), ("passport", "<b>1</b>"),
     ("id_card", "11010519491331002X"), ("bank_account", "1234")],
)  # fmt: skip
def test_what_cannot_be_one_is_refused(kind, text):
    with pytest.raises(ValueError, match=kind):
        normal_identifier(kind, text)


def test_a_day_that_is_not_in_the_calendar_is_refused_though_the_check_sign_fits():
    digits = next(
        number for number in (f"11010519490230{serial:03}{sign}" for serial in range(2) for sign in "0123456789X")
        if is_id_card(number)
    )  # fmt: skip
    assert id_card_birth(digits) is None
    with pytest.raises(ValueError, match="id_card"):
        normal_identifier("id_card", digits)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("id_card", "370205199001011234", "3702**********1234"),
        ("phone", "+8613800001234", "138****1234"),
        ("passport", "E12345678", "E******78"),
        ("bank_account", "6222020000000000000", "6222***********0000"),
        ("phone", "12345", "1***5"),
    ],
)
def test_masked_form(kind, value, shown):
    assert masked(kind, value) == shown


def test_what_an_id_card_says():
    assert id_card_birth("11010519491231002X") == date(1949, 12, 31)
    assert id_card_gender("11010519491231002X") == "female"
    assert id_card_gender("110105194912310012") == "male"
    assert id_card_birth("x") is None
    assert id_card_gender("x") is None


def test_what_was_sealed_opens_again():
    sealed = sealing.seal("key", TENANT, "p/phone", "13800001234")
    assert b"1380000" not in sealed
    assert sealing.unseal("key", TENANT, "p/phone", sealed) == "13800001234"


@pytest.mark.parametrize(
    ("key", "tenant", "bound"), [("other", TENANT, "p"), ("key", OTHER, "p"), ("key", TENANT, "q")]
)
def test_another_key_tenant_or_row_does_not_open_it(key, tenant, bound):
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(key, tenant, bound, sealing.seal("key", TENANT, "p", "1"))


def test_an_unknown_version_is_refused():
    with pytest.raises(sealing.CannotUnseal, match="version"):
        sealing.unseal("key", TENANT, "p", b"\x09" + b"0" * 40)


def test_fingerprints_agree_within_a_tenant_and_kind_only():
    mark = sealing.fingerprint("key", TENANT, "phone", "1")
    assert mark == sealing.fingerprint("key", TENANT, "phone", "1")
    assert mark != sealing.fingerprint("key", OTHER, "phone", "1")
    assert mark != sealing.fingerprint("key", TENANT, "passport", "1")
