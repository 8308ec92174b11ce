"""Terminals that are paired and approved, and their gateway."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.test import Client
from tests.factories.access import system_actor

from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, Tenant
from zhiheng.terminals.models import Terminal
from zhiheng.terminals.services.terminals import approve_terminal, open_pairing

GATEWAY = {"ROOT_URLCONF": "zhiheng.config.gateway_urls", "MIDDLEWARE": [], "ALLOWED_HOSTS": ["*"]}
"""The settings in which the gateway's process differs."""


class Device:
    """What a terminal does over HTTP, byte by byte."""

    def __init__(self, serial_number: str = "SN0001", ip: str = "10.0.0.8") -> None:
        self.serial_number, self.ip, self.client = serial_number, ip, Client()

    def get(self, path: str, **params: object):
        return self.client.get(f"/iclock/{path}", {"SN": self.serial_number, **params}, REMOTE_ADDR=self.ip)

    def post(self, path: str, body: bytes | str = b"", **params: object):
        query = "&".join(f"{key}={value}" for key, value in {"SN": self.serial_number, **params}.items())
        content = body.encode() if isinstance(body, str) else body
        return self.client.generic(
            "POST", f"/iclock/{path}?{query}", content, content_type="", REMOTE_ADDR=self.ip
        )

    def hello(self, **params: object):
        return self.get("cdata", **{"options": "all", "pushver": "2.4.1", "language": 69, **params})

    def punch(self, *lines: str, stamp: int = 9999):
        return self.post("cdata", "".join(f"{each}\n" for each in lines), table="ATTLOG", Stamp=stamp)

    def commands(self, **params: object) -> list[tuple[int, str]]:
        text = self.get("getrequest", **params).content.decode()
        lines = [each.split(":", 2) for each in text.splitlines() if each.startswith("C:")]
        return [(int(number), command) for _c, number, command in lines]


def make_terminal(
    tenant: Tenant, entity: LegalEntity, serial_number: str = "SN0001", *, name: str = "大门", **given: object
) -> Terminal:
    """Pair and approve a terminal; the gateway's settings must be in force."""
    actor = system_actor(tenant)
    with tenant_context(tenant.id):
        terminal_id: UUID = open_pairing(
            actor=actor, serial_number=serial_number, name=name, legal_entity_id=entity.id, **given
        )
    Device(serial_number).hello(pushcommkey=given.get("key", ""))
    with tenant_context(tenant.id):
        approve_terminal(actor=actor, terminal_id=terminal_id)
        return Terminal.objects.get(id=terminal_id)


def minutes_ago(minutes: float, zone_hours: int = 8) -> str:
    """Return a wall time of a terminal's clock in Shanghai."""
    at = dt.datetime.now(dt.timezone(dt.timedelta(hours=zone_hours))) - dt.timedelta(minutes=minutes)
    return f"{at:%Y-%m-%d %H:%M:%S}"
