"""Names, ID-card numbers, phones and e-mail addresses."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import phonenumbers

from zhiheng.dataimport.calc.normalize import (
    compact,
    half_width_alphanumeric,
    invisible_characters,
    is_han,
    join_han,
    strip,
    without_invisible,
)
from zhiheng.dataimport.calc.parsed import Note, Parsed, error, repaired
from zhiheng.dataimport.calc.sheet import NUMBER

LONGEST_NAME = 60
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
_REGIONS = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for number in range(first, last + 1)
)
_FOREIGN_PREFIX = "9"
_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$")
_SEVERAL = re.compile(r"[/、,，;；|]|\s或\s")
_PHONE_NOISE = re.compile(r"[\s()（）\-－—.]+")
_EMAIL = re.compile(
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}$"
)
_EMAIL_SIGNS = re.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]")
_MARKUP_SIGNS = re.compile(r"[<>]")


@dataclass(frozen=True)
class IdCardFacts:
    """What an ID-card number says of its holder. ``sex`` is ``male`` or ``female``."""

    born_on: dt.date
    sex: str


def parse_name(text: str) -> Parsed:
    """A person's name as plain text. Angle brackets stay but are pointed out, invisible signs go."""
    clean = half_width_alphanumeric(join_han(strip(text)))
    hidden = invisible_characters(clean)
    clean = join_han(without_invisible(clean))
    if not clean:
        return error("empty_name", characters=hidden)
    if len(clean) > LONGEST_NAME:
        return error("too_long", limit=LONGEST_NAME, length=len(clean))
    notes = []
    if hidden:
        notes.append(Note("repair", "invisible", {"characters": hidden}, clean))
    elif clean != strip(text):
        code = "name_spaces" if is_han(clean) else "full_width"
        notes.append(Note("repair", code, {}, clean))
    if signs := _MARKUP_SIGNS.findall(clean):
        notes.append(Note("warning", "markup_in_name", {"characters": " ".join(dict.fromkeys(signs))}))
    return Parsed(clean, tuple(notes))


def parse_id_card(text: str, kind: int) -> Parsed:
    """A number by GB 11643: 18 characters with a check sign; 15-digit numbers are extended."""
    clean = compact(text).upper()
    if kind == NUMBER and len(clean) > 15:
        return error("digits_lost", digits=15)
    if wrong := re.search(r"[^0-9X]", clean):
        return error("id_card_character", character=wrong[0], position=wrong.start() + 1)
    if "X" in clean[:-1]:
        return error("id_card_character", character="X", position=clean.index("X") + 1)
    if len(clean) == 15 and clean.isdigit():
        return _extended(clean)
    if len(clean) != 18:
        return error("id_card_length", length=len(clean))
    problem = _id_card_problem(clean)
    if problem is not None:
        return problem
    return Parsed(clean) if clean == strip(text) else repaired(clean, "id_card_format", clean)


def id_card_facts(number: str) -> IdCardFacts:
    """Birth date and sex from a valid number of 18 characters."""
    born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return IdCardFacts(born, "male" if int(number[16]) % 2 else "female")


def check_sign(first_seventeen: str) -> str:
    """The 18th character of an ID-card number by GB 11643 (ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_seventeen, strict=True))
    return _CHECK_SIGNS[total % 11]


def _id_card_problem(number: str) -> Parsed | None:
    if number[:2] not in _REGIONS and not number.startswith(_FOREIGN_PREFIX):
        return error("id_card_region", region=number[:2])
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return error("id_card_birth", birth=number[6:14])
    expected = check_sign(number[:17])
    if number[17] != expected:
        return error("id_card_checksum", expected=expected, found=number[17])
    return None


def _extended(number: str) -> Parsed:
    """A 15-digit number of the old kind, with the century and the check sign put in."""
    body = f"{number[:6]}19{number[6:]}"
    longer = body + check_sign(body)
    return _id_card_problem(longer) or repaired(longer, "id_card_extended", longer)


def parse_phone(text: str) -> Parsed:
    """A telephone number in E.164 (+8613800138000); numbers without a country are taken as Chinese."""
    clean = _PHONE_NOISE.sub("", compact(strip(text)))
    if match := _MOBILE.match(clean):
        return _phone(f"+86{match[1]}", text, clean)
    parts = [part for part in _SEVERAL.split(strip(text)) if part.strip()]
    if len(parts) > 1:
        first = parse_phone(parts[0])
        return first if first.value is None else repaired(first.value, "phone_several", parts[0].strip())
    try:
        number = phonenumbers.parse(compact(text), "CN")
    except phonenumbers.NumberParseException:
        return error("phone_invalid")
    if not phonenumbers.is_valid_number(number):
        return error("phone_length", length=len(clean)) if clean.isdigit() else error("phone_invalid")
    return _phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), text, clean)


def _phone(value: str, text: str, clean: str) -> Parsed:
    if strip(text).isascii():
        return Parsed(value)
    return repaired(value, "full_width", clean)


def parse_email(text: str) -> Parsed:
    """An e-mail address; the part behind @ in lower case."""
    clean = compact(strip(text)).removeprefix("mailto:")
    if wrong := _EMAIL_SIGNS.search(clean):
        return error("email_character", character=wrong[0])
    if not _EMAIL.match(clean) or ".." in clean or len(clean) > 254:
        return error("email_invalid")
    local, _, domain = clean.rpartition("@")
    value = f"{local}@{domain.lower()}"
    return Parsed(value) if clean == strip(text) else repaired(value, "email_format", value)
