"""Enumerations of access."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BuiltinRole(models.TextChoices):
    """Roles that every tenant has."""

    OWNER = "owner", _("所有者")
    HR = "hr", pgettext_lazy("role", "人事")
    FINANCE = "finance", pgettext_lazy("role", "财务")
    DEPARTMENT_HEAD = "department_head", _("部门负责人")
    EMPLOYEE = "employee", pgettext_lazy("role", "员工")
    AUDITOR = "auditor", _("审计员")


class ScopeKind(models.TextChoices):
    """Over whose data a permission holds."""

    TENANT = "tenant", _("全企业")
    LEGAL_ENTITY = "legal_entity", _("本法人实体")
    ORG_SUBTREE = "org_subtree", _("本组织及下级")
    SELF = "self", _("本人")


class Theme(models.TextChoices):
    """How the pages look."""

    AUTO = "auto", _("跟随系统")
    LIGHT = "light", _("浅色")
    DARK = "dark", _("深色")
