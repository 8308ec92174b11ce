"""Face data of people who left."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhiheng.access.actor import system_actor
from zhiheng.faces.models import FaceCheck, FaceConsent, FaceEnrolment
from zhiheng.faces.queries.settings import current_setting
from zhiheng.faces.services.consents import withdraw_for_leaving
from zhiheng.people.public import persons_by_id

LEFT = "left"


@transaction.atomic
def delete_faces_of_leavers(*, tenant_id: UUID) -> int:
    """Withdraw for everybody who left and still has face data or a consent; return how many people."""
    photos_from = timezone.now() - dt.timedelta(days=current_setting().keep_days + 2)
    enrolled = FaceEnrolment.objects.filter(person__status=LEFT).values_list("person_id", flat=True)
    checked = FaceCheck.objects.filter(
        person__status=LEFT, photo_id__isnull=False, checked_at__gte=photos_from
    ).values_list("person_id", flat=True)
    agreed = FaceConsent.objects.filter(person__status=LEFT).order_by("person_id", "-said_at", "-id")
    agreed_ids = {
        person_id
        for person_id, kind in agreed.distinct("person_id").values_list("person_id", "kind")
        if kind == "given"
    }
    leavers = persons_by_id({*enrolled, *checked, *agreed_ids})
    actor = system_actor(tenant_id)
    for person in leavers.values():
        withdraw_for_leaving(actor=actor, person=person)
    return len(leavers)
