"""Embeddings as numbers and as bytes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

import numpy as np

DIMENSIONS = 128
_THOUSANDTH = Decimal("0.001")

Owner = TypeVar("Owner", bound=Hashable)
Vector = np.ndarray
"""A unit vector of float32."""


def to_bytes(vector: Vector) -> bytes:
    """Return the 512 bytes of an embedding: little-endian float32."""
    return np.asarray(vector, dtype="<f4").tobytes()


def from_bytes(data: bytes) -> Vector:
    """Return the embedding of bytes that `to_bytes` made."""
    return np.frombuffer(data, dtype="<f4").astype(np.float32)


def thousandths(number: float) -> Decimal:
    """Return a measured number rounded to three decimals; from here on it is compared exactly."""
    return Decimal(float(number)).quantize(_THOUSANDTH)


def similarity(one: Vector, other: Vector) -> Decimal:
    """Return the cosine of two unit vectors, -1 to 1, in thousandths."""
    return thousandths(float(np.dot(one, other)))


def best_similarity(one: Vector, others: Iterable[Vector]) -> Decimal:
    """Return the highest cosine to any of ``others``; -1 where there are none."""
    return max((similarity(one, other) for other in others), default=Decimal(-1))


def best_by_owner(one: Vector, owners: Sequence[Owner], vectors: Sequence[Vector]) -> dict[Owner, Decimal]:
    """Return for each owner the highest cosine to any of their vectors; ``owners`` and ``vectors`` run in step."""
    if not vectors:
        return {}
    best: dict[Owner, float] = {}
    for owner, score in zip(owners, (np.stack(vectors) @ one).tolist(), strict=True):
        best[owner] = max(score, best.get(owner, -1.0))
    return {owner: thousandths(score) for owner, score in best.items()}
