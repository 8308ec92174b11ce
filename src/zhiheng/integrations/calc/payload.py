"""The canonical form of a row from outside: same row, same bytes, same hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

Scalar = str | int | bool | None


def canonical_value(value: object) -> Scalar:
    """Return a value as JSON holds it: decimals as plain text without needless zeros, dates in ISO form."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return canonical_decimal(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a record holds no {type(value).__name__}")


def canonical_decimal(value: Decimal) -> str:
    """Write a decimal without exponent, trailing zeros or a negative zero: ``23153.2339``, ``0``."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def canonical_payload(row: Mapping[str, object]) -> dict[str, Scalar]:
    """Return a row in canonical form, its fields in their given order."""
    return {name: canonical_value(value) for name, value in row.items()}


def payload_text(payload: Mapping[str, Scalar]) -> str:
    """Return the JSON text that the hash is taken of."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def payload_hash(payload: Mapping[str, Scalar]) -> str:
    """Return the SHA-256 of a canonical payload, in hexadecimal."""
    return hashlib.sha256(payload_text(payload).encode()).hexdigest()


def record_key(row: Mapping[str, object], key_fields: tuple[str, ...]) -> str:
    """Return the key of a row: its key fields joined by ``|``."""
    return "|".join(str(canonical_value(row[name])) for name in key_fields)
