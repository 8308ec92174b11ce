"""Making requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.attendance.calc.requests import Draft, Finding, check
from zhiheng.attendance.choices import RequestKind, TimeRequestState, WhoMayAsk
from zhiheng.attendance.models import TimeRequest
from zhiheng.attendance.policies import CREATE_REQUEST, OVERRIDE_REQUEST
from zhiheng.attendance.queries.request_facts import facts_for, has_roster, tenant_zone
from zhiheng.attendance.queries.requests import rules_of, rules_row, who_may_ask
from zhiheng.attendance.services.requests.shared import SUBJECT, ask_for_approval, lock_person
from zhiheng.attendance.wording import finding_text
from zhiheng.audit.public import record
from zhiheng.files.public import save_file
from zhiheng.people.public import PersonRef, persons_by_id

EVIDENCE_KINDS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf"})
EVIDENCE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class NewRequest:
    """A request to make; see `TimeRequest` for the fields. ``evidence``: name and content of a file."""

    kind: str
    person_id: UUID
    from_on: dt.date
    to_on: dt.date
    reason: str
    from_at: dt.datetime | None = None
    to_at: dt.datetime | None = None
    minutes: int | None = None
    compensation: str = ""
    end: str = ""
    is_device_failure: bool = False
    place: str = ""
    other_person_id: UUID | None = None
    other_on: dt.date | None = None
    evidence: tuple[str, bytes] | None = None


class NeedsConfirmation(ValidationError):
    """Something that the applicant has to know and confirm before the request is made."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(list(texts))
        self.code = "needs_confirmation"


def create_request(*, actor: Actor, new: NewRequest, is_confirmed: bool = False) -> UUID:
    """Make a request and ask for its approval, a swap for the colleague's consent first; returns its id.

    ValidationError says what is wrong and what to do about it; `NeedsConfirmation` what to confirm.
    """
    person = _applicant(actor, new)
    rules = rules_row()
    _check_who(actor, person, who_may_ask(rules, new.kind))
    lock_person(person.id)
    zone = tenant_zone()
    draft = _draft(new)
    facts = facts_for(
        person.id, draft, legal_entity_id=person.legal_entity_id, zone=zone,
        may_override=_may_override(actor, person),
    )  # fmt: skip
    _check_colleague(new, person)
    findings = check(draft, rules_of(rules), facts)
    _refuse(findings, is_confirmed=is_confirmed)
    request = _store(actor, new, person, zone, findings)
    payload = {
        "person": person.id,
        "kind": new.kind,
        "from": new.from_on,
        "to": new.to_on,
        "minutes": new.minutes,
    }
    record(actor, f"{SUBJECT}.create", subject=(SUBJECT, request.id), payload=payload)
    if request.state == TimeRequestState.PENDING:
        ask_for_approval(actor, request)
    return request.id


def _applicant(actor: Actor, new: NewRequest) -> PersonRef:
    """Return whom the request is for; `Forbidden` for somebody outside the actor's scope."""
    scope = actor.scope(CREATE_REQUEST)
    person = persons_by_id([new.person_id]).get(new.person_id)
    if person is None or not scope.has(**_where(person)):
        raise Forbidden(CREATE_REQUEST)
    return person


def _where(person: PersonRef) -> dict[str, UUID | None]:
    return {
        "person_id": person.id,
        "org_unit_id": person.org_unit_id,
        "legal_entity_id": person.legal_entity_id,
    }


def _check_who(actor: Actor, person: PersonRef, who: str) -> None:
    is_own = actor.person_id == person.id
    scope = actor.scope(CREATE_REQUEST)
    is_manager = scope.has(**{**_where(person), "person_id": None})
    if who == WhoMayAsk.NOBODY:
        raise ValidationError(_("本公司没有启用这种申请，请联系人事。"), code="not_offered")
    if who == WhoMayAsk.MANAGERS and (is_own and not is_manager):
        raise ValidationError(_("这种申请由部门负责人或人事代为提交，请联系他们。"), code="managers_only")


def _may_override(actor: Actor, person: PersonRef) -> bool:
    """Tell whether deadlines and quotas do not bind the actor: HR for others, never for themselves."""
    return (
        actor.can(OVERRIDE_REQUEST)
        and actor.person_id != person.id
        and actor.scope(OVERRIDE_REQUEST).has(**_where(person))
    )


def _draft(new: NewRequest) -> Draft:
    return Draft(
        kind=new.kind, from_on=new.from_on, to_on=new.to_on, from_at=new.from_at, to_at=new.to_at,
        minutes=new.minutes or 0, compensation=new.compensation, end=new.end,
        is_device_failure=new.is_device_failure,
    )  # fmt: skip


def _check_colleague(new: NewRequest, person: PersonRef) -> None:
    """Refuse a swap with somebody who cannot swap with the applicant."""
    if new.kind != RequestKind.SWAP:
        return
    other = persons_by_id([new.other_person_id]).get(new.other_person_id) if new.other_person_id else None
    if other is None or other.id == person.id or other.legal_entity_id != person.legal_entity_id:
        raise ValidationError({"other_person_id": _("请选择同一公司的一位同事来换班。")}, code="no_colleague")
    if new.other_on is None:
        raise ValidationError({"other_on": _("请选择同事的班次日期。")}, code="no_day")
    for each in (person, other):
        for on in sorted({new.from_on, new.other_on}):
            if not has_roster(each.id, on):
                message = _("{name}在 {on} 没有排班，不能换班。请先由排班负责人排班，或选择其他日期。")
                raise ValidationError(message.format(name=each.name, on=on), code="no_shift")


def _refuse(findings: Sequence[Finding], *, is_confirmed: bool) -> None:
    errors = [str(finding_text(each)) for each in findings if each.is_error]
    if errors:
        raise ValidationError(errors)
    if findings and not is_confirmed:
        raise NeedsConfirmation([str(finding_text(each)) for each in findings])


def _store(
    actor: Actor, new: NewRequest, person: PersonRef, zone: str, findings: Sequence[Finding]
) -> TimeRequest:
    is_swap = new.kind == RequestKind.SWAP
    request = TimeRequest(
        kind=RequestKind(new.kind), person_id=person.id, org_unit_id=person.org_unit_id,
        legal_entity_id=person.legal_entity_id, from_on=new.from_on, to_on=new.to_on, from_at=new.from_at,
        to_at=new.to_at, zone=zone, minutes=new.minutes, compensation=new.compensation, end=new.end,
        is_device_failure=new.is_device_failure, place=new.place.strip(), reason=new.reason.strip(),
        state=TimeRequestState.ASKED if is_swap else TimeRequestState.PENDING,
        other_person_id=new.other_person_id if is_swap else None, other_on=new.other_on if is_swap else None,
        evidence_id=_evidence(actor, new, person), created_by=actor.name,
        warnings=[[each.code, _plain(each)] for each in findings],
    )  # fmt: skip
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("这一天的这次卡已经有补卡申请，请先撤回它。"), code="overlap") from error
    return request


def _plain(finding: Finding) -> dict[str, object]:
    """Return the figures of a finding as JSON keeps them."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in finding.params
    }


def _evidence(actor: Actor, new: NewRequest, person: PersonRef) -> UUID | None:
    """Store the file that proves the request, if there is one."""
    if new.evidence is None:
        return None
    name, content = new.evidence
    if PurePath(name).suffix.lower() not in EVIDENCE_KINDS:
        raise ValidationError({"evidence": _("凭证请上传图片（JPG、PNG、WebP、HEIC）或 PDF 文件。")})
    if not content or len(content) > EVIDENCE_BYTES:
        raise ValidationError({"evidence": _("凭证文件不能为空，也不能超过 10 MB，请压缩后重新上传。")})
    return save_file(
        actor, name=name, content=content, kind="attendance.evidence", legal_entity_id=person.legal_entity_id
    )
