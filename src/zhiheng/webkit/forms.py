"""The form renderer: plain Django forms come out in our style, with labels, help and errors wired up."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

_CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
_WIDE = (forms.Textarea, forms.CheckboxSelectMultiple)


def widget_class(widget: forms.Widget) -> str:
    """Return the class that a widget's control carries."""
    if isinstance(widget, _CHECKS):
        return "hr-check"
    if isinstance(widget, forms.Textarea):
        return "hr-textarea"
    if isinstance(widget, forms.Select):
        return "hr-select"
    return "hr-input"


class HrBoundField(BoundField):
    """A bound field whose control carries our class."""

    def build_widget_attrs(self, attrs: dict, widget: forms.Widget | None = None) -> dict:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        own = attrs.get("class") or widget.attrs.get("class", "")
        attrs["class"] = f"{widget_class(widget)} {own}".strip()
        return attrs

    @property
    def is_wide(self) -> bool:
        """Tell whether the field takes the whole row of a two-column form."""
        return isinstance(self.field.widget, _WIDE) or bool(getattr(self.field, "is_wide", False))

    @property
    def is_check(self) -> bool:
        """Tell whether the field is one box with its label behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_choice_list(self) -> bool:
        """Tell whether the field is a group of radio buttons or boxes, each with its own label."""
        return isinstance(self.field.widget, forms.RadioSelect)  # boxes are a subclass of radio buttons

    @property
    def is_password(self) -> bool:
        """Tell whether the field takes a password, which can be shown."""
        return isinstance(self.field.widget, forms.PasswordInput)


class HrRenderer(TemplatesSetting):
    """``FORM_RENDERER``: ``{{ form }}`` and ``{{ field.as_field_group }}`` use our ``forms/`` templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = HrBoundField


class RefusableForm(forms.Form):
    """A form that shows what a service refuses."""

    def refused(self, error: ValidationError) -> None:
        """Show a refusal at the fields it names, else above the form."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, texts in found.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)
