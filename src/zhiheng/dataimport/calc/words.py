"""Yes and no, enumerations, running text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz, process

from zhiheng.dataimport.calc.normalize import (
    compact,
    half_width_alphanumeric,
    invisible_characters,
    strip,
    without_invisible,
)
from zhiheng.dataimport.calc.parsed import Note, Parsed, error, repaired
from zhiheng.dataimport.calc.target import Choice

_YES = frozenset(("是", "对", "有", "真", "已", "√", "✓", "✔", "y", "yes", "true", "t", "1", "on"))
_NO = frozenset(("否", "不", "不是", "错", "无", "没有", "假", "未", "×", "✗", "✘", "x"))
_NO |= frozenset(("n", "no", "false", "f", "0", "off"))
_SIMILAR_FROM = 80
_LEAST_LENGTH = 3


def parse_boolean(text: str) -> Parsed:
    """True for 是, 有, √, Y, 1 …; False for 否, 无, ×, N, 0 …"""
    key = half_width_alphanumeric(strip(text)).lower()
    if key in _YES:
        return Parsed(True)
    if key in _NO:
        return Parsed(False)
    return error("not_boolean")


def parse_choice(text: str, choices: Sequence[Choice]) -> Parsed:
    """The value of the choice with this value, label or synonym; a near miss is proposed as a repair."""
    known = _choice_keys(tuple((item.value, str(item.label), item.synonyms) for item in choices))
    key = compact(text).lower()
    if key in known:
        return Parsed(known[key][0])
    if len(key) >= _LEAST_LENGTH:
        match = process.extractOne(key, list(known), scorer=fuzz.ratio, score_cutoff=_SIMILAR_FROM)
        if match:
            value, label = known[match[0]]
            return repaired(value, "choice_similar", label)
    return error("not_a_choice", allowed="、".join(str(item.label) for item in choices[:20]))


@cache
def _choice_keys(choices: tuple[tuple[str, str, tuple[str, ...]], ...]) -> dict[str, tuple[str, str]]:
    """Value and label by everything that may stand in the file."""
    return {
        compact(name).lower(): (value, label)
        for value, label, synonyms in choices
        for name in (value, *synonyms, label)
    }


def parse_text(text: str, max_length: int) -> Parsed:
    """Running text: full-width digits and letters to half width, invisible signs removed."""
    bare = strip(text)
    hidden = invisible_characters(bare)
    clean = strip(half_width_alphanumeric(without_invisible(bare)))
    if len(clean) > max_length:
        return error("too_long", limit=max_length, length=len(clean))
    if hidden:
        return Parsed(clean or None, (Note("repair", "invisible", {"characters": hidden}, clean),))
    return Parsed(clean) if clean == bare else repaired(clean, "full_width", clean)
