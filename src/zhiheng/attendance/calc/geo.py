"""Places: the coordinate systems in use in China, distances, and fences around sites.

Points are (latitude, longitude) in degrees, distances metres. Browsers give WGS-84; Amap, Tencent, WeCom and DingTalk
speak GCJ-02, Baidu BD-09; they differ by 300 to 1,200 m, more than a fence is wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]

EARTH_RADIUS = 6_371_008.8
MOST_TOLERANCE = 50
"""Metres by which the accuracy of a fix may widen a fence at most."""
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.006_693_421_622_965_943
_BAIDU = pi * 3000 / 180
_ROUNDS = 6


def to_wgs84(point: Point, datum: str) -> Point:
    """Return a point given in ``datum`` (``wgs84``, ``gcj02`` or ``bd09``) in WGS-84.

    Exact to a centimetre, from BD-09 to a metre.
    """
    if datum == "wgs84":
        return point
    return _gcj_to_wgs(_bd_to_gcj(point) if datum == "bd09" else point)


def from_wgs84(point: Point, datum: str) -> Point:
    """Return a WGS-84 point in ``datum``."""
    if datum == "wgs84":
        return point
    shifted = _wgs_to_gcj(point)
    return _gcj_to_bd(shifted) if datum == "bd09" else shifted


def is_in_china(point: Point) -> bool:
    """Tell whether the shifted systems apply; a rectangle, as everywhere in use, so neighbours are in it too."""
    return 0.8293 <= point[0] <= 55.8271 and 72.004 <= point[1] <= 137.8347


def _wgs_to_gcj(point: Point) -> Point:
    if not is_in_china(point):
        return point
    latitude, longitude = point
    x, y = longitude - 105, latitude - 35
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    curve = 1 - _ECCENTRICITY * sin(radians(latitude)) ** 2
    degree_north = _AXIS * (1 - _ECCENTRICITY) / (curve * sqrt(curve)) * pi / 180
    degree_east = _AXIS / sqrt(curve) * cos(radians(latitude)) * pi / 180
    return latitude + north / degree_north, longitude + east / degree_east


def _gcj_to_wgs(point: Point) -> Point:
    """Invert by iteration: each round corrects by what the guess, shifted, is off."""
    guess = point
    for _ in range(_ROUNDS):
        shifted = _wgs_to_gcj(guess)
        guess = guess[0] - (shifted[0] - point[0]), guess[1] - (shifted[1] - point[1])
    return guess


def _gcj_to_bd(point: Point) -> Point:
    y, x = point
    length = hypot(x, y) + 0.00002 * sin(y * _BAIDU)
    angle = atan2(y, x) + 0.000003 * cos(x * _BAIDU)
    return length * sin(angle) + 0.006, length * cos(angle) + 0.0065


def _bd_to_gcj(point: Point) -> Point:
    y, x = point[0] - 0.006, point[1] - 0.0065
    length = hypot(x, y) - 0.00002 * sin(y * _BAIDU)
    angle = atan2(y, x) - 0.000003 * cos(x * _BAIDU)
    return length * sin(angle), length * cos(angle)


def distance(one: Point, other: Point) -> float:
    """Return the distance between two WGS-84 points by the haversine formula."""
    north, east = radians(other[0] - one[0]), radians(other[1] - one[1])
    chord = sin(north / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(min(chord, 1.0)))


@dataclass(frozen=True)
class Fence:
    """The outline of a site in WGS-84: a circle, or a polygon of three corners or more."""

    centre: Point | None
    radius: int = 0
    polygon: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Where a point lies: ``distance`` from the circle's centre, or from the polygon's border when outside."""

    distance: int
    is_inside: bool


def place(point: Point, fence: Fence, accuracy: int | None = None) -> Placed | None:
    """Judge a point; a fix may be off by its accuracy, at most 50 m. ``None`` for a site without a fence."""
    tolerance = min(accuracy or 0, MOST_TOLERANCE)
    if fence.polygon:
        away = distance_to_polygon(point, fence.polygon)
        return Placed(round(away), away <= tolerance)
    if fence.centre is None:
        return None
    away = distance(point, fence.centre)
    return Placed(round(away), away <= fence.radius + tolerance)


def is_in_polygon(point: Point, polygon: tuple[Point, ...]) -> bool:
    """Tell whether a point is inside, by counting the borders that a ray to the east crosses."""
    latitude, longitude = point
    is_inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in _borders(polygon):
        crosses = (lat_a > latitude) != (lat_b > latitude)
        if crosses and longitude < (lon_b - lon_a) * (latitude - lat_a) / (lat_b - lat_a) + lon_a:
            is_inside = not is_inside
    return is_inside


def distance_to_polygon(point: Point, polygon: tuple[Point, ...]) -> float:
    """Return how far a point is from a polygon, 0 inside; flat earth, good for the size of a site."""
    if is_in_polygon(point, polygon):
        return 0.0
    return min(_distance_to_border(point, *border) for border in _borders(polygon))


def _borders(polygon: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    return zip(polygon, polygon[1:] + polygon[:1], strict=True)


def _distance_to_border(point: Point, start: Point, end: Point) -> float:
    narrowing = cos(radians(point[0]))
    degree = EARTH_RADIUS * pi / 180
    ax, ay = (start[1] - point[1]) * narrowing * degree, (start[0] - point[0]) * degree
    bx, by = (end[1] - point[1]) * narrowing * degree, (end[0] - point[0]) * degree
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return hypot(ax + share * dx, ay + share * dy)
