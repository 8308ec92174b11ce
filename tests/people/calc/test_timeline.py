"""Timelines: cutting, covering, overlaying."""

from __future__ import annotations

from datetime import date

import pytest

from zhiheng.people.calc.timeline import Piece, Span, merge_equal, overlay, piece_on

D = date


def span(first: int, last: int | None = None) -> Span:
    """Days of January 2024, half-open."""
    return Span(D(2024, 1, first), last and D(2024, 1, last))


def test_a_span_must_not_be_empty():
    with pytest.raises(ValueError, match="2024-01-05"):
        span(5, 5)


@pytest.mark.parametrize(("day", "is_inside"), [(4, False), (5, True), (9, True), (10, False)])
def test_the_first_day_is_inside_and_the_end_is_not(day, is_inside):
    assert span(5, 10).has(D(2024, 1, day)) is is_inside


def test_an_open_span_has_every_later_day():
    assert span(5).has(D(2099, 1, 1))


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        (span(5, 10), span(10, 12), [span(5, 10)]),
        (span(5, 10), span(1, 5), [span(5, 10)]),
        (span(5, 10), span(7, 8), [span(5, 7), span(8, 10)]),
        (span(5, 10), span(1, 20), []),
        (span(5, 10), span(5, 10), []),
        (span(5, 10), span(1, 6), [span(6, 10)]),
        (span(5, 10), span(9), [span(5, 9)]),
        (span(5), span(7, 8), [span(5, 7), span(8)]),
        (span(5), span(1), []),
    ],
)
def test_what_is_left_after_a_cut(one, other, left):
    assert one.cut(other) == left


@pytest.mark.parametrize(
    ("one", "other", "covers"),
    [
        (span(5, 10), span(5, 10), True),
        (span(5, 10), span(4, 10), False),
        (span(5, 10), span(6, 11), False),
        (span(5, 10), span(6), False),
        (span(5), span(6), True),
        (span(5), span(6, 7), True),
    ],
)
def test_covering(one, other, covers):
    assert one.covers(other) is covers


def test_overlay_splits_what_held_before():
    assert overlay([Piece(span(1), "a")], Piece(span(5, 10), "b")) == [
        Piece(span(1, 5), "a"),
        Piece(span(5, 10), "b"),
        Piece(span(10), "a"),
    ]


def test_piece_on_a_day():
    pieces = [Piece(span(1, 5), "a"), Piece(span(7), "b")]
    assert piece_on(pieces, D(2024, 1, 4)) == pieces[0]
    assert piece_on(pieces, D(2024, 1, 5)) is None


def test_equal_neighbours_become_one_and_others_stay():
    pieces = [Piece(span(1, 5), "a"), Piece(span(5, 7), "a"), Piece(span(8, 9), "a"), Piece(span(9), "b")]
    assert merge_equal(pieces) == [Piece(span(1, 7), "a"), Piece(span(8, 9), "a"), Piece(span(9), "b")]
