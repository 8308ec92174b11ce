"""How a raw row becomes the values of a record: rules by field, conditions, and what can be wrong."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from zhiheng.calckit.formula import Formula, FormulaError, Outcome

KINDS = ("field", "constant", "formula", "person", "none")
"""Where a value comes from: a field of the row, always the same, a formula, whom a field names, nowhere."""
OPERATORS = ("=", "<>", "in", "filled", "empty")
LONGEST_TEXT = 1000
LONGEST_KEY = 200
LONGEST_LOOKUP = 400
DEEPEST = 4
_SEPARATOR = ","
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ODATA_DAY = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_NAME_NOISE = re.compile(r"[\s_\-.]+")
_YES = frozenset({"true", "yes", "y", "1", "是", "真"})
_NO = frozenset({"false", "no", "n", "0", "否", "假"})
_MILLISECONDS_FROM = 100_000_000_000
"""Numbers of an instant from here on count milliseconds, below it seconds."""
_INSTANTS_FROM = 100_000_000


@dataclass(frozen=True)
class Target:
    """A field to fill; ``kind`` as a stream declares it, ``aliases`` names that systems give it.

    With ``is_person`` it takes an employee number, found by whatever text there is.
    """

    name: str
    label: str = ""
    kind: str = "text"
    places: int = 4
    is_needed: bool = False
    is_person: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """Where the value of a field comes from; ``source`` is a path, a constant or a formula."""

    kind: str
    source: str = ""

    @cached_property
    def formula(self) -> Formula:
        """Return the formula; FormulaError for a text that is none."""
        return Formula.parse(self.source)


@dataclass(frozen=True)
class Condition:
    """What must hold of a row for it to become a record; for ``in``, ``value`` lists several between commas."""

    path: str
    operator: str
    value: str = ""

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Return the values that hold."""
        parts = self.value.replace("，", _SEPARATOR).split(_SEPARATOR)
        return (
            frozenset(each.strip() for each in parts)
            if self.operator == "in"
            else frozenset({self.value.strip()})
        )

    def holds(self, payload: Mapping[str, Any]) -> bool:
        """Tell whether a row fulfils it."""
        found = as_text(value_at(payload, self.path))
        if self.operator in ("filled", "empty"):
            return (found != "") == (self.operator == "filled")
        return (found in self.wanted) != (self.operator == "<>")


@dataclass(frozen=True)
class Rules:
    """All rules of a mapping."""

    fields: Mapping[str, Rule] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Rules:
        """Return what `data` writes."""
        fields = {
            name: Rule(each["kind"], each.get("source", "")) for name, each in data.get("fields", {}).items()
        }
        conditions = tuple(
            Condition(each["path"], each["operator"], each.get("value", ""))
            for each in data.get("conditions", ())
        )
        return cls(fields, conditions)

    @property
    def data(self) -> dict[str, Any]:
        """Return the rules as JSON holds them."""
        return {
            "fields": {
                name: {"kind": each.kind, "source": each.source} for name, each in self.fields.items()
            },
            "conditions": [
                {"path": each.path, "operator": each.operator, "value": each.value}
                for each in self.conditions
            ],
        }


@dataclass(frozen=True)
class Trouble(Exception):
    """Why a row becomes no record: a `connectors.choices.Problem`, the field and the value it lies in."""

    problem: str
    field: str = ""
    value: str = ""


class Excluded(Exception):
    """A row that the conditions leave out."""


def map_row(
    rules: Rules,
    targets: Sequence[Target],
    payload: Mapping[str, Any],
    zone: ZoneInfo,
    number_of: Callable[[str], str | None],
) -> dict[str, Any]:
    """Return the values of a record by field; raise `Excluded` or `Trouble`.

    ``number_of`` gives the employee number of whom a text names, or None. Instants become days in ``zone``.
    """
    if not all(each.holds(payload) for each in rules.conditions):
        raise Excluded
    return {
        each.name: _value(each, rules.fields.get(each.name), payload, zone, number_of) for each in targets
    }


def _value(
    target: Target, rule: Rule | None, payload: Mapping[str, Any], zone: ZoneInfo, number_of: Callable
) -> Any:
    found = None if rule is None else _raw(target, rule, payload)
    is_person = target.is_person or (rule is not None and rule.kind == "person")
    if is_person and found is not None:
        text = as_text(found)[:LONGEST_LOOKUP]
        number = number_of(text)
        if number is None:
            raise Trouble("unmatched", target.name, text)
        return number
    value = convert(found, target, zone)
    if value is None and target.is_needed:
        problem = "unmatched" if is_person else "no_date" if target.kind == "date" else "no_key"
        raise Trouble(problem, target.name)
    return value


def _raw(target: Target, rule: Rule, payload: Mapping[str, Any]) -> Any:
    if rule.kind == "constant":
        return rule.source
    if rule.kind == "formula":
        return _computed(target, rule, payload)
    found = value_at(payload, rule.source) if rule.kind != "none" else None
    return None if isinstance(found, str) and not found.strip() else found


def _computed(target: Target, rule: Rule, payload: Mapping[str, Any]) -> Decimal | None:
    values = {name: _number_at(target, payload, name) for name in rule.formula.names}
    try:
        result = rule.formula.evaluate(values)
    except (ValueError, TypeError) as error:
        raise Trouble("bad_formula", target.name, str(error)) from None
    if result.outcome == Outcome.MISSING:
        return None
    if result.value is None:
        raise Trouble("bad_formula", target.name, result.outcome.name)
    return result.value


def _number_at(target: Target, payload: Mapping[str, Any], path: str) -> Decimal | None:
    found = value_at(payload, path)
    if found is None or found == "" or isinstance(found, bool):
        return None if not isinstance(found, bool) else Decimal(found)
    number = as_number(found)
    if number is None:
        raise Trouble("bad_formula", target.name, f"{path} = {as_text(found)}"[:LONGEST_KEY])
    return number


# --- Values -----------------------------------------------------------------------------------------------------


def convert(found: Any, target: Target, zone: ZoneInfo) -> Any:
    """Return a value of a row as the kind of a field wants it, None for nothing; `Trouble` for one that cannot be."""
    if found is None or (isinstance(found, str) and not found.strip()):
        return None
    converted = _CONVERTERS[target.kind](found, target, zone)
    if converted is None:
        raise Trouble("bad_value", target.name, as_text(found)[:LONGEST_KEY])
    return converted


def _as_plain(found: Any, _target: Target, _zone: ZoneInfo) -> str | None:
    text = as_text(found)
    return None if isinstance(found, dict | list) or len(text) > LONGEST_TEXT else text


def _as_decimal(found: Any, target: Target, _zone: ZoneInfo) -> Decimal | None:
    number = as_number(found)
    if number is None or number.adjusted() > 17:
        return None
    return round(number, target.places)


def _as_integer(found: Any, _target: Target, _zone: ZoneInfo) -> int | None:
    number = as_number(found)
    return (
        int(number)
        if number is not None and number == number.to_integral_value() and abs(number) < 2**63
        else None
    )


def _as_boolean(found: Any, _target: Target, _zone: ZoneInfo) -> bool | None:
    text = as_text(found).casefold()
    return True if text in _YES else False if text in _NO else None


def as_number(found: Any) -> Decimal | None:
    """Return a number, written with or without thousands separators; None for what is none."""
    if isinstance(found, bool):
        return None
    text = str(found).strip().replace(",", "").replace("，", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None


def as_text(found: Any) -> str:
    """Return a value as text: nothing as "", truth as JSON writes it, trees as JSON."""
    if found is None:
        return ""
    if isinstance(found, bool | dict | list):
        return json.dumps(found, ensure_ascii=False, default=str)
    return f"{found:f}" if isinstance(found, Decimal) else str(found).strip()


def as_date(found: Any, zone: ZoneInfo) -> dt.date | None:
    """Return the day that a value means, in ``zone`` where it is an instant; None for what is none.

    Read are ISO 8601, ``2026/1/5``, ``2026年1月5日``, ``20260105``, ``/Date(…)/`` of OData, seconds and milliseconds
    since 1970.
    """
    text = as_text(found)
    if match := _ODATA_DAY.fullmatch(text):
        return _of_instant(int(match[1]), zone)
    if match := _COMPACT_DAY.fullmatch(text):
        return _day(*match.groups())
    if text.isdecimal():
        number = int(text)
        return (
            _of_instant(number if number >= _MILLISECONDS_FROM else number * 1000, zone)
            if number >= _INSTANTS_FROM
            else None
        )
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(zone).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        pass
    match = _DAY.match(text)
    return _day(*match.groups()) if match else None


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _of_instant(milliseconds: int, zone: ZoneInfo) -> dt.date | None:
    try:
        return dt.datetime.fromtimestamp(milliseconds / 1000, zone).date()
    except (ValueError, OverflowError, OSError):
        return None


_CONVERTERS: Mapping[str, Callable[[Any, Target, ZoneInfo], Any]] = {
    "text": _as_plain,
    "decimal": _as_decimal,
    "integer": _as_integer,
    "boolean": _as_boolean,
    "date": lambda found, _target, zone: as_date(found, zone),
}


# --- Rows -------------------------------------------------------------------------------------------------------


def read_payload(text: str) -> dict[str, Any]:
    """Return a row from its JSON text, its numbers unrounded."""
    return json.loads(text, parse_float=Decimal)


def value_at(payload: Any, path: str) -> Any:
    """Return what stands at a path such as ``assignee.name`` or ``lines.0.qty``; None where nothing does.

    Names may hold dots themselves: the longest name that is there is followed.
    """
    if isinstance(payload, list):
        head, _dot, rest = path.partition(".")
        found = payload[int(head)] if head.isdecimal() and int(head) < len(payload) else None
        return value_at(found, rest) if rest else found
    if not isinstance(payload, dict):
        return None
    if path in payload:
        return payload[path]
    cut = path.rfind(".")
    while cut > 0:
        if path[:cut] in payload:
            return value_at(payload[path[:cut]], path[cut + 1 :])
        cut = path.rfind(".", 0, cut)
    return None


def paths_of(payloads: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the paths to plain values in some rows, each with a value that stands there; in their order."""
    found: dict[str, str] = {}
    for payload in payloads:
        for path, value in _walk(payload, "", DEEPEST):
            if not found.get(path):
                found[path] = as_text(value)[:LONGEST_KEY]
    return found


def _walk(value: Any, path: str, deeper: int) -> Iterable[tuple[str, Any]]:
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value[:1])
    else:
        yield path, value
    if deeper:
        for name, inner in items:
            yield from _walk(inner, f"{path}.{name}" if path else str(name), deeper - 1)


def guess(targets: Sequence[Target], paths: Iterable[str]) -> Rules:
    """Return rules for the fields whose name, label or alias is a path, in the order in which aliases are preferred."""
    by_name = {_plain(path): path for path in reversed(list(paths))}
    rules = {}
    for target in targets:
        names = (target.name, target.label, *target.aliases)
        path = next((by_name[_plain(each)] for each in names if each and _plain(each) in by_name), None)
        if path:
            rules[target.name] = Rule("person" if target.is_person else "field", path)
    return Rules(rules)


def _plain(name: str) -> str:
    return _NAME_NOISE.sub("", name).casefold()


def problems_of(rules: Rules, targets: Sequence[Target]) -> dict[str, FormulaError | str]:
    """Return what is wrong, by field: ``empty``, ``kind``, ``missing``, ``not_a_number`` or a formula's error."""
    wrong: dict[str, FormulaError | str] = {}
    for target in targets:
        rule = rules.fields.get(target.name, Rule("none"))
        if rule.kind not in KINDS:
            wrong[target.name] = "kind"
        elif rule.kind != "none" and not rule.source.strip():
            wrong[target.name] = "empty"
        elif rule.kind == "none" and target.is_needed:
            wrong[target.name] = "missing"
        elif rule.kind == "formula":
            try:
                rule.formula  # noqa: B018 - reads the text
            except FormulaError as error:
                wrong[target.name] = error
            else:
                if target.kind not in ("decimal", "integer"):
                    wrong[target.name] = "not_a_number"
    return wrong
