"""Enumerations of faces; the reasons are codes that the API keeps, with what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ConsentKind(models.TextChoices):
    """What somebody said about the use of their face."""

    GIVEN = "given", _("同意")
    WITHDRAWN = "withdrawn", _("撤回")


class ConsentWay(models.TextChoices):
    """How it was said."""

    SELF = "self", _("本人在系统中")
    PAPER = "paper", _("书面")
    LEAVING = "leaving", _("离职自动撤回")


class Turn(models.TextChoices):
    """To which side the head is to be turned, the person's own."""

    LEFT = "left", pgettext_lazy("head", "左")
    RIGHT = "right", pgettext_lazy("head", "右")


class CheckKind(models.TextChoices):
    """Whether one person was compared, or one of many looked for."""

    VERIFY = "verify", _("本人核验")
    IDENTIFY = "identify", _("多人识别")


class CheckState(models.TextChoices):
    """What came of a check."""

    PASSED = "passed", pgettext_lazy("face check", "通过")
    REVIEW = "review", pgettext_lazy("face check", "待复核")
    REFUSED = "refused", pgettext_lazy("face check", "未通过")


class PhotoFlaw(models.TextChoices):
    """Why a photo cannot be used."""

    TOO_LARGE = "too_large", _("照片超过 10 MB。请用本页的相机拍摄，或选择较小的照片。")
    TOO_MANY_PIXELS = "too_many_pixels", _("照片的像素过多，未予打开。请用本页的相机拍摄。")
    NOT_IMAGE = "not_image", _("文件不是可以打开的照片。请使用 JPEG、PNG 或 WebP 格式。")
    NO_FACE = "no_face", _("照片里没有找到人脸。请正对镜头，让脸占画面的三分之一左右。")
    SEVERAL_FACES = "several_faces", _("照片里有不止一张人脸。请只让本人出现在画面中。")
    FACE_TOO_SMALL = "face_too_small", _("人脸太小。请靠近镜头后重拍。")
    TOO_DARK = "too_dark", _("光线太暗。请面向光源后重拍。")
    TOO_BRIGHT = "too_bright", _("光线太强。请避开强光后重拍。")
    BLURRED = "blurred", _("照片模糊。请擦净镜头、拿稳手机后重拍。")
    NOT_FRONTAL = "not_frontal", _("没有正对镜头。请平视镜头后重拍。")


class SetFlaw(models.TextChoices):
    """Why three photos cannot be enrolled together."""

    NOT_THREE = "not_three", _("需要三张照片。请补拍后再提交。")
    NOT_SAME_PERSON = "not_same_person", _("三张照片看起来不是同一个人。请由本人重新拍摄。")
    SAME_PHOTO = "same_photo", _("有两张照片几乎相同。请稍微变换位置或表情后重拍。")


class CheckReason(models.TextChoices):
    """Why a check was refused or is to be reviewed, beside the flaws of photos."""

    NO_PERSON = "no_person", _("您的账号没有关联员工档案，无法使用人脸。请联系人事。")
    NO_CONSENT = "no_consent", _("您没有同意使用人脸。可以改用其他打卡方式，或先在「我的人脸」中同意。")
    NOT_ENROLLED = "not_enrolled", _("您还没有登记人脸。可以改用其他打卡方式，或先在「我的人脸」中登记。")
    UNKNOWN_NONCE = "unknown_nonce", _("没有这次核验。请重新开始。")
    STOLEN_NONCE = "stolen_nonce", _("这次核验属于另一个账号。请用自己的账号重新开始。")
    OTHER_BROWSER = "other_browser", _("这次核验是在另一台设备上开始的。请在同一台设备上重新开始。")
    EXPIRED_NONCE = "expired_nonce", _("核验已超过 20 秒。请重新开始。")
    USED_NONCE = "used_nonce", _("这次核验已经用过。请重新开始。")
    TOO_FEW_FRAMES = "too_few_frames", _("画面太少，无法判断转头。请重新开始。")
    TOO_MANY_FRAMES = "too_many_frames", _("画面太多，未予处理。请重新开始。")
    NO_FRONTAL = "no_frontal", _("没有看到正对镜头的画面。请先平视镜头，再按提示转头。")
    NO_TURN = "no_turn", _("没有看到转头。请先平视镜头，再按提示把头转到一侧。")
    WRONG_TURN = "wrong_turn", _("转头的方向与提示不符。请看清方向后重新开始。")
    OTHER_PERSON = "other_person", _("与登记的人脸不符。请由本人重试，或改用其他打卡方式。")
    OTHER_PERSON_TURNED = "other_person_turned", _("转头画面与登记的人脸不符。请由本人重试。")
    LOW_SCORE = "low_score", _("相似度不高，已通过，但将由人事复核。")
    REPLAYED_PHOTO = "replayed_photo", _("画面与以前的照片几乎相同。请换个位置，现场重新拍摄。")
    NOBODY_ENROLLED = "nobody_enrolled", _("这里还没有人登记人脸。请改用密码。")
    UNKNOWN_PERSON = "unknown_person", _("没有认出您。请靠近镜头重试，或改用密码。")
    AMBIGUOUS = "ambiguous", _("有两个人与您相像，无法确定。请改用密码。")


def reason_text(code: str) -> str:
    """Return what a code of a flaw or reason tells people; "" for none."""
    for known in (CheckReason, PhotoFlaw, SetFlaw):
        if code in known.values:
            return str(known(code).label)
    return ""


_SHORT = {
    "no_person": _("账号无员工档案"), "no_consent": _("未同意"), "not_enrolled": _("未登记"),
    "unknown_nonce": _("核验不存在"), "stolen_nonce": _("冒用他人的核验"), "other_browser": _("换了设备"),
    "expired_nonce": _("超时"), "used_nonce": _("重复使用核验"), "too_few_frames": _("画面太少"),
    "too_many_frames": _("画面太多"), "no_frontal": _("没有正脸"), "no_turn": _("没有转头"),
    "wrong_turn": _("转错方向"), "other_person": _("不是本人"), "other_person_turned": _("转头后不是本人"),
    "low_score": _("相似度不高"), "replayed_photo": _("疑似重复照片"), "nobody_enrolled": _("无人登记"),
    "unknown_person": _("没有认出"), "ambiguous": _("与两人相像"), "too_large": _("照片过大"),
    "too_many_pixels": _("像素过多"), "not_image": _("不是照片"), "no_face": _("没有人脸"),
    "several_faces": _("多张人脸"),
}  # fmt: skip


def reason_label(code: str) -> str:
    """Return a code in a few words, for lists; the code itself where it has none."""
    return str(_SHORT.get(code, code))
