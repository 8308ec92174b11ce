"""Enumerations of people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    """As stated by the person."""

    MALE = "male", _("男")
    FEMALE = "female", _("女")
    UNKNOWN = "unknown", _("未说明")


class EmploymentKind(models.TextChoices):
    """On what terms somebody works."""

    FULL_TIME = "full_time", _("全职")
    PART_TIME = "part_time", _("兼职")
    INTERN = "intern", _("实习")
    DISPATCHED = "dispatched", _("劳务派遣")
    REHIRED = "rehired", _("退休返聘")


class PersonStatus(models.TextChoices):
    """Where somebody stands today."""

    UPCOMING = "upcoming", _("待入职")
    PROBATION = "probation", _("试用")
    ACTIVE = "active", _("在职")
    LEFT = "left", _("已离职")


class IdentifierKind(models.TextChoices):
    """Personal identifiers that are kept encrypted."""

    ID_CARD = "id_card", _("居民身份证")
    PASSPORT = "passport", _("护照")
    PHONE = "phone", _("手机")
    BANK_ACCOUNT = "bank_account", _("银行卡号")
