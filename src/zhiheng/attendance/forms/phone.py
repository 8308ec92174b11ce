"""What a phone sends: read strictly, refused with texts that say what to do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zhiheng.attendance.choices import Datum
from zhiheng.attendance.services.taking import MOST_PHOTO_BYTES, GivenPlace, PhonePunch

BROWSER_COOKIE = "hr_browser"
MOST_FRAMES = 20


class InstantField(forms.CharField):
    """An instant with its offset, as browsers write it."""

    def clean(self, value: object) -> dt.datetime | None:
        """Return the instant, ``None`` for nothing."""
        text = super().clean(value)
        try:
            found = parse_datetime(text) if text else None
        except ValueError:
            found = None
        if text and (found is None or found.tzinfo is None):
            raise ValidationError(_("时间格式无法识别。"))
        return found


class PlaceForm(forms.Form):
    """A place as the phone gives it."""

    lat = forms.DecimalField(required=False)
    lon = forms.DecimalField(required=False)
    datum = forms.ChoiceField(choices=Datum, required=False)
    accuracy = forms.FloatField(required=False, min_value=0)
    fix_age = forms.FloatField(required=False, min_value=0)

    def place(self) -> GivenPlace | None:
        """Return the place, ``None`` when the phone had none."""
        data = self.cleaned_data
        if data["lat"] is None or data["lon"] is None:
            return None
        return GivenPlace(
            Decimal(data["lat"]), Decimal(data["lon"]), data["datum"] or Datum.WGS84,
            _whole(data["accuracy"]), _whole(data["fix_age"]),
        )  # fmt: skip


def _whole(value: float | None) -> int | None:
    """Return metres or seconds as a whole number that a column holds."""
    return None if value is None else round(min(value, 1_000_000))


class PunchForm(PlaceForm):
    """A punch as the phone sends it."""

    client_id = forms.CharField(max_length=64)
    way = forms.CharField(max_length=12)
    door = forms.CharField(max_length=300, required=False)
    bssid = forms.CharField(max_length=40, required=False)
    nonce = forms.CharField(max_length=200, required=False)
    is_offline = forms.BooleanField(required=False)
    device_at = InstantField(max_length=40, required=False)
    device_now = InstantField(max_length=40, required=False)
    note = forms.CharField(max_length=200, required=False)

    def punch(self, request: HttpRequest) -> PhonePunch:
        """Return the punch as the service takes it."""
        data = self.cleaned_data
        photo = request.FILES.get("photo")
        if photo and photo.size > MOST_PHOTO_BYTES:
            raise ValidationError({"photo": _("照片超过 20 MB，请降低拍照分辨率后重试。")})
        return PhonePunch(
            client_id=data["client_id"],
            way=data["way"],
            place=self.place(),
            browser_id=request.COOKIES.get(BROWSER_COOKIE, ""),
            address=request.META.get("REMOTE_ADDR", ""),
            bssid=data["bssid"],
            door_code=data["door"],
            photo=photo.read() if photo else b"",
            nonce=data["nonce"],
            frames=tuple(each.read() for each in request.FILES.getlist("frames")[:MOST_FRAMES]),
            is_offline=data["is_offline"],
            device_at=data["device_at"],
            device_now=data["device_now"],
            note=data["note"],
        )
