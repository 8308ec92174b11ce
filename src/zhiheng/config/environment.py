"""The typed environment: every setting an operator can change, read once.

Without any variable the product runs on an embedded PostgreSQL with secrets that it generates on first use
and keeps, readable by the owner only, in ``<home>/secrets.json``.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

APP_ROLE = "zhiheng_app"
OWNER_ROLE = "zhiheng_owner"
_SECRET_NAMES = ("secret_key", "field_key", "audit_key", "app_password", "owner_password", "admin_password")


class BadEnvironment(ValueError):
    """A variable has a value that cannot be used; the message names it and says what is expected."""


@dataclass(frozen=True)
class Database:
    """Where a PostgreSQL database is and who signs in to it; ``host`` may be a socket directory."""

    name: str
    user: str
    password: str
    host: str
    port: int

    @classmethod
    def from_url(cls, variable: str, url: str) -> Database:
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/") or not parts.username:
            raise BadEnvironment(f"{variable} must look like postgresql://user:password@host:5432/name")
        return cls(
            name=parts.path.strip("/"),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            host=unquote(parts.hostname or ""),
            port=parts.port or 5432,
        )


@dataclass(frozen=True)
class Environment:
    """All settings of one process, see ``docs/operations.md``."""

    home: Path
    debug: bool
    secret_key: str
    field_key: str
    audit_key: str
    allowed_hosts: tuple[str, ...]
    base_url: str
    app_database: Database
    owner_database: Database
    is_embedded: bool
    use_pool: bool
    email_url: str
    is_behind_proxy: bool


def _secrets(home: Path) -> dict[str, str]:
    """Read the generated secrets, making those that are missing; the file is private to its owner."""
    path = home / "secrets.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in _SECRET_NAMES if name not in known]
    if missing:
        home.mkdir(parents=True, exist_ok=True)
        known.update({name: secrets.token_hex(32) for name in missing})
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(known, indent=1))
        draft.replace(path)
    return known


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "")
    if value.lower() not in ("", "0", "1", "true", "false", "yes", "no"):
        raise BadEnvironment(f"{name} must be 1 or 0")
    return default if value == "" else value.lower() in ("1", "true", "yes")


@cache
def environment() -> Environment:
    """Read the environment of this process."""
    home = Path(os.environ.get("ZHIHENG_HOME", "var")).resolve()
    generated = _secrets(home)
    app_url, owner_url = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    if bool(app_url) != bool(owner_url):
        raise BadEnvironment("set both DATABASE_URL and DATABASE_OWNER_URL, or neither to run embedded")
    if app_url and owner_url:
        app, owner = (
            Database.from_url("DATABASE_URL", app_url),
            Database.from_url("DATABASE_OWNER_URL", owner_url),
        )
    else:
        app, owner = embedded_databases(home, generated)
    base_url = os.environ.get("ZHIHENG_URL", "http://localhost:8000")
    hosts = os.environ.get("ZHIHENG_HOSTS", "")
    return Environment(
        home=home,
        debug=_flag("ZHIHENG_DEBUG", False),
        secret_key=os.environ.get("ZHIHENG_SECRET_KEY") or generated["secret_key"],
        field_key=os.environ.get("ZHIHENG_FIELD_KEY") or generated["field_key"],
        audit_key=os.environ.get("ZHIHENG_AUDIT_KEY") or generated["audit_key"],
        allowed_hosts=tuple(filter(None, hosts.split(","))) or ("localhost", "127.0.0.1", "[::1]"),
        base_url=base_url,
        app_database=app,
        owner_database=owner,
        is_embedded=not app_url,
        use_pool=_flag("ZHIHENG_POOL", False),
        email_url=os.environ.get("ZHIHENG_EMAIL_URL", ""),
        is_behind_proxy=_flag("ZHIHENG_BEHIND_PROXY", False),
    )


def embedded_databases(home: Path, generated: dict[str, str]) -> tuple[Database, Database]:
    """Return the application's and the owner's sign-in to the embedded server under ``home``."""
    from zhiheng.config.embedded_postgres import PORT, socket_dir

    host, name = str(socket_dir(home)), os.environ.get("ZHIHENG_DATABASE", "zhiheng")
    return (
        Database(name, APP_ROLE, generated["app_password"], host, PORT),
        Database(name, OWNER_ROLE, generated["owner_password"], host, PORT),
    )
