"""The streams that every company can have: one form for what different systems call by different names.

`canonical.json` declares them; a mapping brings the rows of a system into this form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from zhiheng.tenancy.naming import in_reader_language

FILE = Path(__file__).with_name("canonical.json")


@dataclass(frozen=True)
class CanonicalField:
    """A field; ``aliases`` are the names that systems give it."""

    name: str
    label: str
    label_en: str
    kind: str = "text"
    places: int = 2
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CanonicalStream:
    """A stream as `create_stream` takes it; ``objects`` are the business objects of the catalogue that it fits."""

    code: str
    name: str
    name_en: str
    fields: tuple[CanonicalField, ...]
    key_fields: tuple[str, ...]
    occurred_field: str
    subject_field: str
    objects: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.name_en)

    @property
    def declaration(self) -> dict[str, Any]:
        """Return what `create_stream` is given."""
        names = ("name", "label", "label_en", "kind", "places")
        return {
            "name": self.name,
            "name_en": self.name_en,
            "fields": [{name: getattr(each, name) for name in names} for each in self.fields],
            "key_fields": self.key_fields,
            "occurred_field": self.occurred_field,
            "subject_field": self.subject_field,
        }


@cache
def canonical_streams() -> Mapping[str, CanonicalStream]:
    """Return all canonical streams by code."""
    return {each["code"]: _read(each) for each in json.loads(FILE.read_text(encoding="utf-8"))}


def _read(data: Mapping[str, Any]) -> CanonicalStream:
    fields = tuple(CanonicalField(**{**each, "aliases": tuple(each["aliases"])}) for each in data["fields"])
    return CanonicalStream(
        **{
            **data,
            "fields": fields,
            "key_fields": tuple(data["key_fields"]),
            "objects": tuple(data["objects"]),
        }
    )
