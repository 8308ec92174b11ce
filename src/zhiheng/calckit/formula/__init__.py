"""Formulas in a company's own words: parsed once, evaluated for one row with a trace or for a million rows.

    >>> formula = Formula.parse("达成率×80% + MIN(新客户率, 120%)×20%")
    >>> formula.names
    ('达成率', '新客户率')
    >>> formula.evaluate({"达成率": Decimal("0.95"), "新客户率": Decimal("0.9")}).value
    Decimal('0.94')

**The language.** Names in any script, quoted as ``[a b]``, ``【a b】`` or ``「a b」`` where they hold other
signs; ``+ - * / × ÷``, postfix ``%``, ``^`` with a whole literal exponent up to 12,
``= <> < <= > >= ≠ ≤ ≥``, ``AND OR NOT`` and ``且 或 非``; numbers with ``万`` or ``亿``; the functions of
`functions.FUNCTIONS`. Full-width and half-width signs are the same. A number that stands where a condition is
wanted is true unless it is zero. What is too long, too deep or too complex is refused (see `parser`).

**The numbers.** Fixed point with 12 fractional digits, the same on both paths and for ever (`ENGINE` names
the version): inputs, and every product and quotient, are rounded half-even to 12 fractional digits; sums and
comparisons are exact; nothing else rounds except ROUND (half up), ROUNDUP (away from zero) and ROUNDDOWN
(towards zero). There are no floats.

**What a row may come to** (`Outcome`): ``OK``, else no value and the reason: ``MISSING``, an input is null;
``TARGET_ZERO``, a divisor (normally a target) is zero, so the row is not assessable; ``OVERFLOW``, a number
reached 10**18. The worst reason among the inputs of a node is the reason of the node. Only what decides
counts: ``IF``, ``STEP``, ``LINEAR`` and ``VETO`` look at their condition and the value it chooses, ``AND``
and ``OR`` stop at the first side that decides, and ``DEFAULT(x, y)`` turns a missing ``x`` into ``y``.
"""

from zhiheng.calckit.formula.fixed import ENGINE, PLACES, Outcome
from zhiheng.calckit.formula.formula import Formula, Result
from zhiheng.calckit.formula.formula_set import FormulaSet, order_formulas
from zhiheng.calckit.formula.problems import FormulaError, FormulaProblem
from zhiheng.calckit.formula.trace import Step, Trace, Working

__all__ = [
    "ENGINE",
    "PLACES",
    "Formula",
    "FormulaError",
    "FormulaProblem",
    "FormulaSet",
    "Outcome",
    "Result",
    "Step",
    "Trace",
    "Working",
    "order_formulas",
]
