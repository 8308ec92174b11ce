"""Frames of a camera, each decoded and looked at only when somebody asks: that is what a check costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zhiheng.faces.calc.challenge import FEWEST_FRAMES, MOST_FRAMES
from zhiheng.faces.calc.vectors import Vector, best_similarity
from zhiheng.faces.engine import (
    MAX_BYTES,
    Face,
    PhotoRefused,
    Picture,
    embedding_of,
    hash_of,
    only_face,
    open_picture,
)


class Burst:
    """The frames of one check. A frame without a face is passed over; anything else wrong is a refusal."""

    def __init__(self, frames: Sequence[bytes]) -> None:
        self.frames = frames
        self._pictures: dict[int, Picture] = {}
        self._faces: dict[int, Face | None] = {}

    def check_number(self) -> None:
        """Raise `PhotoRefused` for too few or too many frames, or for one that is too large."""
        if len(self.frames) < FEWEST_FRAMES:
            raise PhotoRefused("too_few_frames")
        if len(self.frames) > MOST_FRAMES:
            raise PhotoRefused("too_many_frames")
        if any(len(each) > MAX_BYTES for each in self.frames):
            raise PhotoRefused("too_large")

    def picture(self, number: int) -> Picture:
        """Return a frame decoded."""
        if number not in self._pictures:
            self._pictures[number] = open_picture(self.frames[number])
        return self._pictures[number]

    def face(self, number: int) -> Face | None:
        """Return the face of a frame, ``None`` where there is none."""
        if number not in self._faces:
            try:
                self._faces[number] = only_face(self.picture(number))
            except PhotoRefused as refused:
                if refused.code != "no_face":
                    raise
                self._faces[number] = None
        return self._faces[number]

    def yaw(self, number: int) -> Decimal | None:
        """Return how far the head is turned in a frame."""
        face = self.face(number)
        return face and face.yaw

    def vector(self, number: int) -> Vector:
        """Return the embedding of the face of a frame."""
        face = self.face(number)
        if face is None:
            raise PhotoRefused("no_face")
        return embedding_of(self.picture(number), face)

    def score(self, number: int, templates: Sequence[Vector]) -> Decimal:
        """Return how alike the face of a frame is to the nearest template."""
        return best_similarity(self.vector(number), templates)

    def hash(self, number: int) -> str:
        """Return the perceptual hash of a frame."""
        return hash_of(self.picture(number))

    def best_jpeg(self, number: int | None) -> bytes | None:
        """Return the frame to keep as JPEG: ``number``, else the first that was opened, else none."""
        chosen = number if number is not None else min(self._pictures, default=None)
        return None if chosen is None else self.picture(chosen).jpeg()
