"""Enumerations of the tenancy tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TenantStatus(models.TextChoices):
    """Whether a tenant may be used."""

    TRIAL = "trial", _("试用")
    ACTIVE = "active", _("正常")
    SUSPENDED = "suspended", _("已停用")


class OrgUnitKind(models.TextChoices):
    """What an org unit is called in its company."""

    COMPANY = "company", _("公司")
    DIVISION = "division", _("事业部")
    DEPARTMENT = "department", _("部门")
    TEAM = "team", _("小组")
    LINE = "line", _("产线")
