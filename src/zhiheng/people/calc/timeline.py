"""Timelines: what holds of somebody over time, as half-open pieces that never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Span:
    """Days from ``from_on`` up to, and without, ``to_on``; ``None`` stands for no end."""

    from_on: date
    to_on: date | None = None

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on <= self.from_on:
            raise ValueError(f"span ends on {self.to_on}, not after {self.from_on}")

    def has(self, day: date) -> bool:
        """Tell whether ``day`` lies inside."""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a day."""
        return (other.to_on is None or self.from_on < other.to_on) and (
            self.to_on is None or other.from_on < self.to_on
        )

    def covers(self, other: Span) -> bool:
        """Tell whether every day of ``other`` lies inside."""
        if self.from_on > other.from_on:
            return False
        return self.to_on is None or (other.to_on is not None and other.to_on <= self.to_on)

    def cut(self, other: Span) -> list[Span]:
        """Return what is left of this span without the days of ``other``: none, one or two pieces."""
        if not self.overlaps(other):
            return [self]
        left = []
        if self.from_on < other.from_on:
            left.append(Span(self.from_on, other.from_on))
        if other.to_on is not None and (self.to_on is None or other.to_on < self.to_on):
            left.append(Span(other.to_on, self.to_on))
        return left


@dataclass(frozen=True)
class Piece(Generic[T]):
    """A value and the days it holds."""

    span: Span
    value: T


def overlay(pieces: Sequence[Piece[T]], new: Piece[T]) -> list[Piece[T]]:
    """Return the timeline with ``new`` put over whatever held on its days, in order of time."""
    kept = [replace(piece, span=span) for piece in pieces for span in piece.span.cut(new.span)]
    return sorted([*kept, new], key=lambda piece: piece.span.from_on)


def piece_on(pieces: Sequence[Piece[T]], day: date) -> Piece[T] | None:
    """Return the piece that holds on ``day``."""
    return next((piece for piece in pieces if piece.span.has(day)), None)


def merge_equal(pieces: Sequence[Piece[T]]) -> list[Piece[T]]:
    """Return the timeline with neighbours of equal value joined; ``pieces`` are in order of time."""
    merged: list[Piece[T]] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and last.value == piece.value and last.span.to_on == piece.span.from_on:
            merged[-1] = Piece(Span(last.span.from_on, piece.span.to_on), piece.value)
        else:
            merged.append(piece)
    return merged
