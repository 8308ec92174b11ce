"""What each domain adds to the world of the contract tests, a module a domain.

A module may have: ``add(company, actor)``, which makes at least one of each thing in every department and notes the
ids in ``company.ids``; ``crowd(company, actor, count)``, which adds ``count`` more of what lists show; and the
dictionaries and sets of the same names as in ``calls.py`` (``KINDS``, ``KINDS_BELOW``, ``WORDS``, ``FIELD_KINDS``,
``OTHER_STATES``, ``BODY_WORDS``) and ``test_tenancy.py`` (``OF_PEOPLE``, ``OF_SUBSIDIARIES``, ``QUERIES``).
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def modules() -> list[ModuleType]:
    """Return the modules, by name."""
    return [importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]


def merged(name: str) -> dict[Any, Any]:
    """Return the dictionaries of that name of all modules as one."""
    return {key: value for module in modules() for key, value in getattr(module, name, {}).items()}


def united(name: str) -> set[str]:
    """Return the sets of that name of all modules as one."""
    return {each for module in modules() for each in getattr(module, name, ())}
