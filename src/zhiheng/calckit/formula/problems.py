"""What can be wrong with the text of a formula, said in words that point at the character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from unicodedata import east_asian_width

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "empty": ("公式是空的。", "The formula is empty."),
        "too_long": (
            "公式过长：最多 {limit} 个字符。",
            "The formula is too long: {limit} characters at most.",
        ),
        "too_deep": ("括号或函数嵌套过深：最多 {limit} 层。", "Too deeply nested: {limit} levels at most."),
        "too_many_nodes": (
            "公式过于复杂：最多 {limit} 个运算项。",
            "Too complex: {limit} operations and operands at most.",
        ),
        "unexpected_character": (
            "无法识别的字符「{found}」。",
            "The character “{found}” means nothing here.",
        ),
        "unexpected_token": ("此处不应出现「{found}」。", "“{found}” is not expected here."),
        "unexpected_comma": (
            "此处不应出现逗号：逗号只用来分隔函数的参数，数字不要写千分位。",
            "A comma is not expected here: it separates arguments of a function; write numbers without it.",
        ),
        "unexpected_end": ("公式没有写完。", "The formula ends too early."),
        "missing_operator": ("「{found}」之前缺少运算符。", "An operator is missing before “{found}”."),
        "unclosed": ("括号「{found}」没有闭合。", "The bracket “{found}” is never closed."),
        "unclosed_name": ("名称的引号「{found}」没有闭合。", "The name opened by “{found}” is never closed."),
        "empty_name": ("引号中没有名称。", "There is no name between the quotes."),
        "name_sign": ("名称中不能含有「{found}」。", "A name cannot contain “{found}”."),
        "number_then_name": (
            "数字之后不能直接跟文字「{found}」；以数字开头的名称请写成 [{name}]。",
            "A number cannot run into “{found}”; write a name that begins with a digit as [{name}].",
        ),
        "bad_number": ("「{found}」不是完整的数字。", "“{found}” is not a complete number."),
        "number_too_long": (
            "数字过长：整数部分最多 {whole} 位，小数部分最多 {fraction} 位。",
            "The number is too long: at most {whole} digits before and {fraction} after the decimal point.",
        ),
        "bad_exponent": (
            "乘方的指数必须直接写成 0 到 {limit} 的整数。",
            "The exponent must be written as a whole number from 0 to {limit}.",
        ),
        "bad_places": (
            "保留的小数位数必须直接写成 0 到 {limit} 的整数。",
            "The number of decimal places must be written as a whole number from 0 to {limit}.",
        ),
        "chained_comparison": (
            "比较不能连写；请写成「60 <= 得分 且 得分 < 80」。",
            "Comparisons cannot be chained; write “60 <= score AND score < 80”.",
        ),
        "needs_number": (
            "此处需要一个数，而「{found}」是一个条件。",
            "A number is wanted here, but “{found}” is a condition.",
        ),
        "unknown_function": ("没有函数「{found}」。", "There is no function “{found}”."),
        "unknown_function_near": (
            "没有函数「{found}」，是否想写「{near}」？",
            "There is no function “{found}”. Did you mean “{near}”?",
        ),
        "unknown_name": ("没有名为「{found}」的数据。", "Nothing is named “{found}”."),
        "unknown_name_near": (
            "没有名为「{found}」的数据，是否想写「{near}」？",
            "Nothing is named “{found}”. Did you mean “{near}”?",
        ),
        "too_few_arguments": (
            "函数「{found}」至少需要 {least} 个参数，现有 {given} 个。",
            "“{found}” needs at least {least} arguments and has {given}.",
        ),
        "too_many_arguments": (
            "函数「{found}」最多接受 {most} 个参数，现有 {given} 个。",
            "“{found}” takes at most {most} arguments and has {given}.",
        ),
        "uneven_arguments": (
            "函数「{found}」的参数必须成对，最后一个是其余情况的值。",
            "The arguments of “{found}” come in pairs, with the value for all other cases at the end.",
        ),
        "step_not_number": (
            "分段的下限必须直接写成数字。",
            "The lower bound of a step must be written as a number.",
        ),
        "step_order": (
            "分段的下限必须依次递减或依次递增，不得重复。",
            "The lower bounds of the steps must all fall or all rise, without repeats.",
        ),
        "cycle": (
            "公式互相引用，形成循环：{cycle}。",
            "The formulas refer to each other in a circle: {cycle}.",
        ),
    }
)

_SHOWN = 60  # characters on each side of the place of a problem


@dataclass(frozen=True, slots=True)
class FormulaProblem:
    """One finding: ``text[start:end]`` is where it is, ``code`` and ``params`` what it is.

    ``formula`` names the formula where several were read together.
    """

    code: str
    text: str
    start: int
    end: int
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
    formula: str | None = None

    def message(self, lang: str = "zh") -> str:
        """Say what is wrong, in Chinese unless ``lang`` begins with "en"."""
        return MESSAGES[self.code][lang.startswith("en")].format_map(self.params)

    def caret(self) -> str:
        """Return the line concerned and below it a line of carets under the characters concerned.

        Wide characters count two columns, as terminals and monospaced fonts show them; of a long line only
        the surroundings are shown.
        """
        before = self.text[: self.start].rpartition("\n")[2]
        after = self.text[self.start :].partition("\n")[0]
        before = before if len(before) <= _SHOWN else "…" + before[-_SHOWN:]
        after = after if len(after) <= _SHOWN else after[:_SHOWN] + "…"
        marked = after[: self.end - self.start]
        return f"{before}{after}\n{' ' * _columns(before)}{'^' * max(_columns(marked), 1)}"


class FormulaError(ValueError):
    """A formula that cannot be read; ``problem`` says why and where."""

    def __init__(self, problem: FormulaProblem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        name = f"{self.problem.formula}: " if self.problem.formula else ""
        return f"{name}{self.problem.message()}\n{self.problem.caret()}"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
