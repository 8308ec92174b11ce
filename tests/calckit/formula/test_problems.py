"""What is wrong with a formula is said in words that point at the character."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.calckit.formula import Formula, FormulaError, FormulaProblem
from zhiheng.calckit.formula.functions import FUNCTION_OF_WORD
from zhiheng.calckit.formula.problems import MESSAGES

NAMES = ("达成率", "新客户率", "revenue", "a", "b", "c")


def problem_of(text: str) -> FormulaProblem:
    with pytest.raises(FormulaError) as refused:
        Formula.parse(text, NAMES)
    return refused.value.problem


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("", "empty", ""),
        (" \n　", "empty", " \n　"),
        ("达成率×", "unexpected_end", ""),
        ("达成率×80% + (新客户率", "unclosed", "("),
        ("MIN（a, b", "unclosed", "（"),
        ("a + b)", "unexpected_token", ")"),
        ("a × × b", "unexpected_token", "×"),
        ("MIN(a b)", "missing_operator", "b"),
        ("MIN(a,,b)", "unexpected_comma", ","),
        ("1，000", "unexpected_comma", "，"),
        ("MIN()", "too_few_arguments", "MIN()"),
        ("a b", "missing_operator", "b"),
        ("80%(a)", "missing_operator", "("),
        ("a 非 b", "missing_operator", "非"),
        ("a 2", "missing_operator", "2"),
        ("a [b]", "missing_operator", "[b]"),
        ("a ? b", "unexpected_character", "?"),
        ("a\u200b+b", "unexpected_character", "\u200b"),
        ("[达成率", "unclosed_name", "["),
        ("「达成率]", "unclosed_name", "「"),
        ("【达「成率】", "name_sign", "「"),
        ("[ ] + a", "empty_name", "[ ]"),
        ("3月销售额 + a", "number_then_name", "月销售额"),
        ("1e999999999", "number_then_name", "e999999999"),
        ("5万元 + a", "number_then_name", "元"),
        ("a × 5. + 1", "bad_number", "5."),
        ("a × . + 1", "bad_number", "."),
        ("1234567890123456789 + a", "number_too_long", "1234567890123456789"),
        ("a + 0.1234567890123", "number_too_long", "0.1234567890123"),
        ("10000000000亿", "number_too_long", "10000000000亿"),
        ("a^99999999", "bad_exponent", "99999999"),
        ("a^13", "bad_exponent", "13"),
        ("a^0.5", "bad_exponent", "0.5"),
        ("a^b", "bad_exponent", "b"),
        ("a^2%", "bad_exponent", "2"),
        ("ROUND(a, b)", "bad_places", "b"),
        ("ROUND(a, 1.5)", "bad_places", "1.5"),
        ("ROUND(a, -1)", "bad_places", "-1"),
        ("ROUND(a, 13)", "bad_places", "13"),
        ("IF(a<b<c, 1, 2)", "chained_comparison", "<"),
        ("a > b", "needs_number", "a > b"),
        ("a + (a > b)", "needs_number", "a > b"),
        ("-(a > b)", "needs_number", "a > b"),
        ("MIN(a, a 且 b)", "needs_number", "a 且 b"),
        ("IF(a, NOT b, 1)", "needs_number", "NOT b"),
        ("求各(a)", "unknown_function_near", "求各"),
        ("foo(a)", "unknown_function", "foo"),
        ("MINN(a)", "unknown_function_near", "MINN"),
        ("达成律 × 1", "unknown_name_near", "达成律"),
        ("Revenu × 1", "unknown_name_near", "Revenu"),
        ("离职人数 × 1", "unknown_name", "离职人数"),
        ("IF(a, 1)", "too_few_arguments", "IF(a, 1)"),
        ("ABS(a, b)", "too_many_arguments", "ABS(a, b)"),
        ("IFS(a, 1, b, 2)", "uneven_arguments", "IFS(a, 1, b, 2)"),
        ("STEP(a, 90, 1, 80, 2)", "uneven_arguments", "STEP(a, 90, 1, 80, 2)"),
        ("分段(a, b, 1, 0)", "step_not_number", "b"),
        ("分段(a, 90, 1, 90, 2, 0)", "step_order", "90"),
        ("分段(a, 90, 1, 80, 2, 85, 3, 0)", "step_order", "85"),
    ],
)
def test_the_place_is_marked(text: str, code: str, marked: str) -> None:
    problem = problem_of(text)
    assert (problem.code, text[problem.start : problem.end]) == (code, marked)
    assert all("{" not in problem.message(lang) for lang in ("zh", "en"))


def test_messages_in_both_languages() -> None:
    problem = problem_of("达成律 × 1")
    assert problem.message() == "没有名为「达成律」的数据，是否想写「达成率」？"
    assert problem.message("en-US") == "Nothing is named “达成律”. Did you mean “达成率”?"
    assert problem_of("MINN(a)").message("en") == "There is no function “MINN”. Did you mean “MIN”?"
    assert problem_of("a\u200b").message() == "无法识别的字符「U+200B」。"
    assert problem_of("ABS(a, b)").message() == "函数「ABS」最多接受 1 个参数，现有 2 个。"


def test_a_caret_line_counts_wide_characters_twice() -> None:
    assert problem_of("达成率×80% + 新客户律").caret() == "达成率×80% + 新客户律\n" + " " * 13 + "^" * 8


def test_a_caret_line_shows_the_line_concerned() -> None:
    assert problem_of("a +\n  foo(b)\n+ c").caret() == "  foo(b)\n  ^^^"
    assert problem_of("a +\nMIN(\n)").caret() == "MIN(\n^^^^"
    assert problem_of("a +").caret() == "a +\n   ^"


def test_a_caret_line_shows_only_the_surroundings_in_a_long_line() -> None:
    text = "a + " * 40 + "? + " + "a + " * 40
    before, after = ("a + " * 40)[-60:], text[160:220]
    assert problem_of(text).caret() == f"…{before}{after}…\n{' ' * 61}^"


def test_the_error_itself_reads_well() -> None:
    with pytest.raises(FormulaError) as refused:
        Formula.parse("a ×")
    assert str(refused.value) == "公式没有写完。\na ×\n   ^"


BOMBS = {
    "too_long": "1" + "+1" * 2000,
    "too_deep": "(" * 1000 + "1" + ")" * 1000,
    "too_many_nodes": "+".join(["1"] * 300),
    "number_too_long": "9" * 3999,
    "bad_exponent": "9^9^999999999999999999",
    "number_then_name": "1e" + "9" * 3000,
}


@pytest.mark.parametrize(("code", "text"), BOMBS.items(), ids=BOMBS)
def test_bombs_are_refused_at_once(code: str, text: str) -> None:
    started = time.process_time()
    assert problem_of(text).code == code
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "nested", ["-" * 100 + "1", "NOT " * 100 + "1", "ABS(" * 100 + "1" + ")" * 100, "[" * 100]
)
def test_nothing_nests_without_limit(nested: str) -> None:
    assert problem_of(nested).code in ("too_deep", "unclosed_name")


def test_the_largest_formulas_still_evaluate() -> None:
    longest = Formula.parse("+".join(["1"] * 250))
    assert longest.evaluate({}).value == 250
    assert Formula.parse(longest.canonical()).digest == longest.digest
    assert Formula.parse("ABS(" * 39 + "1" + ")" * 39).evaluate({}).value == 1


PIECES = st.sampled_from(
    [
        *FUNCTION_OF_WORD,
        *NAMES,
        *"()（）[]「」【】,，+-×÷%^<>=≤≥≠.万亿且或非 \n　",
        "AND",
        "80%",
        "1.5",
        "e",
        "\u200b",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_formula_or_a_problem_with_a_place(text: str) -> None:
    try:
        formula = Formula.parse(text, NAMES)
    except FormulaError as error:
        problem = error.problem
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.message("en")
        assert problem.caret().count("\n") == 1 or "\r" in text
    else:
        assert Formula.parse(formula.canonical(), NAMES).canonical() == formula.canonical()


def test_every_message_has_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in MESSAGES.values())
