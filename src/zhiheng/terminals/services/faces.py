"""Photos from which terminals recognise people: only of those who consented, and never kept here."""

from __future__ import annotations

import io
from uuid import UUID

from PIL import Image, ImageOps

from zhiheng.access.actor import system_actor
from zhiheng.faces.public import enrolment_photo, face_consent
from zhiheng.tenancy.context import current_tenant_id

PORTRAIT = (480, 640)
"""What terminals take without complaint about the size."""
QUALITY = 85


def photo_for_terminal(person_id: UUID) -> bytes | None:
    """Return somebody's photo as terminals take it; ``None`` without consent or enrolment. Recorded as handed out."""
    if not face_consent(person_id):
        return None
    photo = enrolment_photo(system_actor(current_tenant_id()), person_id)
    return as_portrait(photo) if photo else None


def as_portrait(photo: bytes) -> bytes:
    """Return a photo as an upright JPEG of 480 by 640, its middle kept."""
    with Image.open(io.BytesIO(photo)) as image:
        fitted = ImageOps.fit(ImageOps.exif_transpose(image).convert("RGB"), PORTRAIT)
    target = io.BytesIO()
    fitted.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
