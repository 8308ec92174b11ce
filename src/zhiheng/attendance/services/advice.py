"""What a person is told about a punch: that it counts, waits, or was not taken, and what to do then."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhiheng.attendance.choices import PunchRisk, PunchState


def advice(state: str, risks: Sequence[str], *, site_name: str = "", distance: int | None = None) -> str:
    """Return the sentence that goes with the result of a punch."""
    if state == PunchState.COUNTED:
        return _("打卡成功。")
    if state == PunchState.REJECTED:
        return _("这次打卡经复核无效。如有异议，请提交补卡申请。")
    reasons = "、".join(str(PunchRisk(each).label) for each in risks)
    if state == PunchState.PENDING:
        return _("已打卡，复核后计入（{reasons}）。").format(reasons=reasons)
    return what_to_do(risks, site_name=site_name, distance=distance)


def what_to_do(risks: Sequence[str], *, site_name: str = "", distance: int | None = None) -> str:
    """Return why a site did not take a punch and how to go on; the first reason decides."""
    if PunchRisk.OUTSIDE in risks and distance is not None:
        text = _("没有打卡：您距“{site}” {distance} 米，不在打卡范围内。请走近后重试，或扫描现场二维码。")
        return text.format(site=site_name, distance=distance)
    texts = {
        PunchRisk.OUTSIDE: _(
            "没有打卡：您不在任何打卡地点的范围内。请走近后重试，或联系人事为您设置打卡地点。"
        ),
        PunchRisk.NO_LOCATION: _(
            "没有打卡：没有取得位置。请在浏览器设置中允许本网站使用定位，或换用现场二维码。"
        ),
        PunchRisk.LOW_ACCURACY: _("没有打卡：定位不够准确。请到窗边或室外，打开手机的精确定位后重试。"),
        PunchRisk.STALE_FIX: _("没有打卡：定位已过时。请重新定位后再打卡。"),
        PunchRisk.SHARED_DEVICE: _("没有打卡：这部手机有其他员工用过。请用自己的手机，或在打卡平板上打卡。"),
        PunchRisk.NEW_DEVICE: _("没有打卡：这部手机是第一次使用。请联系人事确认，或在打卡平板上打卡。"),
        PunchRisk.REPLAYED_PHOTO: _("没有打卡：照片与以前的一张相同。请当场重新拍照。"),
        PunchRisk.FACE_REVIEW: _("没有打卡：人脸不够清楚。请在光线好的地方正对镜头重试，或换一种打卡方式。"),
    }
    known = [texts[each] for each in risks if each in texts]
    return known[0] if known else _("没有打卡：这次打卡有异常。请换一种打卡方式，或联系人事。")
