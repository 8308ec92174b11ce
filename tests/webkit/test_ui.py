"""The template tags and filters of the design system."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from zhiheng.webkit.templatetags import ui


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1284560"), "1,284,560.00"),
        (-0.5, "-0.50"),
        (None, "–"),
        ("", "–"),
        ("abc", "–"),
        (Decimal("NaN"), "–"),
    ],
)
def test_money(value, text):
    assert ui.money(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(1286, -1, "1,286"), (Decimal("12.500"), -1, "12.5"), (Decimal("12.500"), 2, "12.50"), (None, -1, "–")],
)
def test_number(value, places, text):
    assert ui.number(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("0.853"), "85.3%"), (1, "100.0%"), (None, "–"), ("x", "–")]
)
def test_percent(value, text):
    assert ui.percent(value) == text


@pytest.mark.parametrize(
    ("language", "style", "text"),
    [
        ("zh-hans", "short", "2026-11-23"),
        ("zh-hans", "long", "2026年11月23日"),
        ("en", "long", "Nov 23, 2026"),
        ("zh-hans", "month", "2026年11月"),
        ("en", "month", "Nov 2026"),
    ],
)
def test_localdate_of_a_day(language, style, text):
    with translation.override(language):
        assert ui.localdate(dt.date(2026, 11, 23), style) == text


def test_localdate_is_in_the_readers_zone():
    instant = dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.UTC)
    assert ui.localdate(instant, "time") == "2026-11-24 00:30"
    assert ui.localdate(None) == "–"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("孙丽娜", "丽娜"), ("欧阳 娜娜", "娜娜"), ("Ken Sánchez", "KS"), ("ken", "K"), ("", "?"), ("李", "李")],
)
def test_initials(name, shown):
    assert ui.initials(name) == shown


def test_an_avatar_keeps_its_colour():
    assert {ui.avatar_colour("孙丽娜") for _ in range(3)} == {ui.avatar_colour("孙丽娜")}
    assert {ui.avatar_colour(str(each)) for each in range(200)} == {1, 2, 3, 4, 5, 6}


def test_icon_is_hidden_unless_named():
    assert 'aria-hidden="true"' in ui.icon("users")
    assert 'role="img" aria-label="&lt;人&gt;"' in ui.icon("users", label="<人>")
    assert 'class="hr-icon hr-icon-sm"' in ui.icon("users", "sm")
    assert "icons.svg" in ui.icon("users")


def test_qs_keeps_the_rest_and_goes_back_to_page_one():
    request = RequestFactory().get("/", {"q": "胡", "page": "3", "sort": "name"})
    assert draw("{% qs sort='-name' %}", request=request) == "?q=%E8%83%A1&amp;sort=-name"
    assert draw("{% qs page=4 %}", request=request) == "?q=%E8%83%A1&amp;page=4&amp;sort=name"
    assert draw("{% qs q=None sort='' %}", request=request) == "?"


def test_sparkline_needs_two_points():
    assert ui.sparkline([1]) == ""
    assert ui.sparkline(None) == ""
    assert "M0.0 29.0L48.0 16.0L96.0 3.0" in ui.sparkline([1, 2, None, 3])


def test_a_flat_sparkline_runs_in_the_middle():
    assert "M0.0 16.0L96.0 16.0" in ui.sparkline([5, 5])


@pytest.mark.parametrize(
    ("value", "width", "text"),
    [(0.71, "71.0", "71%"), (1.08, "100.0", "108%"), (-1, "0.0", "-100%"), ("x", "0.0", "0%")],
)
def test_progress_bar(value, width, text):
    drawn = ui.progress_bar(value)
    assert f'width="{width}"' in drawn
    assert f'<span class="text">{text}</span>' in drawn


def test_progress_bar_with_its_own_text():
    assert '<span class="text">7/9</span>' in ui.progress_bar(0.5, text="7/9")
    assert "text" not in ui.progress_bar(0.5, text="").split("<rect")[-1]


@pytest.mark.parametrize(
    ("current", "last", "shown"),
    [
        (1, 3, [1, 2, 3]),
        (1, 7, [1, 2, 3, 4, 5, 6, 7]),
        (1, 15, [1, 2, None, 14, 15]),
        (7, 15, [1, 2, None, 6, 7, 8, None, 14, 15]),
    ],
)
def test_page_numbers(current, last, shown):
    assert ui.page_numbers(current, last) == shown


def test_at_reads_mappings_and_sequences():
    assert [ui.at({"a": 1}, "a"), ui.at([7], 0), ui.at({}, "a"), ui.at([], 3), ui.at(None, "a")] == [
        1,
        7,
        "",
        "",
        "",
    ]


def test_components_escape_what_they_are_given():
    drawn = draw('<c-tag kind="ok">{{ name }}</c-tag>', name="<script>")
    assert "<script>" not in drawn
