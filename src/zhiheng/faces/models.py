"""Tables of faces.

What a face looks like stands only in `FaceTemplate.sealed` and in sealed files (kinds ``faces.enrolment`` and
``faces.check``); all of it goes when consent is withdrawn or the person leaves. Consents and checks are append-only.
"""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.choices import CheckKind, CheckReason, CheckState, ConsentKind, ConsentWay, PhotoFlaw, Turn
from zhiheng.tenancy.fields import TenantForeignKey, TenantOneToOneField
from zhiheng.tenancy.models import LegalEntityModel, TenantModel


class FaceConsent(LegalEntityModel):
    """A separate consent to the use of one's face, or its withdrawal, with the text it was about; the latest counts."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    kind = models.CharField(_("意思表示"), max_length=12, choices=ConsentKind)
    way = models.CharField(_("方式"), max_length=12, choices=ConsentWay)
    text_version = models.CharField(_("文本版本"), max_length=20)
    text = models.TextField(_("文本"), blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    said_by = models.CharField(_("操作人"), max_length=120)
    said_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("人脸同意书")
        ordering = ["-said_at"]
        indexes = [models.Index(fields=["tenant_id", "person", "said_at"], name="face_consent_person")]


class FaceEnrolment(LegalEntityModel):
    """A person whose face is stored.

    ``look_alike`` is somebody else whose stored face was as alike as the person's own would be: a namesake of the
    face, or one face enrolled for two. HR looks at both and confirms.
    """

    person = TenantOneToOneField(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    model_version = models.CharField(_("模型版本"), max_length=40)
    enrolled_by = models.CharField(_("登记人"), max_length=120)
    enrolled_at = models.DateTimeField(_("登记时间"))
    look_alike = TenantForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("相像的人")
    )
    look_alike_score = models.DecimalField(_("相像程度"), max_digits=4, decimal_places=3, null=True)
    confirmed_by = models.CharField(_("核对人"), max_length=120, blank=True)
    confirmed_at = models.DateTimeField(_("核对时间"), null=True)

    class Meta:
        verbose_name = _("人脸登记")
        ordering = ["-enrolled_at"]


class FaceTemplate(LegalEntityModel):
    """One of three embeddings of a person, encrypted and bound to them; ``photo_id`` is the sealed photo."""

    enrolment = TenantForeignKey(FaceEnrolment, on_delete=models.CASCADE, related_name="templates")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("序号"))
    sealed = models.BinaryField(editable=False)
    model_version = models.CharField(_("模型版本"), max_length=40)
    photo_id = models.UUIDField(_("照片"))
    photo_hash = models.CharField(max_length=16, editable=False)

    class Meta:
        verbose_name = _("人脸模板")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person", "number"], name="face_template_number")
        ]


class FaceChallenge(LegalEntityModel):
    """What one login on one device is asked to do within 20 seconds, once; only the hash of its nonce is kept."""

    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    membership_id = models.UUIDField(null=True)
    browser_id = models.CharField(_("手机标识"), max_length=64, blank=True)
    purpose = models.CharField(_("用途"), max_length=20)
    nonce_hash = models.CharField(max_length=64, editable=False)
    turn = models.CharField(_("转头方向"), max_length=8, choices=Turn)
    created_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True)

    class Meta:
        verbose_name = _("活体核验")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "nonce_hash"], name="face_challenge_nonce")
        ]
        indexes = [models.Index(fields=["tenant_id", "expires_at"], name="face_challenge_expiry")]


class FaceCheck(TenantModel):
    """A face that was compared, and what came of it; append-only.

    Scores are cosines, ``moved`` how far the head turned to the side asked for, ``limits`` the thresholds that held.
    ``person`` is empty for somebody nobody recognized. The photo is deleted after a while, the result stays.
    """

    legal_entity = TenantForeignKey(
        "tenancy.LegalEntity",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("法人实体"),
    )
    person = TenantForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    kind = models.CharField(_("类型"), max_length=12, choices=CheckKind)
    purpose = models.CharField(_("用途"), max_length=20, blank=True)
    state = models.CharField(_("结果"), max_length=8, choices=CheckState)
    reason = models.CharField(
        _("原因"), max_length=24, choices=[*CheckReason.choices, *PhotoFlaw.choices], blank=True
    )
    score = models.DecimalField(_("相似度"), max_digits=4, decimal_places=3, null=True)
    turned_score = models.DecimalField(_("转头相似度"), max_digits=4, decimal_places=3, null=True)
    moved = models.DecimalField(_("转头幅度"), max_digits=6, decimal_places=3, null=True)
    margin = models.DecimalField(_("领先幅度"), max_digits=4, decimal_places=3, null=True)
    is_replay = models.BooleanField(_("疑似重复照片"), default=False)
    hashes = ArrayField(models.CharField(max_length=16), default=list, editable=False)
    photo_id = models.UUIDField(_("照片"), null=True)
    challenge_id = models.UUIDField(_("活体核验"), null=True)
    browser_id = models.CharField(_("手机标识"), max_length=64, blank=True)
    limits = models.JSONField(_("阈值"), default=dict)
    model_version = models.CharField(_("模型版本"), max_length=40)
    checked_by = models.CharField(_("操作人"), max_length=120)
    checked_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("人脸核验")
        ordering = ["-checked_at"]
        indexes = [
            models.Index(fields=["tenant_id", "person", "checked_at"], name="face_check_person"),
            models.Index(fields=["tenant_id", "checked_at"], name="face_check_time"),
            models.Index(fields=["tenant_id", "photo_id"], name="face_check_photo"),
        ]


_SHARE = [MinValueValidator(Decimal("0.20")), MaxValueValidator(Decimal("0.95"))]


class FaceSetting(TenantModel):
    """The tenant's thresholds and how long photos of checks are kept; without a row the defaults hold."""

    accept = models.DecimalField(
        _("通过阈值"), max_digits=3, decimal_places=2, default=Decimal("0.45"), validators=_SHARE
    )
    review = models.DecimalField(
        _("复核阈值"), max_digits=3, decimal_places=2, default=Decimal("0.36"), validators=_SHARE
    )
    identify = models.DecimalField(
        _("多人识别阈值"), max_digits=3, decimal_places=2, default=Decimal("0.50"), validators=_SHARE
    )
    margin = models.DecimalField(
        _("多人识别领先幅度"), max_digits=3, decimal_places=2, default=Decimal("0.06"),
        validators=[MinValueValidator(Decimal("0.00")), MaxValueValidator(Decimal("0.30"))],
    )  # fmt: skip
    keep_days = models.PositiveSmallIntegerField(
        _("核验照片保存天数"), default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    changed_at = models.DateTimeField(_("更改时间"), auto_now=True)

    class Meta:
        verbose_name = _("人脸设置")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id"], name="face_setting_one"),
            models.CheckConstraint(
                condition=Q(review__lte=F("accept")),
                name="face_setting_order",
                violation_error_message=_("复核阈值不能高于通过阈值。"),
            ),
        ]
