"""The tenant that the current work belongs to: the only place that sets it.

Inside ``tenant_context`` every transaction of the default connection carries the tenant, and the legal
entities that may be touched, as transaction-local settings that the row-level-security policies read.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction


class NoTenant(RuntimeError):
    """Tenant data was asked for outside ``tenant_context``."""


@dataclass(frozen=True)
class Scope:
    """A tenant and, within it, the legal entities that may be touched (``None``: all of them)."""

    tenant_id: UUID
    legal_entity_ids: frozenset[UUID] | None = None


_scope: ContextVar[Scope | None] = ContextVar("zhiheng_tenant_scope", default=None)
_user_id: ContextVar[UUID | None] = ContextVar("zhiheng_user_id", default=None)
_before_leaving: list[Callable[[], None]] = []


def current_scope() -> Scope:
    """Return the tenant scope in force; raise `NoTenant` outside one."""
    scope = _scope.get()
    if scope is None:
        raise NoTenant("tenant data needs tenant_context(tenant_id)")
    return scope


def current_tenant_id() -> UUID:
    """Return the tenant in force; raise `NoTenant` outside ``tenant_context``."""
    return current_scope().tenant_id


def has_tenant() -> bool:
    """Tell whether a tenant is in force."""
    return _scope.get() is not None


def has_scope() -> bool:
    """Tell whether a transaction that begins now belongs to a tenant or to a signed-in user."""
    return _scope.get() is not None or _user_id.get() is not None


def scope_sql() -> str:
    """Return the statements that bring the scope in force into the current transaction.

    Plain ``SET LOCAL`` with checked literals: Citus forwards these, and not ``set_config()``.
    """
    scope, user_id = _scope.get(), _user_id.get()
    tenant = str(UUID(str(scope.tenant_id))) if scope else ""
    entities = ""
    if scope:
        ids = scope.legal_entity_ids
        entities = "*" if ids is None else ",".join(sorted(str(UUID(str(each))) for each in ids))
    user = str(UUID(str(user_id))) if user_id else ""
    return (
        f"SET LOCAL app.tenant_id = '{tenant}'; "
        f"SET LOCAL app.legal_entity_ids = '{entities}'; "
        f"SET LOCAL app.user_id = '{user}'"
    )


def push_scope() -> None:
    """Bring the scope in force into the open transaction of the default connection, if there is one."""
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(scope_sql())


@contextlib.contextmanager
def tenant_context(tenant_id: UUID, legal_entity_ids: frozenset[UUID] | None = None) -> Iterator[None]:
    """Run a block, in a transaction of its own, as work of one tenant.

    ``legal_entity_ids`` narrows it to some subsidiaries; ``None`` means all of the tenant's. Contexts nest;
    leaving one restores the one around it, also after a rollback.
    """
    around = _scope.get()
    is_outermost = around is None or around.tenant_id != tenant_id
    with _with(_scope, Scope(tenant_id, legal_entity_ids)):
        yield
        if is_outermost and not connection.needs_rollback:
            for write_rest in _before_leaving:
                write_rest()


def before_leaving(write_rest: Callable[[], None]) -> None:
    """Call ``write_rest`` in the transaction of every piece of tenant work, as the last thing it does.

    For what is cheaper, or holds locks for less time, when written once at the end. Not called when the work
    failed, nor between contexts of one tenant that nest.
    """
    _before_leaving.append(write_rest)


@contextlib.contextmanager
def user_context(user_id: UUID) -> Iterator[None]:
    """Run a block as a signed-in user who has not chosen a tenant yet: only their own memberships show."""
    with _with(_user_id, user_id):
        yield


@contextlib.contextmanager
def _with(variable: ContextVar, value: object) -> Iterator[None]:
    token = variable.set(value)
    try:
        # BEGIN itself brings the scope in (see the database engine); inside an open transaction we do.
        is_nested = connection.in_atomic_block
        with transaction.atomic():
            if is_nested:
                push_scope()
            yield
    finally:
        variable.reset(token)
        push_scope()
