"""Deleting what is stored of faces: at withdrawal, at leaving, and after the time to keep photos."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhiheng.access.actor import Actor, system_actor
from zhiheng.audit.public import record
from zhiheng.faces.models import FaceChallenge, FaceCheck, FaceEnrolment, FaceTemplate
from zhiheng.faces.queries.settings import current_setting
from zhiheng.faces.services.photos import CHECK_KIND
from zhiheng.files.public import delete_files, delete_files_before

KEEP_CHALLENGES = dt.timedelta(days=30)


def delete_face_data(*, actor: Actor, person_id: UUID) -> int:
    """Delete templates and all photos of a person; results of checks stay. Return how many templates there were.

    Checks no permission: it follows from a withdrawal or from leaving.
    """
    templates = list(FaceTemplate.objects.filter(person_id=person_id).values_list("photo_id", flat=True))
    photos = FaceCheck.objects.filter(person_id=person_id, photo_id__isnull=False)
    deleted = delete_files([*templates, *photos.values_list("photo_id", flat=True)])
    FaceEnrolment.objects.filter(person_id=person_id).delete()
    if templates or deleted:
        payload = {"templates": len(templates), "photos": deleted}
        record(actor, "faces.face.delete", subject=("people.person", person_id), payload=payload)
    return len(templates)


@transaction.atomic
def delete_old_photos(*, tenant_id: UUID) -> int:
    """Delete photos of checks after the days they may be kept, and old challenges; return how many photos."""
    now = timezone.now()
    FaceChallenge.objects.filter(expires_at__lt=now - KEEP_CHALLENGES).delete()
    keep_days = current_setting().keep_days
    deleted = delete_files_before(CHECK_KIND, now - dt.timedelta(days=keep_days))
    if deleted:
        payload = {"photos": deleted, "keep_days": keep_days}
        record(
            system_actor(tenant_id),
            "faces.photo.expire",
            subject=("faces.setting", tenant_id),
            payload=payload,
        )
    return deleted
