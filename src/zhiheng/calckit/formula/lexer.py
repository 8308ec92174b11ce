"""From the text of a formula to its tokens. Positions are those of the text as written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zhiheng.calckit.formula.fixed import LIMIT, PLACES
from zhiheng.calckit.formula.problems import FormulaError, FormulaProblem

MOST_WHOLE_DIGITS = 18

# One character for one, so that positions stay: full-width ASCII, typographic operators, other brackets.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans(
    "×✕✖∗÷∕−–—≦⩽≧⩾【】", "****//---≤≤≥≥[]"
)
_SAME_SIGN = {"≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>", "==": "="}
_WORDS = {
    **dict.fromkeys(("AND", "且", "并且"), "AND"),
    **dict.fromkeys(("OR", "或", "或者"), "OR"),
    **dict.fromkeys(("NOT", "非"), "NOT"),
}
_UNITS = {"万": 10**4, "亿": 10**8}
_CLOSING = {"[": "]", "「": "」"}

_SIGN = re.compile(r"<=|>=|<>|!=|==|[-+*/%^(),=<>≤≥≠]")
_RUN = re.compile(r"\w[\w·]*")
_NUMBER = re.compile(r"(?P<whole>[0-9]*)(?P<point>\.?)(?P<fraction>[0-9]*)(?P<unit>[万亿]?)")
_JOINING_WORD = re.compile("并且|或者|且|或")


class Token(NamedTuple):
    """``kind`` is "number", "name", "sign" or "end"; ``value`` the name or the sign, ``units`` the number."""

    kind: str
    value: str
    start: int
    end: int
    units: int = 0


def plain(text: str) -> str:
    """Return the text with full-width signs, letters and digits made half-width, at the same positions."""
    return text.translate(_PLAIN)


def tokens(text: str, known: Mapping[str, str]) -> Iterator[Token]:
    """Yield the tokens of a formula and an "end".

    ``known`` maps the plain form of names that may occur to their own spelling; others are left plain.
    Unquoted names end before 且 and 或, since Chinese is written without spaces, unless the whole is known.
    """
    lexer = _Lexer(text, known)
    while token := lexer.next_token():
        yield token
    yield Token("end", "", len(text), len(text))


class _Lexer:
    def __init__(self, text: str, known: Mapping[str, str]) -> None:
        self.text = text
        self.plain = plain(text)
        self.known = known
        self.at = 0

    def next_token(self) -> Token | None:
        while self.at < len(self.plain) and self.plain[self.at].isspace():
            self.at += 1
        if self.at == len(self.plain):
            return None
        char = self.plain[self.at]
        if char in _CLOSING:
            return self._quoted_name(_CLOSING[char])
        if match := _SIGN.match(self.plain, self.at):
            return self._token("sign", _SAME_SIGN.get(match[0], match[0]), match.end())
        run = _RUN.match(self.plain, self.at)
        if run and (name := self._known_name(run[0])):
            return self._token("name", self.known[name], self.at + len(name))
        if char in "0123456789.":
            return self._number()
        if run:
            return self._word(run[0])
        shown = char if char.isprintable() else f"U+{ord(char):04X}"
        raise self._error("unexpected_character", self.at, self.at + 1, found=shown)

    def _known_name(self, run: str) -> str | None:
        """Return the run of letters, or what comes before its first 且 or 或, if that is a known name."""
        candidates = (run, _JOINING_WORD.split(run, maxsplit=1)[0])
        return next((name for name in candidates if name in self.known), None)

    def _quoted_name(self, closing: str) -> Token:
        end = self.plain.find(closing, self.at)
        if end < 0:
            raise self._error("unclosed_name", self.at, self.at + 1, found=self.text[self.at])
        inner = self.plain[self.at + 1 : end]
        if sign := re.search(r"[\[\]「」]", inner):
            at = self.at + 1 + sign.start()
            raise self._error("name_sign", at, at + 1, found=self.text[at])
        name = inner.strip()
        if not name:
            raise self._error("empty_name", self.at, end + 1)
        return self._token("name", self.known.get(name, name), end + 1)

    def _number(self) -> Token:
        match = _NUMBER.match(self.plain, self.at)
        assert match is not None  # it matches anywhere, even nothing
        whole, fraction = match["whole"].lstrip("0"), match["fraction"].rstrip("0")
        end = match.end()
        if match["point"] and not match["fraction"]:
            raise self._error("bad_number", self.at, end, found=self.text[self.at : end])
        self._refuse_name_after(end)
        number = LIMIT
        if len(whole) <= MOST_WHOLE_DIGITS and len(fraction) <= PLACES:
            number = int(whole + fraction.ljust(PLACES, "0")) * _UNITS.get(match["unit"], 1)
        if number >= LIMIT:
            raise self._error(
                "number_too_long", self.at, end, whole=str(MOST_WHOLE_DIGITS), fraction=str(PLACES)
            )
        return self._token("number", "", end, number)

    def _refuse_name_after(self, end: int) -> None:
        run = _RUN.match(self.plain, end)
        if run and not _JOINING_WORD.match(run[0]):
            raise self._error(
                "number_then_name",
                end,
                run.end(),
                found=self.text[end : run.end()],
                name=self.text[self.at : run.end()],
            )

    def _word(self, run: str) -> Token:
        """Read a run of letters: a word operator, a name, or as much as belongs to the first of them."""
        if sign := _WORDS.get(run.upper()):
            return self._token("sign", sign, self.at + len(run))
        joint = _JOINING_WORD.search(run)
        if joint and joint.start() == 0:
            return self._token("sign", _WORDS[joint[0]], self.at + len(joint[0]))
        name = run[: joint.start()] if joint else run
        if name[0] == "非" and name[1:] in self.known:
            return self._token("sign", "NOT", self.at + 1)
        return self._token("name", name, self.at + len(name))

    def _token(self, kind: str, value: str, end: int, units: int = 0) -> Token:
        token = Token(kind, value, self.at, end, units)
        self.at = end
        return token

    def _error(self, code: str, start: int, end: int, **params: str) -> FormulaError:
        return FormulaError(FormulaProblem(code, self.text, start, end, params))
