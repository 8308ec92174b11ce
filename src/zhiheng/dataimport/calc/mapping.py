"""Which column of the file is which field? Guessed from headers, confirmed by the user, remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from zhiheng.dataimport.calc.header import Column
from zhiheng.dataimport.calc.normalize import header_key
from zhiheng.dataimport.calc.target import Field

EXACT, PART, SIMILAR_FROM = 100, 95, 80
"""Scores: the whole header, one level of a two-row header, least similarity that is proposed."""
_LEAST_LETTERS = 5
_CONTAINED = 120
"""A header that contains a name of at least two thirds of its length reaches ``SIMILAR_FROM``."""


@dataclass(frozen=True)
class Guess:
    """Proposed field of one column; ``field`` is None when nothing fits. ``score`` runs from 0 to 100."""

    position: int
    header: str
    field: str | None
    score: int = 0


def guess_mapping(
    columns: Sequence[Column], fields: Sequence[Field], remembered: Mapping[str, str] | None = None
) -> list[Guess]:
    """One guess for every column; each field is given away once, to its best column.

    ``remembered`` is a mapping header → field from an earlier import with the same headers; an empty field
    name there means "leave out".
    """
    known = remembered or {}
    names = {item.name for item in fields}
    chosen: dict[int, tuple[str, int]] = {
        column.position: (known[column.header], EXACT)
        for column in columns
        if known.get(column.header) in names
    }
    taken = {name for name, _ in chosen.values()}
    pairs = sorted(
        (
            (score, -column.position, item.name)
            for column in columns
            if column.header not in known
            for item in fields
            if (score := similarity(column.header, item)) >= SIMILAR_FROM
        ),
        reverse=True,
    )
    for score, negative, name in pairs:
        if name not in taken and -negative not in chosen:
            chosen[-negative] = (name, score)
            taken.add(name)
    return [
        Guess(column.position, column.header, *chosen.get(column.position, (None, 0))) for column in columns
    ]


def similarity(header: str, field: Field) -> int:
    """How well a header fits a field, 0 to 100."""
    whole = header_key(header)
    last = header_key(header.rsplit("/", 1)[-1])
    candidates = [
        key for name in (field.name, str(field.label), *field.synonyms) if (key := header_key(name))
    ]
    if whole in candidates:
        return EXACT
    if last in candidates:
        return PART
    return max((min(_likeness(last, key), PART - 1) for key in candidates), default=0)


def _likeness(header: str, key: str) -> int:
    """English by spelling; Chinese only when one contains the other: 入职日期 and 离职日期 look alike."""
    if header.isascii() and key.isascii():
        return round(fuzz.ratio(header, key)) if min(len(header), len(key)) >= _LEAST_LETTERS else 0
    shorter, longer = sorted((header, key), key=len)
    return round(_CONTAINED * len(shorter) / len(longer)) if shorter in longer else 0


def fingerprint(columns: Sequence[Column]) -> str:
    """What identifies a set of headers, whatever its order, so that a mapping can be remembered."""
    keys = sorted(column.header for column in columns)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()
