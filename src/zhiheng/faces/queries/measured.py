"""What the model was measured to do at each threshold, as help for choosing one.

Labeled Faces in the Wild, thumbnails of 150 pixels: 6000 pairs for the true acceptance rate of one photo, 5.98 million
impostor pairs for the false acceptance rate. Three photos, the best of which counts, as the product enrols: measured on
the same pictures. East Asian names: 41 people, 30,683 impostor pairs, a small sample with a known double.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Rates:
    """True and false acceptance at a threshold, as fractions; ``None`` where it was not measured."""

    threshold: Decimal
    tar: Decimal | None
    far: Decimal | None
    tar_three: Decimal | None = None
    far_three: Decimal | None = None
    far_east_asian: Decimal | None = None


_TABLE = (
    ("0.363", "0.9843", "0.0012", None, None, "0.0045"),
    ("0.40", "0.9740", "0.00031", "0.9957", "0.00077", "0.0015"),
    ("0.45", "0.964", None, "0.9908", "0.00013", "0.0005"),
    ("0.48", "0.930", "0.000017", "0.983", "0.00006", None),
)
MEASURED = tuple(Rates(*(each and Decimal(each) for each in row)) for row in _TABLE)
