"""What the database refuses, said so that the reader knows who and which days it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiheng.people.models import Assignment, Employment, Person


def refuse(field: str, message: str, code: str = "refused") -> ValidationError:
    """Return the refusal of one field of a form or request; "" is none in particular."""
    error = ValidationError(message, code=code)
    return ValidationError({field: error}) if field else error


@dataclass(frozen=True)
class Attempt:
    """What a service is about to write: whose row, over which days, with which number and legal entity."""

    person: Person
    period: DateRange | None = None
    employee_number: str = ""
    legal_entity_id: UUID | None = None
    assignment_id: UUID | None = None


@contextmanager
def clear_refusals(attempt: Attempt) -> Iterator[None]:
    """Turn violated constraints of people's tables into `ValidationError`s that name person and days.

    PostgreSQL itself does not tell what a row clashed with where row-level security applies.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        said = _said(constraint, attempt)
        if said is None:
            raise
        raise said from error


def _said(constraint: str, attempt: Attempt) -> ValidationError | None:
    name = attempt.person.name
    if constraint == "employment_overlap":
        message = _("%(name)s 在 %(period)s 已有任职，期间不能重叠。")
        rows = Employment.objects.filter(person=attempt.person, legal_entity_id=attempt.legal_entity_id)
        return refuse("hired_on", message % {"name": name, "period": _clash(rows, attempt)}, "overlap")
    if constraint == "assignment_overlap":
        message = _("%(name)s 在 %(period)s 已有主岗安排，期间不能重叠。")
        rows = Assignment.objects.filter(person=attempt.person, is_primary=True)
        rows = rows.exclude(id=attempt.assignment_id)
        return refuse("from_on", message % {"name": name, "period": _clash(rows, attempt)}, "overlap")
    if constraint == "employment_number":
        return number_taken(attempt.employee_number, attempt.legal_entity_id)
    if constraint == "assignment_manager":
        return refuse("manager", _("%(name)s 不能是自己的直接上级。") % {"name": name}, "cycle")
    return None


def _clash(rows: QuerySet, attempt: Attempt) -> str:
    """Return the period of the row that was in the way."""
    found = rows.filter(valid__overlap=attempt.period).order_by("valid").first()
    return shown_period(found.valid.lower, found.valid.upper) if found else _("同一时间")


def number_taken(number: str, legal_entity_id: object) -> ValidationError:
    """Return the refusal of an employee number that somebody else has, or once had."""
    rows = Employment.objects.filter(legal_entity_id=legal_entity_id, employee_number__iexact=number)
    found = rows.values_list("person__name", flat=True).first()
    message = _("工号 %(number)s 已属于 %(name)s，工号不能重复使用。")
    return refuse(
        "employee_number", message % {"number": number, "name": found or _("另一名员工")}, "duplicate"
    )


def shown_period(lower: date, upper: date | None) -> str:
    """Return a half-open period as people say it: first day to last day."""
    if upper is None:
        return _("%(from)s 起") % {"from": lower}
    return _("%(from)s 至 %(to)s") % {"from": lower, "to": upper - timedelta(days=1)}
