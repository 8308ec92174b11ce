"""Forms of connections: made from what a connector asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhiheng.audit.public import domain_choices
from zhiheng.connectors.calc.mapping import Condition, Rule, Rules, Target
from zhiheng.connectors.registry import Connector, Field
from zhiheng.connectors.services.connections import ConnectionData
from zhiheng.connectors.services.syncs import Window
from zhiheng.connectors.services.webhooks import WebhookData
from zhiheng.connectors.wording import OPERATORS, RULE_KINDS
from zhiheng.webkit.forms import RefusableForm

EVERY = (
    (15, _("每 15 分钟")),
    (60, _("每小时")),
    (360, _("每 6 小时")),
    (1440, _("每天")),
    ("", _("只手动同步")),
)


class ConnectionForm(RefusableForm):
    """Name, schedule, and the settings of one connector. Secrets are never shown; left empty they stay."""

    name = forms.CharField(label=_("名称"), max_length=120)
    code = forms.SlugField(
        label=_("编码"), max_length=40, help_text=_("字母、数字、下划线或短横线，之后不能更改。")
    )

    def __init__(
        self,
        posted: Any,
        *,
        connector: Connector,
        known: Mapping[str, Any] | None = None,
        initial: Any = None,
    ) -> None:
        super().__init__(posted, initial=initial)
        self.connector = connector
        if known is not None:
            del self.fields["code"]
        for each in connector.fields:
            self.fields[each.name] = _field(each, is_kept=known is not None and each.name in known)
        self.fields["every_minutes"] = forms.TypedChoiceField(
            label=_("同步频率"), choices=EVERY, initial=60, required=False, coerce=int, empty_value=None
        )
        self.fields["is_on_premise"] = forms.BooleanField(
            label=_("系统在公司内网"), required=False,
            help_text=_("勾选后允许访问内网地址；不勾选时只能访问公网。"),
        )  # fmt: skip

    def data_given(self) -> ConnectionData:
        """Return what was entered."""
        found = self.cleaned_data
        settings = {each.name: found.get(each.name, "") for each in self.connector.fields}
        return ConnectionData(found["name"], settings, found["every_minutes"], found["is_on_premise"])


def _field(each: Field, *, is_kept: bool) -> forms.Field:
    help_text = each.shown_help
    if each.kind == "secret":
        help_text = f"{_t('已设置，留空表示不变。')}{help_text}" if is_kept else help_text
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(
            label=each.shown, required=each.is_required and not is_kept, help_text=help_text, widget=widget,
            max_length=2000, strip=True,
        )  # fmt: skip
    if each.kind == "manifest":
        widget = forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "hr-code"})
        return forms.CharField(
            label=each.shown, required=each.is_required, help_text=help_text, widget=widget, initial=each.default,
            max_length=100_000,
        )  # fmt: skip
    if each.choices:
        return forms.ChoiceField(label=each.shown, choices=each.choices, help_text=help_text)
    kind = forms.URLField if each.kind == "url" else forms.CharField
    more = {"assume_scheme": "https"} if each.kind == "url" else {}
    return kind(
        label=each.shown,
        required=each.is_required,
        help_text=help_text,
        initial=each.default,
        max_length=500,
        **more,
    )


def initial_of(connection: Any) -> dict[str, Any]:
    """Return what the form of a connection starts with."""
    settings = {
        name: json.dumps(value, ensure_ascii=False, indent=2) if isinstance(value, dict) else value
        for name, value in connection.settings.items()
    }
    return {
        **settings,
        "name": connection.source.name,
        "every_minutes": connection.every_minutes or "",
        "is_on_premise": connection.is_on_premise,
    }


class WindowForm(RefusableForm):
    """Days to read again."""

    first = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("到"), widget=forms.DateInput(attrs={"type": "date"}))

    def window(self) -> Window:
        """Return the days."""
        return Window(self.cleaned_data["first"], self.cleaned_data["last"])


CONDITIONS = 3
PATHS = "mapping-paths"
"""The id of the list of paths that inputs propose."""


class MappingForm(RefusableForm):
    """The rules of a mapping: for each field of the stream where it comes from, and up to `CONDITIONS` conditions."""

    def __init__(self, posted: Any, *, targets: Sequence[Target], rules: Rules) -> None:
        super().__init__(posted)
        self.targets = targets
        for number, target in enumerate(targets):
            rule = rules.fields.get(target.name, Rule("none"))
            kinds = [each for each in RULE_KINDS if not target.is_person or each[0] in _KINDS_OF_PEOPLE]
            is_known = any(code == rule.kind for code, _label in kinds)
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_t("{field}的来源").format(field=target.label), choices=kinds,
                initial=rule.kind if is_known else "person",
            )  # fmt: skip
            self.fields[f"source_{number}"] = forms.CharField(
                label=_t("{field}的取值").format(field=target.label), required=False, max_length=500,
                initial=rule.source, widget=_path_input(),
            )  # fmt: skip
        for number in range(CONDITIONS):
            given = rules.conditions[number] if number < len(rules.conditions) else Condition("", "")
            named = {"n": number + 1}
            self.fields[f"path_{number}"] = forms.CharField(
                label=_t("条件 {n} 的字段").format(**named), required=False, max_length=200, initial=given.path,
                widget=_path_input(),
            )  # fmt: skip
            self.fields[f"operator_{number}"] = forms.ChoiceField(
                label=_t("条件 {n} 的比较").format(**named),
                required=False,
                choices=OPERATORS,
                initial=given.operator,
            )
            self.fields[f"value_{number}"] = forms.CharField(
                label=_t("条件 {n} 的值").format(**named), required=False, max_length=400, initial=given.value
            )

    @property
    def rows(self) -> list[tuple[Target, forms.BoundField, forms.BoundField]]:
        """Return for each target its two inputs."""
        return [(each, self[f"kind_{n}"], self[f"source_{n}"]) for n, each in enumerate(self.targets)]

    @property
    def condition_rows(self) -> list[tuple[forms.BoundField, ...]]:
        """Return the three inputs of each condition."""
        return [
            tuple(self[f"{name}_{n}"] for name in ("path", "operator", "value")) for n in range(CONDITIONS)
        ]

    def refused(self, error: ValidationError) -> None:
        """Show a refusal at the inputs of the fields it names."""
        inputs = {each.name: f"source_{number}" for number, each in enumerate(self.targets)}
        super().refused(
            ValidationError({inputs.get(name, name): texts for name, texts in error.message_dict.items()})
            if hasattr(error, "error_dict")
            else error
        )

    def rules_given(self) -> Rules:
        """Return what was entered."""
        found = self.cleaned_data
        fields = {
            each.name: Rule(found[f"kind_{n}"], found[f"source_{n}"])
            for n, each in enumerate(self.targets)
            if found[f"kind_{n}"] != "none"
        }
        conditions = [
            Condition(*(found[f"{name}_{n}"] for name in ("path", "operator", "value")))
            for n in range(CONDITIONS)
        ]
        return Rules(fields, tuple(each for each in conditions if each.path or each.operator))


_KINDS_OF_PEOPLE = frozenset({"none", "person", "constant"})


def _path_input() -> forms.TextInput:
    return forms.TextInput(attrs={"list": PATHS, "autocomplete": "off"})


class AnswerForm(RefusableForm):
    """Whom a value means."""

    number = forms.CharField(label=_("工号"), max_length=40)


class WebhookForm(RefusableForm):
    """An address to be told what happens."""

    name = forms.CharField(label=_("名称"), max_length=80)
    url = forms.URLField(label=_("接收地址"), max_length=400, assume_scheme="https")
    domains = forms.MultipleChoiceField(
        label=_("推送哪些事件"), required=False, help_text=_("不选表示全部。"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    is_on_premise = forms.BooleanField(label=_("接收方在内网"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domains"].choices = domain_choices()

    def data_given(self) -> WebhookData:
        """Return what was entered."""
        return WebhookData(**self.cleaned_data)
