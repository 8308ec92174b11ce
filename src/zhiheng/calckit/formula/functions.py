"""The functions a formula may call, under their English and Chinese names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Function:
    """``conditions`` are the positions (from 0) where a condition may stand; everywhere else a number must.

    ``tail`` tells how the arguments that are more than plain cells are read: "places" for a number of decimal
    places, "pairs" for condition and value pairs ending with a value, "steps" for bound and value pairs
    ending with a value.
    """

    name: str
    aliases: tuple[str, ...]
    least: int
    most: int | None
    conditions: frozenset[int] = frozenset()
    tail: str = ""

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
    Function("ROUND", ("四舍五入",), 1, 2, tail="places"),
    Function("ROUNDUP", ("向上取整", "进位"), 1, 2, tail="places"),
    Function("ROUNDDOWN", ("向下取整", "舍去"), 1, 2, tail="places"),
    Function("IF", ("如果",), 3, 3, frozenset({0})),
    Function("IFS", ("多条件",), 3, None, tail="pairs"),
    Function("AND", ("且", "并且"), 1, None, tail="conditions"),
    Function("OR", ("或", "或者"), 1, None, tail="conditions"),
    Function("DEFAULT", ("缺省", "默认"), 2, 2),
    Function("STEP", ("分段", "区间"), 4, None, tail="steps"),
    Function("LINEAR", ("线性",), 5, 5),
    Function("VETO", ("否决", "一票否决"), 2, 3, frozenset({1})),
)

FUNCTION_OF_WORD: Mapping[str, Function] = MappingProxyType(
    {word: function for function in FUNCTIONS for word in (function.name, *function.aliases)}
)
