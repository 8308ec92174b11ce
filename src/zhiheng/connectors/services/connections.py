"""Connecting a system: its settings, its secrets, its schedule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.audit.public import record
from zhiheng.connectors.models import Connection, Feed
from zhiheng.connectors.policies import MANAGE_CONNECTION
from zhiheng.connectors.queries.connections import connection_for_change
from zhiheng.connectors.registry import Connector, connector_of
from zhiheng.integrations.public import create_source, rename_source
from zhiheng.people.calc import sealing

PURPOSE = "connector secrets"
SHORTEST, LONGEST = 5, 7 * 24 * 60
MANIFEST_NEEDS = ("base_url", "streams")
STREAM_NEEDS = ("code", "path", "key")


@dataclass(frozen=True)
class ConnectionData:
    """What people say about a connection; of ``settings``, secrets left empty keep what was there."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    every_minutes: int | None = 60
    is_on_premise: bool = False


def create_connection(*, actor: Actor, code: str, connector: str, data: ConnectionData) -> UUID:
    """Connect a system; ValidationError by field of the form. Nothing is read yet."""
    if not actor.scope(MANAGE_CONNECTION).is_tenant:
        raise Forbidden(MANAGE_CONNECTION)
    found = connector_of(connector)
    if found is None:
        raise ValidationError(_("没有这种连接器。"), code="unknown_connector")
    plain, secrets = _checked(found, data, {})
    source_id = create_source(actor=actor, code=code, name=data.name, kind=found.kind)
    made = Connection(
        source_id=source_id, connector=connector, settings=plain, every_minutes=data.every_minutes,
        is_on_premise=data.is_on_premise, next_at=timezone.now() if data.every_minutes else None,
    )  # fmt: skip
    made.sealed_secrets = _sealed(made, secrets)
    made.save(force_insert=True)
    _record(actor, "create", made, {"connector": connector, "source": code})
    return made.id


def change_connection(*, actor: Actor, connection_id: UUID, data: ConnectionData) -> None:
    """Change settings and schedule; ValidationError by field of the form."""
    made = connection_for_change(actor, connection_id)
    found = _connector(made)
    plain, secrets = _checked(found, data, secrets_of(made))
    if plain.get("base_url") != made.settings.get("base_url") or plain.get("manifest") != made.settings.get(
        "manifest"
    ):
        _refuse_kept_secrets(found, data)
    rename_source(actor=actor, source_id=made.source_id, name=data.name)
    made.settings, made.every_minutes, made.is_on_premise = plain, data.every_minutes, data.is_on_premise
    made.sealed_secrets = _sealed(made, secrets)
    made.next_at = timezone.now() if data.every_minutes and not made.is_paused else None
    made.failures = 0
    made.save()
    changed = sorted(name for name in data.settings if name not in found.secret_names)
    _record(
        actor, "update", made, {"settings": changed, "secrets": sorted(set(secrets) & set(data.settings))}
    )


def pause_connection(*, actor: Actor, connection_id: UUID) -> None:
    """Read nothing more until somebody resumes."""
    made = connection_for_change(actor, connection_id)
    made.is_paused, made.next_at = True, None
    made.save(update_fields=["is_paused", "next_at"])
    _record(actor, "pause", made, {})


def resume_connection(*, actor: Actor, connection_id: UUID) -> None:
    """Go on reading."""
    made = connection_for_change(actor, connection_id)
    made.is_paused, made.failures = False, 0
    made.next_at = timezone.now() if made.every_minutes else None
    made.save(update_fields=["is_paused", "failures", "next_at"])
    _record(actor, "resume", made, {})


def select_feeds(*, actor: Actor, connection_id: UUID, codes: set[str]) -> None:
    """Say which interfaces are read."""
    made = connection_for_change(actor, connection_id)
    for feed in Feed.objects.filter(connection=made):
        if feed.is_selected != (feed.code in codes):
            feed.is_selected = feed.code in codes
            feed.save(update_fields=["is_selected"])
    _record(actor, "select", made, {"feeds": sorted(codes)})


def secrets_of(made: Connection) -> dict[str, str]:
    """Return the secrets of a connection, for the program alone."""
    if not made.sealed_secrets:
        return {}
    sealed = bytes(made.sealed_secrets)
    key = django_settings.ENV.field_key
    return json.loads(sealing.unseal_bytes(key, made.tenant_id, str(made.id), sealed, purpose=PURPOSE))


def _sealed(made: Connection, secrets: Mapping[str, str]) -> bytes | None:
    if not secrets:
        return None
    content = json.dumps(secrets, sort_keys=True).encode()
    key = django_settings.ENV.field_key
    return sealing.seal_bytes(key, made.tenant_id, str(made.id), content, purpose=PURPOSE)


def _connector(made: Connection) -> Connector:
    found = connector_of(made.connector)
    if found is None:
        raise ValidationError(_("本版本已没有这种连接器。"), code="unknown_connector")
    return found


def _refuse_kept_secrets(found: Connector, data: ConnectionData) -> None:
    """A secret must not follow a changed address to somebody else's server unasked."""
    kept = [each.name for each in found.fields if each.kind == "secret" and not data.settings.get(each.name)]
    if kept:
        text = _("地址或清单改变后，请重新填写密钥。")
        raise ValidationError({name: [text] for name in kept})


def _checked(
    found: Connector, data: ConnectionData, known: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the plain settings and the secrets; ValidationError by field."""
    plain: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    for each in found.fields:
        value = str(data.settings.get(each.name) or "").strip()
        if each.kind == "secret":
            value = value or known.get(each.name, "")
            secrets |= {each.name: value} if value else {}
        else:
            plain[each.name] = value
        if not value and each.is_required:
            wrong[each.name] = [_("请填写「{label}」。").format(label=each.shown)]
        elif value and each.kind == "url" and not _is_url(value):
            wrong[each.name] = [_("请填写以 http:// 或 https:// 开头的完整地址。")]
        elif value and each.kind == "manifest":
            plain[each.name] = _manifest(value, each.name, wrong)
    if data.every_minutes is not None and not SHORTEST <= data.every_minutes <= LONGEST:
        wrong["every_minutes"] = [_("同步间隔请填 5 分钟到 7 天之间。")]
    if not data.name.strip():
        wrong["name"] = [_("请填写名称。")]
    if wrong:
        raise ValidationError(wrong)
    return plain, secrets


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False


def _manifest(text: str, name: str, wrong: dict[str, list[str]]) -> Any:
    """Return the manifest that a text holds; what is missing is noted in ``wrong``."""
    try:
        found = json.loads(text)
    except ValueError as error:
        wrong[name] = [_("清单不是正确的 JSON：{error}").format(error=error)]
        return None
    missing = [key for key in MANIFEST_NEEDS if not isinstance(found, dict) or not found.get(key)]
    streams = found.get("streams") if isinstance(found, dict) else None
    for stream in streams if isinstance(streams, list) else []:
        missing += [
            f"streams.{key}" for key in STREAM_NEEDS if not isinstance(stream, dict) or not stream.get(key)
        ]
    if missing or not isinstance(streams, list):
        wrong[name] = [_("清单缺少：{names}").format(names="、".join(dict.fromkeys(missing or ["streams"])))]
    return found


def _record(actor: Actor, verb: str, made: Connection, payload: dict[str, object]) -> None:
    record(
        actor, f"connectors.connection.{verb}", subject=("connectors.connection", made.id), payload=payload
    )
