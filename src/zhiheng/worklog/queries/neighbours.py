"""Functions of lower domains that may not be installed yet."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def neighbour(domain: str, name: str) -> Callable[..., Any] | None:
    """Return a public function of a domain, or ``None`` where the domain does not offer it."""
    try:
        public = importlib.import_module(f"zhiheng.{domain}.public")
    except ModuleNotFoundError:
        return None
    return getattr(public, name, None)
