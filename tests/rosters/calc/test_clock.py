from __future__ import annotations

import pytest

from zhiheng.rosters.calc.clock import clock, frame_of, in_order, minutes_text, spans_from_text, spans_text
from zhiheng.rosters.calc.shift import Flex, Shift


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "00:00"), (480, "08:00"), (1440, "24:00"), (1800, "06:00+1"), (2880, "24:00+1")]
)
def test_minutes_as_a_clock_shows_them(minutes, text):
    assert clock(minutes) == text


def test_the_frame_of_a_shift():
    assert frame_of(Shift(segments=((1320, 1560), (1590, 1800)))) == "22:00–06:00+1"
    assert frame_of(Shift(flex=Flex(480, 600, 480))) == "08:00~10:00"
    assert frame_of(Shift()) == frame_of(Shift(free_mode="strict")) == ""


def test_times_are_lived_in_order():
    assert in_order([540, 720, 780, 1080]) == [540, 720, 780, 1080]
    assert in_order([1320, 120, 150, 360]) == [1320, 1560, 1590, 1800]
    assert in_order([480, 480]) == [480, 1920]


def test_hours_without_needless_zeros():
    assert [minutes_text(each) for each in (0, 450, 480, 500)] == ["0", "7.5", "8", "8.33"]


def test_spans_in_words_and_back():
    spans = ((720, 780), (1080, 1110), (1470, 1500))
    assert spans_text(spans[:2]) == "12:00–13:00, 18:00–18:30"
    assert spans_from_text("12:00-13:00，18:00~18:30; 24:30-25:00") == spans
    assert spans_from_text("22:00-02:00") == ((1320, 1560),)
    assert spans_from_text(" ") == ()


@pytest.mark.parametrize("text", ["12-13", "12:00", "12:60-13:00", "12:00-13:61", "午饭"])
def test_other_words_are_refused(text):
    with pytest.raises(ValueError, match=text):
        spans_from_text(text)
