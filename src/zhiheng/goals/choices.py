"""Enumerations of goals."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """How a target came about."""

    SET = "set", _("直接设定")
    AGREED = "agreed", _("协商一致")
    IMPOSED = "imposed", _("单方下达")


class NegotiationState(models.TextChoices):
    """Where a negotiation is."""

    OPEN = "open", _("协商中")
    AGREED = "agreed", _("已达成一致")
    IMPOSED = "imposed", _("已单方下达")
    CANCELLED = "cancelled", _("已取消")


class Side(models.TextChoices):
    """For whom somebody speaks."""

    COMPANY = "company", _("公司")
    EMPLOYEE = "employee", _("员工本人")
