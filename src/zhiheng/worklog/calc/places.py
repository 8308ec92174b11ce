"""Places as the work log stores them: decimals of a degree, WGS-84."""

from __future__ import annotations

from decimal import Decimal

from zhiheng.attendance.calc import geo

Place = tuple[float, float]
"""Latitude and longitude, WGS-84."""
_STEP = Decimal("0.000001")


def to_wgs84(latitude: Decimal, longitude: Decimal, datum: str) -> tuple[Decimal, Decimal]:
    """Return coordinates given in ``datum`` in WGS-84, to the millionth of a degree."""
    north, east = geo.to_wgs84((float(latitude), float(longitude)), datum)
    return Decimal(repr(north)).quantize(_STEP), Decimal(repr(east)).quantize(_STEP)


def metres_between(one: Place, other: Place) -> float:
    """Return the distance between two places as the crow flies, in metres."""
    return geo.distance(one, other)
