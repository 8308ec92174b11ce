"""How long people had worked before they came."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.files.public import save_file
from zhiheng.leave.calc.yearly import months_between
from zhiheng.leave.models import ServiceRecord
from zhiheng.leave.policies import ADJUST_BALANCE
from zhiheng.leave.services.requests import Attachment
from zhiheng.people.public import employments_by_person, persons_by_id


def set_service(
    *,
    actor: Actor,
    person_id: UUID,
    first_worked_on: dt.date | None = None,
    months_before: int | None = None,
    note: str = "",
    evidence: Attachment | None = None,
) -> UUID:
    """Keep how long somebody had worked before: months, or the day they first worked, without a gap since.

    Annual leave follows at the next daily run. 404 for somebody outside the scope.
    """
    person = persons_by_id([person_id]).get(person_id)
    if person is None or not actor.scope(ADJUST_BALANCE).has(
        person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=person.legal_entity_id
    ):
        raise Http404
    months = _months(person_id, first_worked_on, months_before)
    values = {
        "legal_entity_id": person.legal_entity_id, "first_worked_on": first_worked_on, "months_before": months,
        "note": note.strip(), "set_by": actor.name,
    }  # fmt: skip
    if evidence is not None:
        name, content = evidence
        values["evidence_id"] = save_file(
            actor, name=name, content=content, kind="leave.evidence", legal_entity_id=person.legal_entity_id
        )
    row, _is_new = ServiceRecord.objects.update_or_create(person_id=person_id, defaults=values)
    payload = {"months_before": months, "first_worked_on": first_worked_on, "note": note}
    record(actor, "leave.servicerecord.set", subject=("leave.servicerecord", row.id), payload=payload)
    return row.id


def _months(person_id: UUID, first_worked_on: dt.date | None, months_before: int | None) -> int:
    if months_before is not None:
        return months_before
    if first_worked_on is None:
        raise ValidationError(_("请填写首次参加工作日期，或入职前累计工作月数。"), code="nothing")
    hired_on = employments_by_person([person_id])[person_id].hired_on
    if first_worked_on > hired_on:
        raise ValidationError({"first_worked_on": _("首次参加工作日期不能晚于入职日期。")}, code="late")
    return months_between(first_worked_on, hired_on)
