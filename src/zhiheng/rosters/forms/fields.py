"""What the forms of rosters are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.rosters.calc.clock import spans_from_text, spans_text
from zhiheng.webkit.forms import RefusableForm

NONE = [("", "–")]
INDENT = "\u3000"


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(label=label, required=required, widget=DayInput(), help_text=help_text)


def clock_field(label: str, *, help_text: str = "") -> forms.TimeField:
    """Return a field for a time of day, not required."""
    return forms.TimeField(label=label, required=False, widget=ClockInput(), help_text=help_text)


def minutes_of(time: dt.time | None) -> int | None:
    """Return a time of day in minutes."""
    return None if time is None else time.hour * 60 + time.minute


def time_of(minutes: int | None) -> dt.time | None:
    """Return minutes as a time of day; those of the next day lose their day."""
    return None if minutes is None else dt.time(minutes // 60 % 24, minutes % 60)


class ActorForm(RefusableForm):
    """A form whose choices depend on who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fill_choices()

    def fill_choices(self) -> None:
        """Put the choices into their fields."""

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return self.cleaned_data


class SpansField(forms.CharField):
    """Spans of a day in words: 12:00-13:00, 18:00-18:30."""

    def to_python(self, value: Any) -> tuple[tuple[int, int], ...]:
        try:
            return spans_from_text(super().to_python(value))
        except ValueError as error:
            message = _("看不懂“{part}”，请写成 12:00-13:00，多个时段用逗号隔开。")
            raise ValidationError(message.format(part=str(error).strip()), code="spans") from None

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else spans_text(value)
