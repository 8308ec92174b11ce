"""The tenant's settings of faces."""

from __future__ import annotations

from decimal import Decimal

from zhiheng.faces.calc.decisions import Thresholds
from zhiheng.faces.models import FaceSetting


def current_setting() -> FaceSetting:
    """Return the tenant's setting, or an unsaved one with the defaults."""
    return FaceSetting.objects.first() or FaceSetting()


def thresholds_of(setting: FaceSetting) -> Thresholds:
    """Return the thresholds of a setting."""
    return Thresholds(
        accept=Decimal(setting.accept),
        review=Decimal(setting.review),
        identify=Decimal(setting.identify),
        margin=Decimal(setting.margin),
    )


def as_json(limits: Thresholds) -> dict[str, str]:
    """Return thresholds as they are kept with a check."""
    return {name: str(value) for name, value in vars(limits).items()}
