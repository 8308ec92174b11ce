"""What a photo must be like to be enrolled, and a set of three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from zhiheng.faces.calc.phash import REPLAY_DISTANCE, distance
from zhiheng.faces.calc.pose import is_frontal
from zhiheng.faces.calc.vectors import Vector, similarity

PHOTOS = 3
LEAST_WIDTH = 80
"""Pixels that a face must be wide, in a picture of at most 640."""
LEAST_SHARPNESS = Decimal(40)
DARKEST, BRIGHTEST = Decimal(50), Decimal(215)


@dataclass(frozen=True)
class Quality:
    """What was measured of a face: width in pixels, sharpness (variance of the Laplacian of the face at 112 x 112),
    mean brightness 0-255, and how far the head is turned."""

    width: int
    sharpness: Decimal
    brightness: Decimal
    yaw: Decimal


@dataclass(frozen=True)
class Shot:
    """A photo as far as sets are judged."""

    vector: Vector
    hash: str


def flaw_of(found: Quality) -> str:
    """Return the code of what is wrong with a photo, "" if it can be enrolled."""
    checks = (
        ("face_too_small", found.width < LEAST_WIDTH),
        ("too_dark", found.brightness < DARKEST),
        ("too_bright", found.brightness > BRIGHTEST),
        ("blurred", found.sharpness < LEAST_SHARPNESS),
        ("not_frontal", not is_frontal(found.yaw)),
    )
    return next((code for code, is_wrong in checks if is_wrong), "")


def flaw_of_set(shots: Sequence[Shot], accept: Decimal) -> str:
    """Return the code of what is wrong with photos together, "" if they can be enrolled.

    All must be of one person, and none a copy of another: copies would add nothing.
    """
    if len(shots) != PHOTOS:
        return "not_three"
    pairs = list(combinations(shots, 2))
    if any(similarity(one.vector, other.vector) < accept for one, other in pairs):
        return "not_same_person"
    if any(distance(one.hash, other.hash) <= REPLAY_DISTANCE for one, other in pairs):
        return "same_photo"
    return ""
