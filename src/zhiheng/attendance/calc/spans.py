"""Sets of minutes as sorted, disjoint, half-open spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhiheng.rosters.calc.shift import Span

Spans = tuple[Span, ...]

FAR = 10**9
"""Beyond every minute of a day."""


def union(*groups: Iterable[Span]) -> Spans:
    """Return all minutes of the groups; spans that end before they start hold none."""
    found: list[Span] = []
    for start, end in sorted(span for group in groups for span in group):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def meet(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """Return the minutes that are in both; both are sorted and disjoint."""
    return tuple((max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d))


def minus(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """Return the minutes of ``one`` that are not in ``other``; both are sorted and disjoint."""
    left = list(one)
    for start, end in other:
        left = [
            piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]
        ]
    return tuple(left)


def total(spans: Iterable[Span]) -> int:
    """Return the number of minutes."""
    return sum(end - start for start, end in spans)


def before(spans: Sequence[Span], minute: int) -> Spans:
    """Return the minutes earlier than ``minute``."""
    return meet(spans, ((-FAR, minute),))


def after(spans: Sequence[Span], minute: int) -> Spans:
    """Return the minutes from ``minute`` on."""
    return meet(spans, ((minute, FAR),))


def first(spans: Sequence[Span], count: int) -> Spans:
    """Return the earliest ``count`` minutes."""
    found: list[Span] = []
    for start, end in spans:
        taken = min(end - start, count)
        if taken > 0:
            found.append((start, start + taken))
            count -= taken
    return tuple(found)
