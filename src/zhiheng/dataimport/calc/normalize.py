"""Cleaning of texts: full-width characters, spaces, control characters."""

from __future__ import annotations

import re
import unicodedata

_WIDE_ALPHANUMERIC = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_WIDE_ALL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0x3002: ".",
    0xFFE5: "¥",
    0x2212: "-",
    0x2013: "-",
    0x2014: "-",
}
_SPACES = re.compile(r"[\s\u3000\u00a0]+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FORMULA_TEXT = re.compile(r'^="(.*)"$')
_HAN = "\u3400-\u9fff\uf900-\ufaff〇\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_IS_HAN = re.compile(rf"^[{_HAN}·]+$")
_NOTE_IN_BRACKETS = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]")
_HEADER_NOISE = re.compile(r"[\s*＊:：_\-—/\\.。、·]+")
_REQUIRED_MARK = re.compile(r"^\s*[*＊]|[*＊]\s*$|[(（【\[]\s*必填\s*[)）】\]]")


def strip(text: str) -> str:
    """Text without outer spaces of any width and without the ``="…"`` that some exports put around digits."""
    text = text.strip().strip("\u3000\u00a0").strip()
    match = _FORMULA_TEXT.match(text)
    return match.group(1) if match else text


def half_width(text: str) -> str:
    """All full-width signs as ASCII, the ideographic full stop as a point; for numbers, dates, codes."""
    return text.translate(_WIDE_ALL)


def half_width_alphanumeric(text: str) -> str:
    """Full-width digits and letters as ASCII; Chinese punctuation stays. For running text."""
    return text.translate(_WIDE_ALPHANUMERIC)


def compact(text: str) -> str:
    """Half-width text without any spaces."""
    return _SPACES.sub("", half_width(text))


def invisible_characters(text: str) -> str:
    """Control, zero-width and direction characters in the text, as ``U+200B`` separated by spaces."""
    found = dict.fromkeys(_INVISIBLE.findall(text))
    return " ".join(f"U+{ord(character):04X}" for character in found)


def without_invisible(text: str) -> str:
    """Text without control, zero-width and direction characters."""
    return _INVISIBLE.sub("", text)


def is_han(text: str) -> bool:
    """True when the text consists of Chinese characters (and the middle dot of transcribed names) only."""
    return bool(_IS_HAN.match(text))


def join_han(text: str) -> str:
    """Spaces and line breaks between Chinese characters removed, other runs of them made one space."""
    return _SPACES.sub(" ", _BETWEEN_HAN.sub("", strip(text)))


def header_text(text: str) -> str:
    """A header cell in one line, without the stars that mark required columns."""
    return join_han(text.strip().strip("*＊").strip())


def is_marked_required(text: str) -> bool:
    """True for headers with a star or 必填."""
    return bool(_REQUIRED_MARK.search(text))


def header_key(text: str) -> str:
    """What is compared of a header: no notes in brackets, no signs and spaces, lower case, half width."""
    text = unicodedata.normalize("NFKC", text)
    bare = _HEADER_NOISE.sub("", _NOTE_IN_BRACKETS.sub("", text)).lower()
    return bare or _HEADER_NOISE.sub("", text).lower()
