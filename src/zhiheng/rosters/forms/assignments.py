"""Forms of shift assignments and working-time systems."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.people.public import person_ids_by_number, persons_by_id
from zhiheng.rosters.choices import SettlementPeriod, WorkingTimeKind
from zhiheng.rosters.forms.fields import (
    INDENT,
    NONE,
    ActorForm,
    day,
)
from zhiheng.rosters.policies import MANAGE_ASSIGNMENT
from zhiheng.rosters.queries.board import units_for_actor
from zhiheng.rosters.queries.definitions import rotation_choices, shift_choices
from zhiheng.rosters.services.assignments import Subject


class SubjectForm(ActorForm):
    """A person or an org unit, over some days."""

    number = forms.CharField(
        label=gettext_lazy("工号"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("填工号，或选择部门。"),
    )
    org_unit_id = forms.TypedChoiceField(
        label=gettext_lazy("部门"), coerce=UUID, required=False, empty_value=None
    )
    valid_from = day(gettext_lazy("从"))
    valid_until = day(gettext_lazy("到（含）"), required=False, help_text=gettext_lazy("留空表示一直有效。"))

    def fill_choices(self) -> None:
        found = units_for_actor(self.actor, timezone.localdate(), MANAGE_ASSIGNMENT)
        self.fields["org_unit_id"].choices = [
            *NONE, *((str(unit.id), INDENT * depth + unit.name) for unit, depth in found)
        ]  # fmt: skip

    def clean_number(self) -> UUID | None:
        """Return the person with the number typed."""
        number = self.cleaned_data["number"]
        if not number:
            return None
        found = person_ids_by_number([number])
        if number not in found or found[number] not in persons_by_id(found.values()):
            raise ValidationError(_("没有工号为「{number}」的员工。").format(number=number))
        return found[number]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "number" not in self.errors and bool(data.get("number")) == bool(data.get("org_unit_id")):
            self.add_error("number", _("请填写工号或选择部门，二者选一。"))
        return data

    def subject(self) -> Subject:
        """Return the subject as services take it."""
        data = self.cleaned_data
        until = data["valid_until"]
        return Subject(
            data["valid_from"], data["number"], data["org_unit_id"], until and until + dt.timedelta(days=1)
        )


class AssignmentForm(SubjectForm):
    """A shift or rotation for a person or org unit."""

    what = forms.ChoiceField(label=gettext_lazy("班次或轮班规律"))
    follows_calendar = forms.BooleanField(
        label=gettext_lazy("只在工作日上班"), required=False, initial=True,
        help_text=gettext_lazy("只对班次有效：休息日和节假日不排班；不勾选则每天都上班。"),
    )  # fmt: skip
    anchor_on = day(
        gettext_lazy("循环第 1 天"), required=False,
        help_text=gettext_lazy("只对轮班规律有效：这些人从哪天开始一个循环；几个班组填不同的日子。"),
    )  # fmt: skip

    def fill_choices(self) -> None:
        super().fill_choices()
        self.fields["what"].choices = [
            *NONE,
            (gettext_lazy("班次"), [(f"shift:{each}", label) for each, label in shift_choices()]),
            (gettext_lazy("轮班规律"), [(f"rotation:{each}", label) for each, label in rotation_choices()]),
        ]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        kind, _colon, what = data["what"].partition(":")
        return {
            "subject": self.subject(), f"{kind}_id": UUID(what), "follows_calendar": data["follows_calendar"],
            "anchor_on": data["anchor_on"],
        }  # fmt: skip


class WorkingTimeForm(SubjectForm):
    """A working-time system for a person or org unit."""

    kind = forms.ChoiceField(label=gettext_lazy("工时制"), choices=WorkingTimeKind)
    period = forms.ChoiceField(
        label=gettext_lazy("计算周期"), required=False, choices=[*NONE, *SettlementPeriod.choices],
        help_text=gettext_lazy("综合计算工时制在周期内合计工时。"),
    )  # fmt: skip
    approval_number = forms.CharField(
        label=gettext_lazy("批准文号"), max_length=80, required=False,
        help_text=gettext_lazy("劳动行政部门批准实行综合计算或不定时工时制的文号。"),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        names = ("kind", "period", "approval_number")
        return {"subject": self.subject(), **{name: self.cleaned_data[name] for name in names}}


class EndForm(ActorForm):
    """The last day of something."""

    last_on = day(gettext_lazy("最后一天"), help_text=gettext_lazy("早于开始日期则整条删除。"))

    def values(self) -> dict[str, Any]:
        return {"valid_to": self.cleaned_data["last_on"] + dt.timedelta(days=1)}
