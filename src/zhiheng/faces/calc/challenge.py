"""The live challenge: look into the camera, then turn the head to the side that was asked for.

Frames are looked at one by one, since each costs time: for the frontal one from the beginning of the burst, for the
turned one from its end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from zhiheng.faces.calc.pose import TURNED_YAW, is_frontal

LEFT, RIGHT = "left", "right"
FEWEST_FRAMES, MOST_FRAMES = 2, 12

YawOf = Callable[[int], Decimal | None]
"""How far the head is turned in a frame; ``None`` where there is no face in it."""


@dataclass(frozen=True)
class Found:
    """The frames to use, by number, with their turns; ``reason`` says what is missing instead."""

    frontal: int | None = None
    turned: int | None = None
    frontal_yaw: Decimal | None = None
    moved: Decimal | None = None
    reason: str = ""


def find_frames(turn: str, count: int, yaw_of: YawOf) -> Found:
    """Find a frontal frame and one turned by at least 0.18 against it to the side ``turn``."""
    frontal, yaw = _first_frontal(count, yaw_of)
    if frontal is None or yaw is None:
        seen = any(yaw_of(number) is not None for number in range(count))
        return Found(reason="no_frontal" if seen else "no_face")
    sign = 1 if turn == LEFT else -1
    most = Decimal(0)
    for number in reversed(range(count)):
        other = yaw_of(number)
        if number == frontal or other is None:
            continue
        moved = (other - yaw) * sign
        if moved >= TURNED_YAW:
            return Found(frontal, number, yaw, moved)
        most = min(most, moved)
    return Found(frontal, None, yaw, most, "wrong_turn" if most <= -TURNED_YAW else "no_turn")


def _first_frontal(count: int, yaw_of: YawOf) -> tuple[int | None, Decimal | None]:
    for number in range(count):
        yaw = yaw_of(number)
        if yaw is not None and is_frontal(yaw):
            return number, yaw
    return None, None
