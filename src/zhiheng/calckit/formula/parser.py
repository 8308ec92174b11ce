"""From tokens to a program, by precedence climbing; every recursion is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from zhiheng.calckit.formula.fixed import ONE, PLACES
from zhiheng.calckit.formula.functions import FUNCTION_OF_WORD, Function
from zhiheng.calckit.formula.lexer import Token, plain, tokens
from zhiheng.calckit.formula.problems import FormulaError, FormulaProblem
from zhiheng.calckit.formula.program import BINDING, SIGNS, Node, Program

MOST_CHARACTERS = 4000
MOST_NODES = 500
MOST_LEVELS = 40
MOST_EXPONENT = 12

_INFIX = {sign: op for op, sign in SIGNS.items() if op not in ("not", "negate", "percent", "power")}
_COMPARISONS = frozenset(sign for sign, op in _INFIX.items() if BINDING[op] == BINDING["equal"])
_CONDITIONS = frozenset({"and", "or", "not", *(_INFIX[sign] for sign in _COMPARISONS)})


class Vocabulary(NamedTuple):
    """The names a formula may use: plain form to own spelling. Unless ``closed``, others may occur too."""

    spelling: Mapping[str, str]
    closed: bool

    @classmethod
    def of(cls, names: Iterable[str] | None, *, others: bool = False) -> Vocabulary:
        """Take ``names`` only, or with ``others`` or without ``names`` any."""
        return cls({plain(name).strip(): name for name in names or ()}, names is not None and not others)


def parse(text: str, vocabulary: Vocabulary) -> Program:
    """Read a formula. Raises FormulaError."""
    if len(text) > MOST_CHARACTERS:
        limit = {"limit": str(MOST_CHARACTERS)}
        raise FormulaError(FormulaProblem("too_long", text, MOST_CHARACTERS, len(text), limit))
    if not text.strip():
        raise FormulaError(FormulaProblem("empty", text, 0, len(text)))
    return _Parser(text, vocabulary).program()


class _Parser:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.known, self.closed = vocabulary
        self.tokens = tokens(text, self.known)
        self.token = next(self.tokens)
        self.last_end = 0
        self.level = 0
        self.nodes: list[Node] = []

    def program(self) -> Program:
        self._number(self._expression(0))
        if self.token.kind != "end":
            raise self._unexpected()
        return tuple(self.nodes)

    # Expressions. Each method reads one construct and returns the position of its node.

    def _expression(self, floor: int) -> int:
        """Read as much as binds more tightly than ``floor``."""
        self.level += 1
        if self.level > MOST_LEVELS:
            raise self._error("too_deep", self.token, limit=str(MOST_LEVELS))
        start = self.token.start
        left = self._operand()
        while self.token.kind == "sign":
            sign = self.token.value
            if sign == "%":
                left = self._percent(left, start)
            elif sign == "^" and BINDING["power"] > floor:
                left = self._power(left, start)
            elif sign in _INFIX and BINDING[_INFIX[sign]] > floor:
                left = self._infix(_INFIX[sign], left, start)
            else:
                break
        self.level -= 1
        return left

    def _operand(self) -> int:
        token = self._advance()
        if token.kind == "number":
            return self._emit("number", (), token.start, token.units)
        if token.kind == "name":
            return self._call(token) if self._at("(") else self._name(token)
        match token.value:
            case "(":
                inner = self._expression(0)
                self._close(token)
                return inner
            case "+":
                return self._number(self._expression(BINDING["negate"]))
            case "-":
                return self._negate(token.start)
            case "NOT":
                return self._emit("not", (self._expression(BINDING["not"]),), token.start)
            case "AND" | "OR" if self._at("("):
                return self._call(token)
        raise self._unexpected(token)

    def _name(self, token: Token) -> int:
        if self.closed and plain(token.value).strip() not in self.known:
            raise self._unknown("unknown_name", token, self.known.values())
        return self._emit("name", (), token.start, name=token.value)

    def _negate(self, start: int) -> int:
        operand = self._number(self._expression(BINDING["negate"]))
        if self.nodes[operand].op == "number":
            return self._replace_constant(start, -self.nodes[operand].number)
        return self._emit("negate", (operand,), start)

    def _percent(self, operand: int, start: int) -> int:
        self._advance()
        self._number(operand)
        node = self.nodes[operand]
        if node.op == "number" and node.number % 100 == 0:
            return self._replace_constant(start, node.number // 100)
        return self._emit("percent", (operand,), start)

    def _power(self, base: int, start: int) -> int:
        self._advance()
        self._number(base)
        exponent = self._advance()
        whole = exponent.kind == "number" and exponent.units % ONE == 0
        if not whole or exponent.units > MOST_EXPONENT * ONE or self._at("%"):
            raise self._error("bad_exponent", exponent, limit=str(MOST_EXPONENT))
        return self._emit("power", (base,), start, exponent.units // ONE)

    def _infix(self, op: str, left: int, start: int) -> int:
        comparison = self._advance().value in _COMPARISONS
        right = self._expression(BINDING[op])
        if op not in ("and", "or"):
            self._number(left)
            self._number(right)
        if comparison and self._at(*_COMPARISONS):
            raise self._error("chained_comparison", self.token)
        return self._emit(op, (left, right), start)

    # Calls.

    def _call(self, word: Token) -> int:
        written = self.text[word.start : word.end]
        function = FUNCTION_OF_WORD.get(plain(written).upper())
        if function is None:
            raise self._unknown("unknown_function", word, FUNCTION_OF_WORD)
        opening = self._advance()
        args = self._arguments(opening)
        self._check_count(function, word, len(args))
        match function.form:
            case "places":
                return self._rounding(function, args, word)
            case "conditions":
                return self._fold(function.op, args, word.start)
            case "pairs":
                return self._cases(args, word.start)
            case "steps":
                args = self._steps(args)
        for position, arg in enumerate(args):
            if position not in function.conditions:
                self._number(arg)
        return self._emit(function.op, tuple(args), word.start)

    def _arguments(self, opening: Token) -> list[int]:
        args: list[int] = []
        if not self._at(")"):
            args.append(self._expression(0))
            while self._at(","):
                self._advance()
                args.append(self._expression(0))
        self._close(opening)
        return args

    def _check_count(self, function: Function, word: Token, given: int) -> None:
        found = {"found": self.text[word.start : word.end], "given": str(given)}
        if given < function.least:
            raise self._error("too_few_arguments", word, self.last_end, least=str(function.least), **found)
        if function.most is not None and given > function.most:
            raise self._error("too_many_arguments", word, self.last_end, most=str(function.most), **found)
        uneven = {"pairs": given % 2 == 0, "steps": given % 2 == 1}
        if uneven.get(function.form):
            raise self._error("uneven_arguments", word, self.last_end, **found)

    def _rounding(self, function: Function, args: list[int], word: Token) -> int:
        """Emit a rounding operation; the number of places is part of it and no node of its own."""
        places = 0
        if len(args) == 2:
            node = self.nodes[args[1]]
            places, rest = divmod(node.number, ONE) if node.op == "number" else (0, 1)
            if rest or not 0 <= places <= PLACES:
                raise self._error("bad_places", node, limit=str(PLACES))
            self.nodes.pop()
        return self._emit(function.op, (self._number(args[0]),), word.start, places)

    def _fold(self, op: str, args: list[int], start: int) -> int:
        left = args[0]
        for right in args[1:]:
            left = self._emit(op, (left, right), start)
        return left

    def _cases(self, args: list[int], start: int) -> int:
        """Turn conditions, values and the value for the rest into IF within IF."""
        result = self._number(args[-1])
        for condition, value in zip(args[-3::-2], args[-2::-2], strict=True):
            result = self._emit("if", (condition, self._number(value), result), start)
        return result

    def _steps(self, args: list[int]) -> list[int]:
        """Check the lower bounds of a step table and bring it into falling order."""
        x, *table = args
        *pairs, otherwise = table
        rows = list(zip(pairs[::2], pairs[1::2], strict=True))
        for bound, _ in rows:
            if self.nodes[bound].op != "number":
                raise self._error("step_not_number", self.nodes[bound])
        bounds = [self.nodes[bound].number for bound, _ in rows]
        rising = len(bounds) > 1 and bounds[0] < bounds[1]
        for (bound, _), one, other in zip(rows[1:], bounds, bounds[1:], strict=False):
            if one == other or (one < other) is not rising:
                raise self._error("step_order", self.nodes[bound])
        falling = reversed(rows) if rising else rows
        return [x, *(cell for row in falling for cell in row), otherwise]

    # Nodes and tokens.

    def _emit(self, op: str, args: tuple[int, ...], start: int, number: int = 0, name: str = "") -> int:
        if len(self.nodes) == MOST_NODES:
            where = FormulaProblem(
                "too_many_nodes", self.text, start, self.last_end, {"limit": str(MOST_NODES)}
            )
            raise FormulaError(where)
        self.nodes.append(Node(op, args, start, self.last_end, number, name))
        return len(self.nodes) - 1

    def _replace_constant(self, start: int, units: int) -> int:
        """Give the number read last, which is the last node, another value and a longer text."""
        self.nodes.pop()
        return self._emit("number", (), start, units)

    def _number(self, position: int) -> int:
        """Refuse a condition where a number is wanted."""
        node = self.nodes[position]
        if node.op in _CONDITIONS:
            raise self._error("needs_number", node, found=self.text[node.start : node.end])
        return position

    def _at(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.value in signs

    def _advance(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.token = next(self.tokens)
            self.last_end = token.end
        return token

    def _close(self, opening: Token) -> None:
        if self.token.kind == "end":
            raise self._error("unclosed", opening, found=self.text[opening.start])
        if not self._at(")"):
            raise self._unexpected()
        self._advance()

    # Errors.

    def _unexpected(self, token: Token | None = None) -> FormulaError:
        """Say that a token does not belong here; without one, the token after a complete expression."""
        operand_done = token is None
        token = token or self.token
        found = self.text[token.start : token.end]
        if token.kind == "end":
            return self._error("unexpected_end", token)
        if token.kind == "sign" and token.value == ",":
            return self._error("unexpected_comma", token)
        if operand_done and (token.kind != "sign" or token.value in ("(", "NOT")):
            return self._error("missing_operator", token, found=found)
        return self._error("unexpected_token", token, found=found)

    def _unknown(self, code: str, token: Token, candidates: Iterable[str]) -> FormulaError:
        found = self.text[token.start : token.end] if code == "unknown_function" else token.value
        spelled = {plain(name).upper(): name for name in candidates}
        near = get_close_matches(plain(found).upper(), sorted(spelled), n=1, cutoff=0.5)
        if near:
            return self._error(f"{code}_near", token, found=found, near=spelled[near[0]])
        return self._error(code, token, found=found)

    def _error(self, code: str, at: Token | Node, end: int | None = None, **params: str) -> FormulaError:
        return FormulaError(FormulaProblem(code, self.text, at.start, at.end if end is None else end, params))
