"""The targets that domains have registered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from zhiheng.dataimport.calc.target import ImportTarget

_targets: dict[str, ImportTarget] = {}
_families: dict[str, TargetFamily] = {}


@dataclass(frozen=True)
class TargetFamily:
    """Targets that a tenant defines itself, one for each of its streams for instance.

    Their codes are ``prefix:name``. ``make`` returns the target called ``name`` in the current tenant, or
    raises KeyError; ``names`` lists them all; ``make_all`` makes them all with as many queries as one.
    """

    prefix: str
    make: Callable[[str], ImportTarget]
    names: Callable[[], Iterable[str]]
    permission: Any
    make_all: Callable[[], Iterable[ImportTarget]]

    def code(self, name: str) -> str:
        """The full code of the target called ``name``."""
        return f"{self.prefix}:{name}"


def register_family(family: TargetFamily) -> TargetFamily:
    """Make a family known; called once at start-up from a domain's ``imports.py``."""
    _families[family.prefix] = family
    return family


def register_target(target: ImportTarget) -> ImportTarget:
    """Make a target known; called once at start-up from a domain's ``imports.py``."""
    if not target.code:
        raise ValueError("an import target needs a code")
    known = _targets.get(target.code)
    if known is not None and type(known) is not type(target):
        raise ValueError(f"import target {target.code!r} is registered twice")
    _targets[target.code] = target
    return target


def target_by_code(code: str) -> ImportTarget:
    """The target called ``code``; KeyError when no domain registered it."""
    prefix, colon, name = code.partition(":")
    return _families[prefix].make(name) if colon else _targets[code]


def target_codes_for_actor(actor: Any) -> list[str]:
    """Codes of the targets whose permission the actor has; makes none of a family's targets."""
    fixed = [code for code, target in _targets.items() if actor.can(target.permission)]
    families = [family for _prefix, family in sorted(_families.items()) if actor.can(family.permission)]
    return [*fixed, *(family.code(name) for family in families for name in family.names())]


def targets_for_actor(actor: Any) -> list[ImportTarget]:
    """Targets whose permission the actor has, in the order in which the domains registered them."""
    fixed = [target for code, target in _targets.items() if actor.can(target.permission)]
    made = [
        target
        for _prefix, family in sorted(_families.items())
        if actor.can(family.permission)
        for target in family.make_all()
    ]
    return [*fixed, *made]
