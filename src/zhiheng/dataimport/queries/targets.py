"""The targets that domains have registered."""

from __future__ import annotations

from typing import Any

from zhiheng.dataimport.calc.target import ImportTarget

_targets: dict[str, ImportTarget] = {}


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
    return _targets[code]


def targets_for_actor(actor: Any) -> list[ImportTarget]:
    """Targets whose permission the actor has, by code."""
    return [target for code, target in sorted(_targets.items()) if actor.can(target.permission)]
