"""Requests for approval, of a kind of the tests' own."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse

from zhiheng.approvals.models import ApprovalStep
from zhiheng.approvals.public import ApprovalKind, register_kind, start_approval
from zhiheng.people.models import Person

KINDS = {"approval_id": "approval"}
FIELD_KINDS = {"step_id": "approval_step"}
OF_PEOPLE = {"approval", "approval_step"}
BODY_WORDS = {"comment": "同意"}


def _nothing(actor: object, subject_id: object) -> None:
    """Do nothing: the subjects of the tests are not there."""


register_kind(
    ApprovalKind(
        "test.thing", "示例申请", _nothing, _nothing, _nothing, lambda subject_id: reverse("dashboard")
    )
)


def _start(company, actor, person: Person, text: str):
    return start_approval(
        actor=actor, kind="test.thing", subject_id=uuid4(), person_id=person.id, summary=text,
        details=[("事由", text)],
    )  # fmt: skip


def add(company, actor) -> None:
    """Let one person of each department ask for something."""
    for key, name, code, _email in company.people():
        if not key.endswith("02"):
            continue
        person = Person.objects.get(employee_number=key)
        found = company.ids[code]
        found["approval"] = _start(company, actor, person, f"{name}的申请")
        found["approval_step"] = ApprovalStep.objects.filter(request_id=found["approval"])[0].id


def crowd(company, actor, count: int) -> None:
    """Let one person ask for many things."""
    person = Person.objects.get(employee_number="S102")
    for number in range(count):
        _start(company, actor, person, f"{company.name}{number}")
