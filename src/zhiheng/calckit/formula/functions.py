"""The functions a formula may call, under their English and Chinese names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Function:
    """``conditions`` are the positions (from 0) where a condition may stand; everywhere else a number must.

    ``form`` tells how arguments that are not simply inputs are read: "places", a number and how many decimal
    places; "conditions", conditions to join; "pairs", conditions with their values and a value for the rest;
    "steps", an input, lower bounds with their values and a value for the rest.
    """

    name: str
    aliases: tuple[str, ...]
    least: int
    most: int | None
    conditions: frozenset[int] = frozenset()
    form: str = ""

    @property
    def op(self) -> str:
        """The operation of its node."""
        return self.name.lower()


FUNCTIONS = (
    Function("MIN", ("最小", "最小值", "封顶"), 1, None),
    Function("MAX", ("最大", "最大值", "保底"), 1, None),
    Function("SUM", ("求和", "合计"), 1, None),
    Function("AVERAGE", ("平均", "平均值"), 1, None),
    Function("ABS", ("绝对值",), 1, 1),
    Function("CLAMP", ("限制",), 3, 3),
    Function("ROUND", ("四舍五入",), 1, 2, form="places"),
    Function("ROUNDUP", ("向上取整", "进位"), 1, 2, form="places"),
    Function("ROUNDDOWN", ("向下取整", "舍去"), 1, 2, form="places"),
    Function("IF", ("如果",), 3, 3, frozenset({0})),
    Function("IFS", ("多条件",), 3, None, form="pairs"),
    Function("AND", ("且", "并且"), 2, None, form="conditions"),
    Function("OR", ("或", "或者"), 2, None, form="conditions"),
    Function("DEFAULT", ("缺省", "默认"), 2, 2),
    Function("STEP", ("分段", "区间"), 4, None, form="steps"),
    Function("LINEAR", ("线性",), 5, 5),
    Function("VETO", ("否决", "一票否决"), 2, 3, frozenset({1})),
)

FUNCTION_OF_WORD: Mapping[str, Function] = MappingProxyType(
    {word: function for function in FUNCTIONS for word in (function.name, *function.aliases)}
)
