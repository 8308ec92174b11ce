"""Periodic work of faces: what may no longer be kept is deleted."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from zhiheng.faces.queries.templates import FILING_THRESHOLD, face_counts
from zhiheng.faces.services.deletion import delete_old_photos
from zhiheng.faces.services.leavers import delete_faces_of_leavers
from zhiheng.tenancy.models import Tenant
from zhiheng.tenancy.tenants import for_each_tenant

logger = logging.getLogger(__name__)


@app.periodic(cron="37 * * * *")  # hourly: people leave at midnight of their own zone, and at once means soon
@app.task(name="zhiheng.faces.clean", queue="default", queueing_lock="zhiheng.faces.clean")
def clean(timestamp: int) -> int:
    """Delete the faces of leavers and outdated photos in all tenants; return how many people and photos."""

    def work(tenant: Tenant) -> int:
        return delete_faces_of_leavers(tenant_id=tenant.id) + delete_old_photos(tenant_id=tenant.id)

    return for_each_tenant(work)


@app.periodic(cron="7 5 * * *")
@app.task(name="zhiheng.faces.count", queue="default", queueing_lock="zhiheng.faces.count")
def count(timestamp: int) -> int:
    """Count the stored faces of the whole installation and warn the operator when they have to be filed."""
    total = sum(face_counts().values())
    if total >= FILING_THRESHOLD:
        logger.warning(
            "%s faces are stored: file with the provincial authority within 30 working days", total
        )
    return total
