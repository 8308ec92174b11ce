"""Path data of the small server-drawn pictures."""

from __future__ import annotations

from collections.abc import Sequence

_MARGIN = 3.0  # keeps round line ends inside the picture


def scale(points: Sequence[float], width: float, height: float) -> list[tuple[float, float]]:
    """Spread ``points`` evenly over ``width`` and fit them into ``height``; a flat line is in the middle."""
    low, high = min(points), max(points)
    span = high - low
    step = width / (len(points) - 1)
    usable = height - 2 * _MARGIN
    return [
        (index * step, height / 2 if not span else _MARGIN + (high - point) / span * usable)
        for index, point in enumerate(points)
    ]


def line_path(points: Sequence[float], width: float, height: float) -> str:
    """Return the SVG path of a line through ``points`` (two or more)."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in scale(points, width, height))


def area_path(points: Sequence[float], width: float, height: float) -> str:
    """Return the SVG path of the area under that line."""
    return f"{line_path(points, width, height)}L{width:.1f} {height:.1f}L0 {height:.1f}Z"
