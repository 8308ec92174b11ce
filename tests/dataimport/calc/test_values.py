"""Dates, numbers, words and what belongs to persons: value and note of every form."""

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.dataimport.calc import dates, normalize, numbers, persons, words
from zhiheng.dataimport.calc.parsed import Parsed, error, repaired
from zhiheng.dataimport.calc.sheet import BOOLEAN, DATE, DATETIME, NUMBER, TEXT
from zhiheng.dataimport.calc.target import Choice

DAY = dt.date(2013, 2, 28)
SEXES = (
    Choice("male", "男", ("M", "先生")),
    Choice("female", "女", ("F",)),
    Choice("part_time", "非全日制用工"),
)


def codes(parsed: Parsed) -> list[str]:
    return [note.code for note in parsed.notes]


@pytest.mark.parametrize(
    "text", ["2013-02-28", "2013-2-28", "2013/2/28", " 2013/02/28 ", "2013-02-28 00:00:00"]
)
def test_usual_dates(text):
    assert dates.parse_date(text, TEXT) == Parsed(DAY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2013年2月28日", "date_format"),
        ("2013年2月28号", "date_format"),
        ("2013.2.28", "date_format"),
        ("2013.02.28.", "date_format"),
        ("20130228", "date_format"),
        ("二〇一三年二月二十八日", "date_format"),
        ("28/2/2013", "date_format"),
        ("2/28/2013", "date_format"),
        ("28-Feb-2013", "date_format"),
        ("Feb 28, 2013", "date_format"),
        ("February 28th, 2013", "date_format"),
        ("13.2.28", "short_year"),
        ("13年2月28日", "short_year"),
        ("２０１３－０２－２８", "full_width"),
        ("2013 - 02 - 28", "full_width"),
        ("41333", "date_serial"),
    ],
)
def test_dates_in_other_forms_are_proposed_as_iso(text, code):
    assert dates.parse_date(text, TEXT) == repaired(DAY, code, "2013-02-28")


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("2026-02-30", error("no_such_day", year=2026, month=2, day=30, days=28)),
        ("2026-13-01", error("no_such_month", month=13)),
        ("1200-01-01", error("date_out_of_range", year=1200)),
        ("1/2/2013", error("date_ambiguous", first="2013-01-02", second="2013-02-01")),
        ("2013年2月", error("date_incomplete")),
        ("2013", error("date_incomplete")),
        ("2月28日", error("date_incomplete")),
        ("至今", error("not_a_date")),
        ("28-Foo-2013", error("not_a_date")),
        ("二〇一三年二三月一日", error("no_such_month", month=0)),
        ("2013-02-28 25:00", error("no_such_time", time="25:00")),
        ("2026-02-30 08:00", error("no_such_day", year=2026, month=2, day=30, days=28)),
    ],
)
def test_impossible_dates(text, parsed):
    assert dates.parse_date(text, TEXT) == parsed


def test_dates_of_the_workbook():
    assert dates.parse_date("2013-02-28", DATE) == Parsed(DAY)
    assert dates.parse_date("2013-02-28 00:00:00", DATETIME) == Parsed(DAY)
    assert codes(dates.parse_date("2013-02-28 08:30:00", DATETIME)) == ["time_dropped"]
    assert dates.parse_date("1899-12-31", DATE) == error("date_out_of_range", year=1899)
    assert dates.parse_date("41333", NUMBER).value == DAY
    assert dates.parse_date("41333.5", NUMBER).value == DAY
    assert dates.parse_date("60", NUMBER) == error("not_a_date")
    assert dates.parse_date("200000", NUMBER) == error("not_a_date")
    assert dates.parse_date("20130228", NUMBER).value == DAY


def test_dates_with_a_time():
    assert codes(dates.parse_date("2013-02-28 08:30", TEXT)) == ["time_dropped"]
    assert dates.parse_date("2013/2/28 下午3:05", TEXT).notes[-1].params == {"time": "15:05:00"}
    assert dates.parse_date("1/1/1999", TEXT).value == dt.date(1999, 1, 1)
    assert dates.parse_date("90.2.1", TEXT).value == dt.date(1990, 2, 1)
    assert dates.parse_date("二〇二〇年十二月十日", TEXT).value == dt.date(2020, 12, 10)


@pytest.mark.parametrize(
    ("text", "kind", "value", "noted"),
    [
        ("2013-02-28 08:30:15", TEXT, dt.datetime(2013, 2, 28, 8, 30, 15), []),
        ("2013-02-28T08:30:15Z", TEXT, dt.datetime(2013, 2, 28, 8, 30, 15), []),
        ("2013年2月28日 上午12:05", TEXT, dt.datetime(2013, 2, 28, 0, 5), ["date_format"]),
        ("2013-02-28 3:05 PM", TEXT, dt.datetime(2013, 2, 28, 15, 5), ["date_format"]),
        ("2013-02-28", TEXT, dt.datetime(2013, 2, 28), []),
        ("2013-02-28 08:30:15", DATETIME, dt.datetime(2013, 2, 28, 8, 30, 15), []),
        ("41333.5", NUMBER, dt.datetime(2013, 2, 28, 12), ["date_serial"]),
        ("20130228083000", NUMBER, dt.datetime(2013, 2, 28, 8, 30), ["date_format"]),
        ("20130228", NUMBER, dt.datetime(2013, 2, 28), ["date_format"]),
        ("20130228990000", NUMBER, None, ["no_such_time"]),
        ("20131328", NUMBER, None, ["no_such_month"]),
        ("5", NUMBER, None, ["not_a_date"]),
        ("x 08:30", TEXT, None, ["not_a_date"]),
        ("08:30", TEXT, None, ["not_a_date"]),
    ],
)
def test_moments(text, kind, value, noted):
    parsed = dates.parse_datetime(text, kind)
    assert (parsed.value, codes(parsed)) == (value, noted)


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("12", "12", []),
        ("-3.50", "-3.5", []),
        ("1,234.50", "1234.5", ["number_format"]),
        ("¥1,234", "1234", ["number_format"]),
        ("-￥5", "-5", ["number_format"]),
        ("12元", "12", ["number_format"]),
        ("USD 12", "12", ["number_format"]),
        ("1.2万", "12000", ["number_format"]),
        ("5亿", "500000000", ["number_format"]),
        ("(300)", "-300", ["number_format"]),
        ("1.5e3", "1500", ["number_format"]),
        ("一万二千", "12000", ["number_format"]),
        ("人民币壹仟元整", "1000", ["number_format"]),
        ("80%", "0.8", ["percent"]),
        ("１２３", "123", ["full_width"]),
        ("3.14159", "3.1416", ["rounded"]),
    ],
)
def test_numbers(text, value, noted):
    parsed = numbers.parse_decimal(text, TEXT, 4)
    assert (numbers.plain(parsed.value), codes(parsed)) == (value, noted)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("12,34", TEXT, "thousands"),
        ("5.5千克", TEXT, "not_a_number"),
        ("百千百", TEXT, "not_a_number"),
        ("abc", TEXT, "not_a_number"),
        ("¥", TEXT, "not_a_number"),
        ("1e999", TEXT, "number_too_large"),
        ("TRUE", BOOLEAN, "not_a_number"),
    ],
)
def test_what_is_no_number(text, kind, code):
    assert numbers.parse_decimal(text, kind, 4) == error(code)


def test_numbers_of_the_workbook_are_rounded_silently():
    assert numbers.parse_decimal("0.123456789", NUMBER, 2) == Parsed(Decimal("0.12"))


def test_whole_numbers():
    assert numbers.parse_integer("12.0", NUMBER) == Parsed(12)
    assert numbers.parse_integer("1,000", TEXT) == repaired(1000, "number_format", "1000")
    assert numbers.parse_integer("12.5", TEXT) == error("not_whole")
    assert numbers.parse_integer("1" + "0" * 19, TEXT) == error("number_too_large")
    assert numbers.parse_integer("x", TEXT) == error("not_a_number")


def test_names():
    assert persons.parse_name("张三") == Parsed("张三")
    assert persons.parse_name("  张 三\u3000") == repaired("张三", "name_spaces", "张三")
    assert persons.parse_name("Ｊｏｈｎ  Smith") == repaired("John Smith", "full_width", "John Smith")
    assert persons.parse_name("张\u200b三") == repaired("张三", "invisible", "张三", characters="U+200B")
    assert persons.parse_name("\u200b\u202e") == error("empty_name", characters="U+200B U+202E")
    assert persons.parse_name("长" * 61) == error("too_long", limit=60, length=61)
    assert persons.parse_name("买买提·艾力") == Parsed("买买提·艾力")


def test_scripts_in_names_stay_text_and_name_the_character():
    parsed = persons.parse_name("<script>alert(1)</script>")
    assert parsed.value == "<script>alert(1)</script>"
    assert [(note.severity, note.code, note.params) for note in parsed.notes] == [
        ("warning", "markup_in_name", {"characters": "< >"})
    ]


def test_id_cards():
    good = "11010519491231002X"
    assert persons.parse_id_card(good, TEXT) == Parsed(good)
    assert persons.parse_id_card("110105 19491231 002x", TEXT) == repaired(good, "id_card_format", good)
    assert persons.parse_id_card("110105491231002", TEXT) == repaired(good, "id_card_extended", good)
    assert persons.id_card_facts(good) == persons.IdCardFacts(dt.date(1949, 12, 31), "female")
    assert persons.id_card_facts("110101199003070011").sex == "male"


@pytest.mark.parametrize(
    ("text", "kind", "parsed"),
    [
        ("110105194912310021", TEXT, error("id_card_checksum", expected="X", found="1")),
        ("11010519491231", TEXT, error("id_card_length", length=14)),
        ("1101051949123100O2", TEXT, error("id_card_character", character="O", position=17)),
        ("1101051949X2310021", TEXT, error("id_card_character", character="X", position=11)),
        ("010105194912310021", TEXT, error("id_card_region", region="01")),
        ("110105194913310021", TEXT, error("id_card_birth", birth="19491331")),
        ("110105199902300023", TEXT, error("id_card_birth", birth="19990230")),
        ("110105491331002", TEXT, error("id_card_birth", birth="19491331")),
        ("110101199003070000", NUMBER, error("digits_lost", digits=15)),
    ],
)
def test_wrong_id_cards(text, kind, parsed):
    assert persons.parse_id_card(text, kind) == parsed


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("13800138000", Parsed("+8613800138000")),
        ("+86 138-0013-8000", Parsed("+8613800138000")),
        ("0755-26748888", Parsed("+8675526748888")),
        ("+1 650-253-0000", Parsed("+16502530000")),
        ("１３８００１３８０００", repaired("+8613800138000", "full_width", "13800138000")),
        ("13800138000/13900139000", repaired("+8613800138000", "phone_several", "13800138000")),
        ("12/13900139000", error("phone_length", length=2)),
        ("1380013800", error("phone_length", length=10)),
        ("138-0013-800", error("phone_length", length=10)),
        ("+86 12", error("phone_invalid")),
        ("没有", error("phone_invalid")),
    ],
)
def test_phones(text, parsed):
    assert persons.parse_phone(text) == parsed


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("li.na@example.com", Parsed("li.na@example.com")),
        ("Li@Example.COM", Parsed("Li@example.com")),
        ("mailto:li@example.com", repaired("li@example.com", "email_format", "li@example.com")),
        ("li＠example。com", repaired("li@example.com", "email_format", "li@example.com")),
        ("li@example", error("email_invalid")),
        ("li..na@example..com", error("email_invalid")),
        ("李@example.com", error("email_character", character="李")),
    ],
)
def test_emails(text, parsed):
    assert persons.parse_email(text) == parsed


def test_booleans():
    assert [words.parse_boolean(text).value for text in ("是", "√", " Yes ", "１")] == [True] * 4
    assert [words.parse_boolean(text).value for text in ("否", "×", "N", "0")] == [False] * 4
    assert words.parse_boolean("也许") == error("not_boolean")


def test_choices():
    assert [words.parse_choice(text, SEXES).value for text in ("男", "male", "m", " 先生 ")] == ["male"] * 4
    assert words.parse_choice("非全日制用", SEXES) == repaired("part_time", "choice_similar", "非全日制用工")
    assert words.parse_choice("中", SEXES) == error("not_a_choice", allowed="男、女、非全日制用工")
    assert words.parse_choice("完全不同的词", SEXES).value is None


def test_texts():
    assert words.parse_text(" 销售部 ", 10) == Parsed("销售部")
    assert words.parse_text("Ａ１（甲）", 10) == repaired("A1（甲）", "full_width", "A1（甲）")
    assert words.parse_text("a\x00b", 10) == repaired("ab", "invisible", "ab", characters="U+0000")
    assert words.parse_text("\u200b", 10).value is None
    assert words.parse_text("x" * 11, 10) == error("too_long", limit=10, length=11)
    assert words.parse_text('="00123"', 10) == Parsed("00123")


def test_header_keys():
    assert normalize.header_key("＊姓 名（必填）") == "姓名"
    assert normalize.header_key("Employee No.") == "employeeno"
    assert normalize.header_key("（%）") == "(%)"
    assert normalize.header_text("*材 质\n名称*") == "材质名称"
    assert normalize.is_marked_required("姓名（必填）")
    assert not normalize.is_marked_required("姓名")
