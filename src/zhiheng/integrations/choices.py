"""Enumerations of integrations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    """How the data of a source come in."""

    FILE = "file", _("文件导入")
    ERP = "erp", _("ERP 系统")
    CRM = "crm", _("CRM 系统")
    OA = "oa", _("OA 系统")
    SENSOR = "sensor", _("设备与传感器")
    SHOP = "shop", _("网店")
    PROJECT = "project", _("项目管理")
    OTHER = "other", _("其他系统")
    INTERNAL = "internal", _("系统内部")


class FieldKind(models.TextChoices):
    """Types of the fields that a stream declares."""

    TEXT = "text", _("文本")
    INTEGER = "integer", _("整数")
    DECIMAL = "decimal", _("小数")
    DATE = "date", _("日期")
    BOOLEAN = "boolean", _("是否")
