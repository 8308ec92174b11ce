"""What formulas mean."""

from __future__ import annotations

from decimal import Decimal as D

import polars as pl
import pytest

from zhiheng.calckit.formula import Formula, Outcome

VALUES = {
    "达成率": D("0.95"),
    "新客户率": D("0.9"),
    "产量": 950,
    "目标": 1000,
    "零": 0,
    "缺": None,
    "真": True,
    "假": False,
    "3月销售额": D("12.5"),
    "或有负债": 7,
    "非生产工时": 8,
    "合格": 1,
    "revenue (net)": 3,
    "Ａ级（新）": 4,
}
FRAME = pl.DataFrame({name: [value, value] for name, value in VALUES.items()})


def value_of(text: str) -> str:
    """Return the value of a formula as text, or why it has none; by row and by column alike."""
    formula = Formula.parse(text, VALUES)
    result = formula.evaluate(VALUES)
    assert formula.evaluate_frame(FRAME).rows() == [(result.value, result.outcome.name)] * 2
    return f"{result.value:f}" if result.outcome is Outcome.OK else result.outcome.name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("达成率×80% + 新客户率×20%", "0.94"),
        ("达成率＊８０％＋（新客户率）＊２０％", "0.94"),
        ("产量 ÷ 目标", "0.95"),
        ("1 - 2 - 3", "-4"),
        ("2 + 3 × 4", "14"),
        ("(2 + 3) × 4", "20"),
        ("8 / 4 / 2", "1"),
        ("-2^2", "-4"),
        ("(-2)^2", "4"),
        ("2^3^2", "64"),
        ("零^0", "1"),
        ("3 − -2", "5"),
        ("+5", "5"),
        ("-目标%", "-10"),
        ("50%%", "0.005"),
        (".5 + 1.50", "2"),
        ("5万 + 1.5亿", "150050000"),
        ("1/3", "0.333333333333"),
        ("2/3", "0.666666666667"),
        ("0.000001 × 0.0000005", "0"),
        ("0.000001 × 0.0000015", "0.000000000002"),
        ("0.000000000001%", "0"),
    ],
)
def test_arithmetic(text: str, value: str) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[达成率] + 「达成率」 + 【 达成率 】 + ［达成率］", "3.8"),
        ("[revenue (net)] × 2", "6"),
        ("3月销售额×2", "25"),
        ("如果(3月销售额>2且产量>1, 1, 0)", "1"),
        ("如果(3月销售额>2 并且 产量>1, 1, 0)", "1"),
        ("如果(产量>2或者产量<1, 1, 0)", "1"),
        ("或有负债 + 1", "8"),
        ("非生产工时 + 1", "9"),
        ("IF(非合格, 1, 2)", "2"),
        ("[A级(新)] + 1", "5"),
        ("【Ａ级（新）】 + 1", "5"),
    ],
)
def test_names_in_the_words_of_the_company(text: str, value: str) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("产量 = 950", True),
        ("产量 == 950.0", True),
        ("产量 ≠ 950", False),
        ("产量 <> 950", False),
        ("产量 != 951", True),
        ("产量 < 950", False),
        ("产量 <= 950", True),
        ("产量 ≦ 949", False),
        ("产量 > 949", True),
        ("产量 ≥ 951", False),
        ("产量＞＝950", True),
        ("真", True),
        ("假", False),
        ("零", False),
        ("产量", True),
        ("NOT 真", False),
        ("非(产量 > 目标)", True),
        ("not not 真", True),
        ("真 AND 假 OR 真", True),
        ("真 or 假 and 假", True),
        ("1且0", False),
        ("1或0", True),
        ("AND(真, 1, 产量 > 0)", True),
        ("或(假, 0)", False),
        ("且(真, 假)", False),
        ("假 且 零/零 > 1", False),
        ("真 或 缺 > 1", True),
    ],
)
def test_conditions(condition: str, truth: bool) -> None:
    assert value_of(f"IF({condition}, 1, 0)") == str(int(truth))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MIN(3, 1, 2)", "1"),
        ("最大(3, 1, 2)", "3"),
        ("封顶(达成率, 80%)", "0.8"),
        ("保底(达成率, 120%)", "1.2"),
        ("sum(1, 2, 3)", "6"),
        ("平均(1, 2, 4)", "2.333333333333"),
        ("ABS(-2.5) + 绝对值(2.5)", "5"),
        ("限制(7, 1, 5)", "5"),
        ("CLAMP(-7, 1, 5)", "1"),
        ("CLAMP(3, 1, 5)", "3"),
        ("ROUND(2.345, 2)", "2.35"),
        ("ROUND(-2.345, 2)", "-2.35"),
        ("四舍五入(2.5)", "3"),
        ("ROUND(0.123456789012, 12)", "0.123456789012"),
        ("ROUNDUP(2.341, 2)", "2.35"),
        ("向上取整(-2.1)", "-3"),
        ("舍去(2.349, 2)", "2.34"),
        ("IF(产量 ≥ 目标, 100, 60)", "60"),
        ("IFS(产量 > 990, 100, 产量 > 940, 80, 产量 > 900, 60, 0)", "80"),
        ("多条件(产量 > 990, 100, 5)", "5"),
        ("缺省(缺, 3) + DEFAULT(产量, 3)", "953"),
        ("线性(75, 60, 100, 0, 100)", "37.5"),
        ("LINEAR(70, 60, 90, 0, 90)", "30"),
        ("LINEAR(60, 60, 100, 0, 100)", "0"),
        ("LINEAR(130, 60, 100, 0, 120)", "120"),
        ("LINEAR(3, 4, 2, 0, 100)", "50"),
        ("LINEAR(5, 4, 2, 0, 100)", "0"),
        ("LINEAR(1, 4, 2, 0, 100)", "100"),
        ("否决(96, 真)", "0"),
        ("否决(96, 假)", "96"),
        ("一票否决(96, 产量 < 目标, 69)", "69"),
        ("VETO(50, 真, 69)", "50"),
    ],
)
def test_functions(text: str, value: str) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("x", "value"), [("95", "100"), ("94.999999999999", "80"), ("90", "80"), ("89.99", "60"), ("79", "0")]
)
@pytest.mark.parametrize("steps", ["95, 100, 90, 80, 80, 60", "80, 60, 90, 80, 95, 100"])
def test_steps_compare_the_unrounded_value_in_either_order(steps: str, x: str, value: str) -> None:
    assert value_of(f"分段({x}, {steps}, 0)") == value


def test_a_step_table_may_have_one_step() -> None:
    assert value_of("STEP(达成率, 80%, 目标, -1)") == "1000"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("缺 + 1", "MISSING"),
        ("MIN(缺, 1)", "MISSING"),
        ("IF(缺 > 1, 1, 2)", "MISSING"),
        ("IF(真, 缺, 2)", "MISSING"),
        ("IF(缺 > 1 且 假, 1, 2)", "MISSING"),
        ("产量 / 零", "TARGET_ZERO"),
        ("零 / 零", "TARGET_ZERO"),
        ("缺 / 零", "MISSING"),
        ("缺 + 1 / 零", "TARGET_ZERO"),
        ("缺省(1 / 零, 5)", "TARGET_ZERO"),
        ("LINEAR(1, 2, 2, 0, 100)", "TARGET_ZERO"),
        ("1亿 × 1亿 × 100", "OVERFLOW"),
        ("99999999亿 × 1000 - 99999999亿 × 1000", "OVERFLOW"),
        ("10^12 × 10^6", "OVERFLOW"),
        ("1 / 零 + 10^12 × 10^6", "OVERFLOW"),
    ],
)
def test_reasons_for_no_value(text: str, outcome: str) -> None:
    assert value_of(text) == outcome


@pytest.mark.parametrize("text", ["IF(目标 = 0, 0, 产量 / 目标)", "IF(零 = 0, 0.95, 产量 / 零)"])
def test_a_branch_not_taken_cannot_spoil_the_result(text: str) -> None:
    assert value_of(text) == "0.95"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (D("0.0000000000005"), D(0)),
        (D("0.0000000000015"), D("0.000000000002")),
        (D("1E-999999"), D(0)),
        (D("0E+999999"), D(0)),
        (D("1E+999999"), Outcome.OVERFLOW),
        (D(10) ** 18, Outcome.OVERFLOW),
        (-(10**18), Outcome.OVERFLOW),
        (10**18 - 1, D(10**18 - 1)),
        (True, D(1)),
        (Outcome.TARGET_ZERO, Outcome.TARGET_ZERO),
    ],
)
def test_inputs_are_fitted_to_the_engine(value: object, expected: object) -> None:
    result = Formula.parse("x").evaluate({"x": value})
    assert (result.value if result.outcome is Outcome.OK else result.outcome) == expected


def test_what_is_no_number_is_refused_by_name() -> None:
    formula = Formula.parse("收入 × 2")
    with pytest.raises(TypeError, match="收入: a formula takes Decimal, int, bool or None, not float"):
        formula.evaluate({"收入": 0.1})
    with pytest.raises(ValueError, match="收入: a formula takes finite numbers only, not NaN"):
        formula.evaluate({"收入": D("NaN")})
    with pytest.raises(KeyError, match="收入"):
        formula.evaluate({"支出": 1})


def test_names_come_once_in_order_as_they_were_given() -> None:
    formula = Formula.parse("b + [Ａ（x）] × b + a", ["a", "b", "A（x）"])
    assert formula.names == ("b", "A（x）", "a")
    assert Formula.parse("「新 客户」 + [Ａ（x）]").names == ("新 客户", "A(x)")


def test_names_may_tell_only_the_spelling() -> None:
    assert Formula.parse("[新(个)] + 其他", ["新（个）"], others=True).names == ("新（个）", "其他")


def test_signs_in_quotes_are_names() -> None:
    names = {"(": 1, ")": 2, ",": 3, "%": 4, "AND": 5}
    formula = Formula.parse("[(] + MIN([)], [,]) + [%] + [AND]", names)
    assert formula.evaluate(names).value == 12
    assert Formula.parse(formula.canonical()).digest == formula.digest


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("达成率×80%＋新客户率×20％", "[达成率] * 0.8 + [新客户率] * 0.2"),
        ("a-(b-c)", "[a] - ([b] - [c])"),
        ("(a-b)-c", "[a] - [b] - [c]"),
        ("(a+b)%", "([a] + [b])%"),
        ("(-a)^2", "(-[a])^2"),
        ("a - -5万", "[a] - -50000"),
        ("(-5)^2", "(-5)^2"),
        ("IF(非(a>1 或 b), 四舍五入(a), 0)", "IF(NOT ([a] > 1 OR [b]), ROUND([a], 0), 0)"),
        ("IF(且(a>1, b>2, c), 1, 0)", "IF([a] > 1 AND [b] > 2 AND [c], 1, 0)"),
        ("IFS(a>1, 1, b<>2, 2, 3)", "IF([a] > 1, 1, IF([b] <> 2, 2, 3))"),
        ("分段(a, 80, 1, 90, 2, 0)", "STEP([a], 90, 2, 80, 1, 0)"),
    ],
)
def test_one_normal_form(text: str, canonical: str) -> None:
    formula = Formula.parse(text)
    assert formula.canonical() == canonical
    assert Formula.parse(canonical).digest == formula.digest


def test_the_digest_is_stable() -> None:
    formula = Formula.parse("达成率×80% + 新客户率×20%")
    assert formula.digest == "e9c206c0be01d1bb8f836985e99759833dd1198caf4f67565f01ed8c97a3acdb"
    assert formula.digest != Formula.parse("达成率×80% + 新客户率×21%").digest
