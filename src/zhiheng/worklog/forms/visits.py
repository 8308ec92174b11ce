"""Forms of customers and visits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.attendance.choices import Datum
from zhiheng.worklog.forms.base import ActorForm, MomentInput, at, day, person_of
from zhiheng.worklog.forms.base import TimeInput as ClockInput
from zhiheng.worklog.models import Visit
from zhiheng.worklog.queries.customers import customers_to_visit
from zhiheng.worklog.services.customers import CustomerData
from zhiheng.worklog.services.visits import Fix, Notes, Photo

MANY = 500


class CustomerForm(ActorForm):
    """A customer and where they are."""

    code = forms.CharField(label=gettext_lazy("客户编号"), max_length=40)
    name = forms.CharField(label=gettext_lazy("客户名称"), max_length=120)
    kind = forms.CharField(label=gettext_lazy("客户类型"), max_length=40, required=False)
    owner = forms.CharField(
        label=gettext_lazy("负责人工号"), max_length=40, required=False,
        help_text=gettext_lazy("留空表示公共客户，所有人都能拜访。"),
    )  # fmt: skip
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    contact = forms.CharField(label=gettext_lazy("联系人"), max_length=80, required=False)
    latitude = forms.DecimalField(
        label=gettext_lazy("纬度"), min_value=-90, max_value=90, decimal_places=6, required=False,
        help_text=gettext_lazy("可从地图应用复制，并选择对应的坐标系。"),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=gettext_lazy("经度"), min_value=-180, max_value=180, decimal_places=6, required=False
    )
    datum = forms.ChoiceField(label=gettext_lazy("坐标系"), choices=Datum.choices, initial=Datum.GCJ02)
    radius = forms.IntegerField(
        label=gettext_lazy("签到半径（米）"), min_value=50, max_value=5000, initial=500
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def clean_owner(self) -> UUID | None:
        """Return the owner with the number typed."""
        return person_of(self.cleaned_data["owner"])

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        owner = values.pop("owner")
        return {"data": CustomerData(**values), "owner_id": owner}


def customer_choices(actor: Any) -> list[tuple[str, str]]:
    """Return the customers to choose from, one's own first."""
    return [(str(each.id), f"{each.name} · {each.code}") for each in customers_to_visit(actor, limit=MANY)]


class PlanForm(ActorForm):
    """Whom to visit, when and what for."""

    customer_id = forms.TypedChoiceField(label=gettext_lazy("客户"), coerce=UUID)
    planned_at = forms.DateTimeField(label=gettext_lazy("计划时间"), widget=MomentInput())
    purpose = forms.CharField(label=gettext_lazy("拜访目的"), max_length=200, required=False)

    def fill_choices(self) -> None:
        self.fields["customer_id"].choices = [("", "–"), *customer_choices(self.actor)]


class PlaceForm(ActorForm):
    """Where the phone is and what it saw; without a place or a photo the visit is flagged."""

    latitude = forms.DecimalField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput())
    longitude = forms.DecimalField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput())
    accuracy = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput())
    photo = forms.FileField(
        label=gettext_lazy("现场照片"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip

    def place(self) -> dict[str, Any]:
        """Return fix and photo as the services take them."""
        found, photo = self.cleaned_data, self.cleaned_data["photo"]
        fix = None
        if found["latitude"] is not None and found["longitude"] is not None:
            accuracy = None if found["accuracy"] is None else round(found["accuracy"])
            fix = Fix(_rounded(found["latitude"]), _rounded(found["longitude"]), Datum.WGS84, accuracy)
        return {"fix": fix, "photo": Photo(photo.name, photo.read()) if photo else None}


def _rounded(degrees: Decimal) -> Decimal:
    return degrees.quantize(Decimal("0.000001"))


class StartForm(PlaceForm):
    """Check-in at a customer's: a planned visit, or a customer from the list."""

    customer_id = forms.TypedChoiceField(label=gettext_lazy("客户"), coerce=UUID)
    purpose = forms.CharField(label=gettext_lazy("拜访目的"), max_length=200, required=False)
    field_order = ["customer_id", "purpose", "photo"]

    def __init__(self, *args: object, visit: Visit | None = None, **kwargs: object) -> None:
        self.visit = visit
        super().__init__(*args, **kwargs)

    def fill_choices(self) -> None:
        if self.visit is not None:
            del self.fields["customer_id"], self.fields["purpose"]
        else:
            self.fields["customer_id"].choices = [("", "–"), *customer_choices(self.actor)]

    def values(self) -> dict[str, Any]:
        values = self.place()
        if self.visit is not None:
            return {**values, "visit_id": self.visit.id}
        return {
            **values,
            "customer_id": self.cleaned_data["customer_id"],
            "purpose": self.cleaned_data["purpose"],
        }


class NotesForm(ActorForm):
    """What came out of a visit."""

    summary = forms.CharField(
        label=gettext_lazy("拜访小结"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact = forms.CharField(label=gettext_lazy("联系人"), max_length=80, required=False)
    next_step = forms.CharField(label=gettext_lazy("下一步"), max_length=200, required=False)
    next_on = day(gettext_lazy("下次联系日期"), required=False)

    def notes(self) -> Notes:
        """Return them as the services take them."""
        return Notes(
            **{name: self.cleaned_data[name] for name in ("contact", "summary", "next_step", "next_on")}
        )

    def values(self) -> dict[str, Any]:
        return {"notes": self.notes()}


class EndForm(NotesForm, PlaceForm):
    """Check-out; ``ended`` only when somebody forgot to."""

    ended = forms.TimeField(
        label=gettext_lazy("实际结束时间"), required=False, widget=ClockInput(),
        help_text=gettext_lazy("忘记签退时填写，会标记为手填；正常签退请留空。"),
    )  # fmt: skip
    field_order = ["summary", "contact", "next_step", "next_on", "photo", "ended"]

    def __init__(self, *args: object, visit: Visit, **kwargs: object) -> None:
        self.visit = visit
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        ended = at(self.visit.on, self.cleaned_data["ended"])
        return {**self.place(), "notes": self.notes(), "ended_at": ended, "visit_id": self.visit.id}


def no_customers_text() -> str:
    """Say what to do where there is no customer to choose."""
    return _("还没有客户。请联系主管或人事导入客户名单。")
