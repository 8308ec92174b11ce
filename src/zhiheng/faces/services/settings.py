"""The tenant's settings of faces."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.faces.models import FaceSetting
from zhiheng.faces.policies import MANAGE_SETTING
from zhiheng.faces.queries.settings import current_setting

FIELDS = ("accept", "review", "identify", "margin", "keep_days")


@transaction.atomic
def change_setting(
    *, actor: Actor, accept: Decimal, review: Decimal, identify: Decimal, margin: Decimal, keep_days: int
) -> FaceSetting:
    """Change thresholds and the days photos are kept; ValidationError for values out of range or order."""
    actor.scope(MANAGE_SETTING)
    FaceSetting.objects.select_for_update().first()
    setting = current_setting()
    before = {name: str(getattr(setting, name)) for name in FIELDS}
    setting.accept, setting.review, setting.identify = accept, review, identify
    setting.margin, setting.keep_days = margin, keep_days
    setting.full_clean()
    setting.save()
    after = {name: str(getattr(setting, name)) for name in FIELDS}
    payload = {"before": before, "after": after}
    record(actor, "faces.setting.change", subject=("faces.setting", setting.id), payload=payload)
    return setting
