"""Who may download a file through its general address: the uploader, and whom its domain lets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from zhiheng.access.actor import Actor

if TYPE_CHECKING:
    from zhiheng.files.models import StoredFile


Rule = Callable[[Actor, UUID], bool]
_rules: dict[str, Rule] = {}


def allow_download(kind: str, rule: Rule) -> None:
    """Let ``rule(actor, file_id)`` decide who else may download the files of ``kind``."""
    _rules[kind] = rule


def may_download(actor: Actor, stored: StoredFile) -> bool:
    """Tell whether the actor uploaded the file or its domain lets them have it."""
    is_own = actor.membership_id is not None and stored.uploaded_by_membership_id == actor.membership_id
    rule = _rules.get(stored.kind)
    return is_own or (rule is not None and rule(actor, stored.id))
