"""Forms of projects and timesheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.people.public import org_units
from zhiheng.worklog.calc.weeks import parse_minutes
from zhiheng.worklog.forms.base import ActorForm, day, person_of
from zhiheng.worklog.policies import MANAGE_PROJECT
from zhiheng.worklog.queries.timesheets import Week
from zhiheng.worklog.services.projects import ProjectData


class ProjectForm(ActorForm):
    """A project."""

    code = forms.CharField(label=gettext_lazy("项目编号"), max_length=40)
    name = forms.CharField(label=gettext_lazy("项目名称"), max_length=120)
    org_unit_id = forms.TypedChoiceField(label=gettext_lazy("负责部门"), coerce=UUID)
    starts_on = day(gettext_lazy("开始日期"), required=False)
    ends_on = day(gettext_lazy("结束日期"), required=False)
    is_open = forms.BooleanField(label=gettext_lazy("同一法人实体的所有人都可填报"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def fill_choices(self) -> None:
        scope = self.actor.scope(MANAGE_PROJECT)
        self.fields["org_unit_id"].choices = [
            ("", "–"),
            *(
                (str(each.id), each.name)
                for each in org_units()
                if scope.has(person_id=None, org_unit_id=each.id, legal_entity_id=each.legal_entity_id)
            ),
        ]

    def values(self) -> dict[str, Any]:
        return {"data": ProjectData(**self.cleaned_data)}


class ActivityForm(ActorForm):
    """An activity of a project."""

    name = forms.CharField(label=gettext_lazy("活动名称"), max_length=60)
    planned_days = forms.DecimalField(
        label=gettext_lazy("计划工作日"), min_value=0, max_digits=7, decimal_places=2, required=False
    )


class MembersForm(ActorForm):
    """Who may log hours on a project: employee numbers, one a line."""

    members = forms.CharField(
        label=gettext_lazy("成员工号"), required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("每行一个工号，也可用逗号隔开。"),
    )  # fmt: skip

    def clean_members(self) -> list[UUID]:
        """Return the people with the numbers typed."""
        numbers = self.cleaned_data["members"].replace("，", ",").replace(",", "\n").split()
        return [found for number in numbers if (found := person_of(number))]

    def values(self) -> dict[str, Any]:
        return {"person_ids": self.cleaned_data["members"]}


def typed_cells(week: Week, typed: Mapping[str, str]) -> dict[tuple[UUID, dt.date], int]:
    """Return the minutes typed into a week's grid; ValidationError names the first cell that is no time."""
    found = {}
    for line in week.lines:
        for cell in line.cells:
            if cell.name not in typed:
                continue
            try:
                found[line.activity.id, cell.on] = parse_minutes(typed[cell.name])
            except ValueError:
                raise ValidationError(
                    _("「{activity}」{day} 的工时「{text}」看不懂，请填 2、1.5 或 1:30。").format(
                        activity=line.activity.name, day=cell.on, text=typed[cell.name]
                    )
                ) from None
    return found
