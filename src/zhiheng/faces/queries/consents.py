"""Consents: the text in force, who gave it, and what was said when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.faces.choices import ConsentKind
from zhiheng.faces.models import FaceConsent
from zhiheng.faces.policies import READ_FACE
from zhiheng.faces.queries.settings import current_setting

TEXT_VERSION = "2026-11"


@dataclass(frozen=True)
class ConsentText:
    """What somebody is asked to agree to: heading and text of each part, in the reader's language."""

    version: str
    parts: tuple[tuple[str, str], ...]

    @property
    def plain(self) -> str:
        """Return the text as it is kept with the consent."""
        return "\n".join(f"{heading}\n{text}" for heading, text in self.parts)


def consent_text() -> ConsentText:
    """Return the text in force. A change of meaning needs a new `TEXT_VERSION`."""
    keep = current_setting().keep_days
    return ConsentText(
        TEXT_VERSION,
        (
            (
                _("用途"),
                _(
                    "仅用于确认打卡的是您本人：手机打卡、打卡平板，以及您所在地点的考勤机。不用于其他任何目的。"
                ),
            ),
            (
                _("处理哪些信息"),
                _(
                    "登记时的三张照片、由照片算出的特征数值，以及每次人脸打卡时的一张照片。"
                    "人脸信息属于敏感个人信息，一旦泄露难以更换，因此均加密保存，查看照片会留下记录。"
                ),
            ),
            (
                _("必要性"),
                _("人脸可以防止代打卡。能用其他方式达到同样目的时，您可以不用人脸。"),
            ),
            (
                _("其他方式同样有效"),
                _(
                    "定位、现场二维码、密码、刷卡和人工登记与人脸打卡效力相同。不同意不会影响您的工资、考核和任职。"
                ),
            ),
            (
                _("保存多久"),
                _(
                    "登记的照片和特征保存到您撤回同意或离职为止，届时立即删除；打卡照片保存 {days} 天后自动删除，"
                    "只留下核验结果。"
                ).format(days=keep),
            ),
            (
                _("如何撤回"),
                _("随时可以在“我的人脸”中一步撤回，与同意一样方便。撤回后不再使用，此前的打卡仍然有效。"),
            ),
            (
                _("识别的局限"),
                _(
                    "识别可能出错：相似度不高时由人事人工复核，您可以要求解释。系统会要求转头以识破照片，"
                    "但识别不了播放转头视频的作弊。"
                ),
            ),
        ),
    )


def latest_consents(person_ids: Collection[UUID]) -> dict[UUID, FaceConsent]:
    """Return what each person said last; those who said nothing are left out. Checks no scope."""
    rows = FaceConsent.objects.filter(person_id__in=person_ids)
    latest = rows.order_by("person_id", "-said_at", "-id").distinct("person_id")
    return {each.person_id: each for each in latest}


def has_consent(person_id: UUID) -> bool:
    """Tell whether a person agrees to the use of their face. Checks no scope."""
    found = latest_consents([person_id]).get(person_id)
    return found is not None and found.kind == ConsentKind.GIVEN


def consents_for_actor(actor: Actor) -> QuerySet[FaceConsent]:
    """Return what was said, by people in scope."""
    scope = actor.scope(READ_FACE).q(org_unit="person__org_unit_id")
    return FaceConsent.objects.filter(scope).select_related("person__org_unit").defer("text")
