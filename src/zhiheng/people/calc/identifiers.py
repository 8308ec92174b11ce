"""Personal identifiers as texts: one normal form, a masked form, what a Chinese ID card says."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_SHOWN = {"id_card": (4, 4), "passport": (1, 2), "phone": (3, 4), "bank_account": (4, 4)}
_SHORTEST = {"id_card": 12, "passport": 5, "phone": 5, "bank_account": 8}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
_ID_CARD = re.compile(r"\d{17}[\dX]")
_SEPARATORS = re.compile(r"[\s\-()（）.]+")
_ALLOWED = {
    "id_card": re.compile(r"\d{17}[\dX]|\d{15}"),
    "passport": re.compile(r"[A-Z0-9]{5,20}"),
    "phone": re.compile(r"\+?\d{5,20}"),
    "bank_account": re.compile(r"[A-Z0-9]{8,34}"),
}


def normal_identifier(kind: str, text: str) -> str:
    """Return the identifier half-width, in capitals, without separators; a Chinese mobile number gets +86.

    Raise ValueError when it cannot be one of its kind.
    """
    value = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if kind == "phone" and re.fullmatch(r"(\+?86)?1\d{10}", value):
        value = "+86" + value[-11:]
    if not _ALLOWED[kind].fullmatch(value):
        raise ValueError(kind)
    if kind == "id_card" and len(value) == 18 and (not is_id_card(value) or not id_card_birth(value)):
        raise ValueError(kind)
    return value


def masked(kind: str, value: str) -> str:
    """Return the normal form with its middle hidden: ``3702**********1234``."""
    bare = value.removeprefix("+86") if kind == "phone" else value
    head, tail = _SHOWN[kind] if len(bare) >= _SHORTEST[kind] + 3 else (1, 1)
    return bare[:head] + "*" * max(len(bare) - head - tail, 3) + bare[-tail:]


def is_id_card(value: str) -> bool:
    """Tell whether an 18-digit Chinese ID-card number ends with the right check sign (GB 11643-1999)."""
    if not _ID_CARD.fullmatch(value):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _WEIGHTS, strict=False))
    return value[17] == _CHECK_SIGNS[total % 11]


def id_card_birth(value: str) -> date | None:
    """Return the birth date an 18-digit number states, or ``None`` when there is no such day."""
    if not _ID_CARD.fullmatch(value):
        return None
    try:
        return date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return None


def id_card_gender(value: str) -> str | None:
    """Return "male" or "female" as an 18-digit number states."""
    if not _ID_CARD.fullmatch(value):
        return None
    return "male" if int(value[16]) % 2 else "female"
