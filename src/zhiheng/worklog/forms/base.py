"""What the forms of the work log share."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.people.public import person_ids_by_number
from zhiheng.webkit.forms import RefusableForm


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(label=label, required=required, widget=DayInput(), help_text=help_text)


class ActorForm(RefusableForm):
    """A form whose choices depend on who fills it in."""

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fill_choices()

    def fill_choices(self) -> None:
        """Put the choices into their fields."""

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data)


def person_of(number: str) -> UUID | None:
    """Return the person with an employee number, ``None`` for nothing; ValidationError for a number nobody has."""
    if not number.strip():
        return None
    found = person_ids_by_number([number])
    if number not in found:
        raise ValidationError(_("没有工号为「{number}」的员工。").format(number=number))
    return found[number]


def at(on: dt.date, clock: dt.time | None) -> dt.datetime | None:
    """Return the instant of a local day and time; ``None`` without a time."""
    if clock is None:
        return None
    return dt.datetime.combine(on, clock, timezone.get_current_timezone())
