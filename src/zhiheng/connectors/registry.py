"""Which connectors there are: their forms, their programs and where these may go."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import get_language

from zhiheng.connectors.services.sandbox import Program

ROOT = Path(__file__).parent
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Field:
    """A setting that the form of a connector asks for; ``kind`` is text, url, secret, integer, choice or manifest."""

    name: str
    label: str
    label_en: str
    kind: str = "text"
    is_required: bool = True
    help: str = ""
    help_en: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""

    @property
    def shown(self) -> str:
        """Return the label in the reader's language."""
        return self.label_en if _is_english() else self.label

    @property
    def shown_help(self) -> str:
        """Return the help in the reader's language."""
        return self.help_en if _is_english() else self.help


@dataclass(frozen=True)
class Interface:
    """A business object of a system that a connector reads."""

    code: str
    name: str
    name_en: str
    business_object: str


@dataclass(frozen=True)
class Connector:
    """A kind of system: how it is asked for and which program reads it.

    ``tested`` is ``real`` or ``fake`` and names what the connector was tried on; "" for one that nothing was tried on.
    """

    code: str
    name: str
    name_en: str
    kind: str
    tap: str
    fields: tuple[Field, ...]
    interfaces: tuple[Interface, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""
    about_en: str = ""
    tested: str = ""

    @property
    def shown(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if _is_english() else self.name

    @property
    def shown_about(self) -> str:
        """Return what it reads in the reader's language."""
        return self.about_en if _is_english() else self.about

    @property
    def secret_names(self) -> frozenset[str]:
        """Return the settings that are never shown."""
        return frozenset(each.name for each in self.fields if each.kind == "secret")

    def manifest_of(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the manifest that the program works by, one typed by people where the form asks for it."""
        return settings.get("manifest", self.manifest)

    def config(
        self, settings: Mapping[str, Any], feeds: Sequence[str] | None, window: object
    ) -> dict[str, Any]:
        """Return what the program is given."""
        manifest = self.manifest_of(settings)
        plain = {name: value for name, value in settings.items() if name != "manifest"}
        return {"settings": plain, "manifest": manifest, "feeds": feeds, "window": window}

    def program(self, settings: Mapping[str, Any], *, is_on_premise: bool) -> Program:
        """Return the program with the places it may go to."""
        script = ROOT / "taps" / f"{self.tap}.py"
        command = [
            sys.executable,
            "-E",
            "-s",
            "-B",
            str(script),
            "--config",
            "{config}",
            "--state",
            "{state}",
        ]
        return Program(
            command, (str(script.parent),), frozenset(hosts_of(self, settings)), is_on_premise,
            needed=frozenset({"limits"}),
        )  # fmt: skip


def hosts_of(connector: Connector, settings: Mapping[str, Any]) -> set[str]:
    """Return the ``host:port`` of all addresses among the settings and in the manifest."""
    manifest = connector.manifest_of(settings)
    texts = [str(settings.get(each.name, "")) for each in connector.fields if each.kind == "url"]
    texts += [str(manifest.get("base_url", "")), str(manifest.get("auth", {}).get("token_url", ""))]
    found = set()
    for text in texts:
        for name, value in settings.items():
            text = text.replace("{" + name + "}", str(value)) if isinstance(value, str) else text
        parts = urlsplit(text)
        if parts.scheme in PORTS and parts.hostname:
            found.add(f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}".lower())
    return found


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@cache
def connectors() -> dict[str, Connector]:
    """Return all connectors by code."""
    found = [_read(path) for path in sorted((ROOT / "catalogue").glob("*.json"))]
    return {each.code: each for each in sorted(found, key=lambda each: (each.code == "rest", each.name))}


def _read(path: Path) -> Connector:
    data = json.loads(path.read_text(encoding="utf-8"))
    manifest = data.get("manifest", {})
    interfaces = data.get("interfaces") or manifest.get("streams", [])
    return Connector(
        code=path.stem,
        name=data["name"],
        name_en=data["name_en"],
        kind=data["kind"],
        tap=data["tap"],
        fields=tuple(_field(each) for each in data["form"]),
        interfaces=tuple(
            Interface(each["code"], each["name"], each["name_en"], each["business_object"])
            for each in interfaces
        ),
        manifest=manifest,
        about=data.get("about", ""),
        about_en=data.get("about_en", ""),
        tested=data.get("tested", ""),
    )


def _field(data: Mapping[str, Any]) -> Field:
    choices = tuple((each["value"], each["label"]) for each in data.get("choices", ()))
    return Field(**{**data, "choices": choices})


def connector_of(code: str) -> Connector | None:
    """Return a connector; ``None`` for one that the program no longer has."""
    return connectors().get(code)
