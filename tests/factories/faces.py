"""Photos of two real people as a camera would take them, and of their heads turned.

Both portraits are in the public domain and come with packages the tests install: Eileen Collins (NASA) with
scikit-image, Grace Hopper (US Navy) with matplotlib. SFace gives the two 0.2 at most. A turned head is made from the
same photo by bending it over the depth of a face (an ellipsoid with a nose) and turning that: the five points and the
score answer to it as to a real turn, which tests of the engine show.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from zhiheng.faces.engine import Picture, only_face

COLLINS, HOPPER = "collins", "hopper"
_FILES = {
    COLLINS: ("skimage", "data/astronaut.png"),
    HOPPER: ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
}
WIDTH, HEIGHT = 640, 480
TURN = 40
"""Degrees that `burst` turns a head: 0.2 to 0.3 of the yaw proxy."""


@cache
def portrait(who: str) -> np.ndarray:
    """Return the whole portrait, BGR."""
    package, path = _FILES[who]
    folder = Path(next(iter(find_spec(package).submodule_search_locations)))
    return cv2.imread(str(folder / path))


@cache
def selfie(who: str, *, face_width: int = 200, degrees: float = 0, dx: int = 0, dy: int = 0) -> np.ndarray:
    """Return a camera picture of 640 x 480: the face so wide, rotated in the plane, moved by so many pixels."""
    image = portrait(who)
    x, y, width, height = only_face(Picture(image)).row[:4]
    scale = face_width / width
    matrix = cv2.getRotationMatrix2D((float(x + width / 2), float(y + height / 2)), degrees, float(scale))
    matrix[:, 2] += (WIDTH / 2 + dx - (x + width / 2), HEIGHT / 2 + dy - (y + height / 2))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=how, borderMode=cv2.BORDER_REPLICATE)


def turned(image: np.ndarray, degrees: float) -> np.ndarray:
    """Return the picture with its head turned; positive degrees towards the person's own left."""
    points = only_face(Picture(image)).row[4:14].reshape(5, 2).astype(float)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    between, down = np.linalg.norm(points[1] - points[0]), np.linalg.norm(mouth - eyes)
    along = (mouth - eyes) / down
    across = np.array([along[1], -along[0]])
    centre, half_width, half_height = eyes + along * down * 0.45, between * 1.25, down * 1.9
    rows, columns = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
    offset = np.stack([columns - centre[0], rows - centre[1]], axis=-1)
    u, v = offset @ across / half_width, offset @ along / half_height
    nose_at = (points[2] - centre) @ along / half_height

    def depth(x: np.ndarray) -> np.ndarray:
        head = 0.9 * np.sqrt(np.clip(1 - x**2 - v**2, 0, None))
        return head + 0.6 * np.exp(-((x / 0.22) ** 2 + ((v - nose_at) / 0.25) ** 2)) - 0.3

    angle, x = np.deg2rad(degrees), u.copy()
    for _ in range(60):  # which point of the face is seen here: a fixed point
        x = 0.6 * x + 0.4 * (u - depth(x) * np.sin(angle)) / np.cos(angle)
    inside = np.clip((1.15 - np.sqrt(u**2 + v**2)) / 0.25, 0, 1)
    x = u + (x - u) * inside
    place = centre + x[..., None] * half_width * across + v[..., None] * half_height * along
    place = place.astype(np.float32)
    return cv2.remap(image, place[..., 0], place[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def jpeg(image: np.ndarray, quality: int = 85) -> bytes:
    """Return the picture as a browser sends it."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


@cache
def enrolment_photos(who: str) -> tuple[bytes, bytes, bytes]:
    """Return three photos to enrol: near, far and tilted."""
    return (
        jpeg(selfie(who, face_width=220)),
        jpeg(selfie(who, face_width=150, dx=-60, dy=20)),
        jpeg(selfie(who, face_width=190, degrees=8, dx=50)),
    )


@cache
def burst(who: str, turn: str, *, face_width: int = 200, dx: int = 0) -> tuple[bytes, ...]:
    """Return the frames of a passed challenge: two frontal, one half way, two turned to the side."""
    image = selfie(who, face_width=face_width, dx=dx)
    sign = 1 if turn == "left" else -1
    half, full = turned(image, sign * TURN / 2), turned(image, sign * TURN)
    return tuple(jpeg(each) for each in (image, image, half, full, full))


@cache
def still(who: str, *, face_width: int = 200, dx: int = 0) -> tuple[bytes, ...]:
    """Return the frames of a photo held in front of the camera: five times the same face."""
    return (jpeg(selfie(who, face_width=face_width, dx=dx)),) * 5
