"""Forms of people. They shape input; what is allowed is decided by the services."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.people.choices import EmploymentKind, Gender, IdentifierKind
from zhiheng.people.queries.org_units import legal_entities_for_actor, positions_for_actor, unit_choices
from zhiheng.people.queries.persons import person_by_number_or_name
from zhiheng.tenancy.choices import OrgUnitKind
from zhiheng.webkit.forms import RefusableForm

Choices = list[tuple[str, str]]
NONE: Choices = [("", "–")]
INDENT = "\u3000"


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(label=label, required=required, widget=DayInput(), help_text=help_text)


def units(actor: Actor, on: date | None = None) -> Choices:
    """Return the org units as an indented list."""
    found = unit_choices(actor, on or timezone.localdate())
    return [*NONE, *((str(each), INDENT * depth + name) for each, name, depth in found)]


class ActorForm(RefusableForm):
    """A form whose choices depend on who fills it in."""

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fill_choices()

    def fill_choices(self) -> None:
        """Put the choices into their fields."""


class PlaceForm(ActorForm):
    """Where, as what and under whom somebody works."""

    org_unit = forms.TypedChoiceField(label=_("部门"), coerce=UUID)
    position = forms.TypedChoiceField(label=_("职位"), coerce=UUID, required=False, empty_value=None)
    manager = forms.CharField(
        label=_("直接上级"), max_length=80, required=False, help_text=_("填工号，或没有重名时填姓名。")
    )
    shift_name = forms.CharField(label=_("班次"), max_length=40, required=False)

    def fill_choices(self) -> None:
        self.fields["org_unit"].choices = units(self.actor)
        rows = positions_for_actor(self.actor).filter(is_active=True)
        self.fields["position"].choices = [*NONE, *((str(row.id), row.name) for row in rows)]

    def clean_manager(self) -> UUID | None:
        text = self.cleaned_data["manager"].strip()
        if not text:
            return None
        found = person_by_number_or_name(self.actor, text)
        if found is None:
            raise ValidationError(_("没有找到，或有重名：请填工号。"))
        return found

    def place(self) -> dict[str, object]:
        """Return the place as services take it."""
        data = self.cleaned_data
        return {
            "org_unit_id": data["org_unit"],
            "position_id": data["position"],
            "manager_id": data["manager"],
            "shift_name": data["shift_name"],
        }


class HireForm(PlaceForm):
    """Somebody new."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    employee_number = forms.CharField(label=_("工号"), max_length=40)
    hired_on = day(_("入职日期"))
    kind = forms.ChoiceField(label=_("用工形式"), choices=EmploymentKind)
    probation_until = day(_("试用期至"), required=False)
    gender = forms.ChoiceField(label=_("性别"), choices=Gender, initial=Gender.UNKNOWN)
    birth_on = day(_("出生日期"), required=False)
    email = forms.EmailField(label=_("工作邮箱"), required=False)
    phone = forms.CharField(label=_("手机"), max_length=40, required=False)
    id_card = forms.CharField(
        label=_("居民身份证"),
        max_length=40,
        required=False,
        help_text=_("加密保存，页面上只显示遮盖后的号码。"),
    )
    field_order = (
        "name", "employee_number", "hired_on", "kind", "org_unit", "position", "manager", "shift_name",
        "probation_until", "gender", "birth_on", "email", "phone", "id_card",
    )  # fmt: skip

    def values(self) -> dict[str, object]:
        """Return what `hire_person` takes."""
        names = (
            "name",
            "employee_number",
            "hired_on",
            "kind",
            "probation_until",
            "gender",
            "birth_on",
            "email",
        )
        own = {name: self.cleaned_data[name] for name in names}
        held = {kind: self.cleaned_data[kind] for kind in ("phone", "id_card")}
        return {**own, **self.place(), "identifiers": held}


class RehireForm(PlaceForm):
    """Somebody who comes back."""

    employee_number = forms.CharField(label=_("工号"), max_length=40)
    hired_on = day(_("入职日期"))
    kind = forms.ChoiceField(label=_("用工形式"), choices=EmploymentKind)
    probation_until = day(_("试用期至"), required=False)
    field_order = (
        "employee_number",
        "hired_on",
        "kind",
        "probation_until",
        "org_unit",
        "position",
        "manager",
    )

    def values(self) -> dict[str, object]:
        """Return what `rehire_person` takes."""
        names = ("employee_number", "hired_on", "kind", "probation_until")
        return {**{name: self.cleaned_data[name] for name in names}, **self.place()}


class TransferForm(PlaceForm):
    """Another place from a day on."""

    from_on = day(_("生效日期"), help_text=_("从这一天起按新的安排；到下一次已安排的变动为止。"))
    field_order = ("from_on", "org_unit", "position", "manager", "shift_name")

    def values(self) -> dict[str, object]:
        """Return what `transfer_person` takes."""
        return {"from_on": self.cleaned_data["from_on"], **self.place()}


class CorrectForm(PlaceForm):
    """What an assignment should have said."""

    from_on = day(_("开始日期"))
    last_on = day(_("结束日期"), required=False, help_text=_("最后一天（含）；留空表示至今。"))
    reason = forms.CharField(label=_("更正原因"), max_length=200)
    field_order = ("from_on", "last_on", "org_unit", "position", "manager", "shift_name", "reason")

    def values(self) -> dict[str, object]:
        """Return what `correct_assignment` takes."""
        names = ("from_on", "last_on", "reason")
        return {**{name: self.cleaned_data[name] for name in names}, **self.place()}


class LeaveForm(ActorForm):
    """The end of an employment."""

    last_on = day(_("最后工作日"), help_text=_("这一天仍算在职，次日起为已离职。"))
    reason = forms.CharField(label=_("离职原因"), max_length=200, required=False)

    def values(self) -> dict[str, object]:
        """Return what `end_employment` takes."""
        return dict(self.cleaned_data)


class PersonForm(ActorForm):
    """What a person is called, and so on."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    gender = forms.ChoiceField(label=_("性别"), choices=Gender)
    birth_on = day(_("出生日期"), required=False)
    email = forms.EmailField(label=_("工作邮箱"), required=False)

    def values(self) -> dict[str, object]:
        """Return what `update_person` takes."""
        return dict(self.cleaned_data)


class IdentifierForm(ActorForm):
    """An identifier to keep."""

    kind = forms.ChoiceField(label=_("类型"), choices=IdentifierKind)
    text = forms.CharField(
        label=_("号码"), max_length=60, required=False, help_text=_("留空则删除已保存的号码。")
    )

    def values(self) -> dict[str, object]:
        """Return what `set_identifier` takes."""
        return dict(self.cleaned_data)


class RevealForm(ActorForm):
    """Why somebody wants to see an identifier in plain."""

    reason = forms.CharField(
        label=_("查看原因"), max_length=200, help_text=_("原因与查看时间会写入审计日志，本人可以要求查阅。")
    )


class OrgUnitForm(ActorForm):
    """A new org unit."""

    name = forms.CharField(label=_("名称"), max_length=120)
    code = forms.CharField(label=_("编码"), max_length=40)
    parent = forms.TypedChoiceField(label=_("上级组织"), coerce=UUID, required=False, empty_value=None)
    legal_entity = forms.TypedChoiceField(label=_("法人实体"), coerce=UUID)
    kind = forms.ChoiceField(label=_("类型"), choices=OrgUnitKind, initial=OrgUnitKind.DEPARTMENT)
    from_on = day(_("启用日期"))

    def fill_choices(self) -> None:
        self.fields["parent"].choices = units(self.actor)
        rows = legal_entities_for_actor(self.actor)
        self.fields["legal_entity"].choices = [(str(row.id), row.name) for row in rows]

    def values(self) -> dict[str, object]:
        """Return what `create_org_unit` takes."""
        data = dict(self.cleaned_data)
        data["parent_id"], data["legal_entity_id"] = data.pop("parent"), data.pop("legal_entity")
        return data


class OrgUnitNameForm(ActorForm):
    """What an org unit is called."""

    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类型"), choices=OrgUnitKind)
    position = forms.IntegerField(label=_("排序"), help_text=_("同级中数字小的排在前面。"))

    def values(self) -> dict[str, object]:
        """Return what `rename_org_unit` takes."""
        return dict(self.cleaned_data)


class OrgUnitMoveForm(ActorForm):
    """Under which unit an org unit goes, with all below it."""

    parent = forms.TypedChoiceField(label=_("新的上级组织"), coerce=UUID, required=False, empty_value=None,
                                    help_text=_("下级组织随同移动；留空则成为最上级。"))  # fmt: skip

    def fill_choices(self) -> None:
        self.fields["parent"].choices = units(self.actor)

    def values(self) -> dict[str, object]:
        """Return what `move_org_unit` takes."""
        return {"parent_id": self.cleaned_data["parent"]}


class OrgUnitCloseForm(ActorForm):
    """The last day of an org unit."""

    last_on = day(_("最后一天"), help_text=_("次日起停用；届时不能再有人员或下级组织。"))

    def values(self) -> dict[str, object]:
        """Return what `close_org_unit` takes."""
        return dict(self.cleaned_data)


class PositionForm(ActorForm):
    """A position."""

    name = forms.CharField(label=_("名称"), max_length=80)
    code = forms.CharField(label=_("编码"), max_length=40)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def values(self) -> dict[str, object]:
        """Return what `save_position` takes."""
        return dict(self.cleaned_data)


class LegalEntityForm(ActorForm):
    """A subsidiary."""

    name = forms.CharField(label=_("名称"), max_length=120)
    code = forms.CharField(label=_("编码"), max_length=40)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("国家或地区"), initial="CN", help_text=_("两位代码，如 CN。")
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$", label=_("币种"), initial="CNY", help_text=_("三位代码，如 CNY。")
    )
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def values(self) -> dict[str, object]:
        """Return what `save_legal_entity` takes."""
        return dict(self.cleaned_data)
