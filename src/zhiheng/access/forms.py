"""Forms of the settings pages and of the doors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from allauth.account.forms import SignupForm
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiheng.access import services
from zhiheng.access.actor import Actor
from zhiheng.access.choices import ScopeKind, Theme
from zhiheng.access.models import User
from zhiheng.access.permissions import Permission, all_permissions
from zhiheng.access.queries import assignable_roles, permissions_of_actor
from zhiheng.tenancy.models import LegalEntity, OrgUnit


def take_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what a service refused at the fields it names, else above the form."""
    named = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for field, messages in named.items():
        form.add_error(field if field in form.fields else None, messages)


class SignUpForm(SignupForm):
    """allauth's sign-up, for a company and its first user."""

    company_name = forms.CharField(
        label=_("公司名称"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    name = forms.CharField(
        label=_("您的姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("company_name", "name", "email", "password1")

    def save(self, request: HttpRequest) -> User:
        """Make the user and the company together."""
        with transaction.atomic():
            user = super().save(request)
            user.name = self.cleaned_data["name"].strip()
            user.save(update_fields=["name"])
            services.found_company(user=user, company_name=self.cleaned_data["company_name"])
        return user


class _RoleFields(forms.Form):
    """A role and what it is confined to, of those the actor may give and see."""

    role = forms.ChoiceField(label=_("角色"))
    within_legal_entity = forms.ChoiceField(label=_("限法人实体"), required=False)
    within_org_unit = forms.ChoiceField(
        label=_("限组织单元"), required=False, help_text=_("包含下级组织；与法人实体只能选其一。")
    )

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        roles = [(str(role.id), str(role)) for role in assignable_roles(actor)]
        self.fields["role"].choices = [("", _("请选择")), *roles]
        entities = LegalEntity.objects.filter(is_active=True)
        if actor.legal_entity_ids is not None:
            entities = entities.filter(id__in=actor.legal_entity_ids)
        self.fields["within_legal_entity"].choices = [
            ("", _("不限")), *((str(each.id), each.name) for each in entities)
        ]  # fmt: skip
        self.fields["within_org_unit"].choices = [("", _("不限")), *unit_choices()]

    def role_arguments(self) -> dict[str, UUID | None]:
        """Return the role and its confines as a service takes them."""
        data = self.cleaned_data
        return {
            "role": UUID(data["role"]),
            "within_legal_entity_id": UUID(data["within_legal_entity"])
            if data["within_legal_entity"]
            else None,
            "within_org_unit_id": UUID(data["within_org_unit"]) if data["within_org_unit"] else None,
        }


def unit_choices() -> list[tuple[str, str]]:
    """Return today's org units in tree order, indented by depth."""
    units = list(OrgUnit.objects.filter(valid__contains=timezone.localdate()))
    order = {unit.id: (unit.position, unit.code, str(unit.id)) for unit in units}
    units.sort(key=lambda unit: [order.get(each, (0, "", "")) for each in unit.path])
    return [(str(unit.id), "　" * (len(unit.path) - 1) + unit.name) for unit in units]


class InviteForm(_RoleFields):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    employee_number = forms.CharField(
        label=_("工号"), max_length=40, required=False, help_text=_("填写后，账户与这名员工关联。")
    )
    field_order = ("email", "employee_number", "role", "within_legal_entity", "within_org_unit")


class AddRoleForm(_RoleFields):
    """One more role for a member."""


class LinkPersonForm(forms.Form):
    """Which employee a member is."""

    employee_number = forms.CharField(
        label=_("工号"), max_length=40, required=False, help_text=_("留空则取消关联。")
    )


class AcceptForm(forms.Form):
    """What somebody new sets when they accept an invitation."""

    name = forms.CharField(
        label=_("您的姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("设置密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 个字符，不能全是数字，也不能是常见密码。"),
    )


class RoleForm(forms.Form):
    """A custom role: its name, and for every permission the scope it holds over (or none)."""

    name = forms.CharField(label=_("角色名称"), max_length=60)

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for each in all_permissions():
            self.fields[each.code] = _permission_field(each, actor)

    def kinds(self) -> dict[str, str]:
        """Return the chosen codes with their scope kinds."""
        return {
            each.code: self.cleaned_data[each.code]
            for each in all_permissions()
            if self.cleaned_data.get(each.code)
        }

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the permission fields under the name of their domain."""
        found: dict[str, list[forms.BoundField]] = {}
        for each in all_permissions():
            found.setdefault(each.domain, []).append(self[each.code])
        return [(domain_label(domain), fields) for domain, fields in found.items()]


def domain_label(domain: str) -> str:
    """Return the name of a domain; its code if it is no app."""
    try:
        return str(apps.get_app_config(domain).verbose_name)
    except LookupError:
        return domain


def _permission_field(permission: Permission, actor: Actor) -> forms.ChoiceField:
    """Return the choice of scope of a permission, disabled where the actor holds none to give."""
    kinds: Iterable[tuple[str, str]] = reversed(ScopeKind.choices)
    choices = (
        [("", _("无")), *kinds] if permission.is_scoped else [("", _("无")), (ScopeKind.TENANT, _("有"))]
    )
    field = forms.ChoiceField(label=permission.label, choices=choices, required=False)
    field.disabled = not actor.can(permission)
    return field


class TokenForm(forms.Form):
    """A new API token."""

    DAYS = (("30", _("30 天")), ("90", _("90 天")), ("365", _("1 年")), ("", _("不过期")))

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如用它的程序的名字。"))
    days = forms.ChoiceField(label=_("有效期"), choices=DAYS, initial="90", required=False)
    codes = forms.MultipleChoiceField(
        label=_("权限"), widget=forms.CheckboxSelectMultiple, help_text=_("只勾选程序用得到的权限。")
    )

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [
            (each.code, f"{domain_label(each.domain)} · {each.label}") for each in permissions_of_actor(actor)
        ]

    def expires_at(self) -> datetime | None:
        """Return the end of the last day of validity."""
        days = self.cleaned_data["days"]
        if not days:
            return None
        last = timezone.localdate() + timedelta(days=int(days))
        return timezone.make_aware(datetime.combine(last, time(23, 59, 59)))


class CompanyForm(forms.Form):
    """The company's profile."""

    name = forms.CharField(label=_("公司名称"), max_length=120)
    time_zone = forms.ChoiceField(label=_("时区"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc"))
        self.fields["time_zone"].choices = [(each, each) for each in zones]


class AccountForm(forms.Form):
    """One's own account."""

    name = forms.CharField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("界面语言"), choices=[("", _("跟随浏览器")), *settings.LANGUAGES], required=False
    )
    theme = forms.ChoiceField(label=_("主题"), choices=Theme)
