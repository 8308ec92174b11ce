"""What access refuses, as exceptions that pages and API turn into answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from zhiheng.access.permissions import Permission


class NotSignedIn(Exception):
    """Nobody is signed in: a page redirects to sign-in, the API answers 401."""


class Forbidden(PermissionDenied):
    """The actor lacks a permission: the answer is 403 and names it."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission.code)
        self.permission = permission
