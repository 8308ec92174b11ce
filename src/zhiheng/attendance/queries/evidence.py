"""What speaks for and against a punch, in words: no map, so that no coordinate leaves the house."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from zhiheng.attendance.calc.risk import MOST_SPEED, speed_between
from zhiheng.attendance.choices import Datum, PunchRisk
from zhiheng.attendance.models import Punch
from zhiheng.attendance.queries.punches import neighbours_of

RISKS = dict(PunchRisk.choices)


@dataclass(frozen=True)
class Fact:
    """A line of the evidence; ``is_odd`` when it is among the reasons of a flag."""

    label: str
    value: str
    is_odd: bool = False


@dataclass(frozen=True)
class Evidence:
    """All that is known of a punch: its flags in words, facts, and the check of the face behind it."""

    risks: tuple[str, ...]
    facts: tuple[Fact, ...]
    has_photo: bool
    face_check_id: UUID | None


def evidence_of(punch: Punch, *, compares: bool = False) -> Evidence:
    """Return the evidence of a punch; ``compares`` it with the ones before and after, two more queries."""
    facts = [
        *_place(punch),
        *(_speeds(punch) if compares else ()),
        *_time(punch),
        *_device(punch),
        *_face(punch),
    ]
    labels = tuple(str(RISKS.get(each, each)) for each in punch.risks)
    return Evidence(labels, tuple(facts), punch.photo_id is not None, punch.face_check_id)


def _has(punch: Punch, *risks: str) -> bool:
    return bool(set(punch.risks) & set(risks))


def _place(punch: Punch) -> list[Fact]:
    found = []
    if punch.distance is not None and punch.site:
        text = _("距“{site}” {distance} 米").format(site=punch.site.name, distance=punch.distance)
        found.append(Fact(_("位置"), text, _has(punch, "outside")))
    elif _has(punch, "outside", "no_location"):
        found.append(Fact(_("位置"), _("没有可比较的位置"), True))
    if punch.latitude is not None:
        accuracy = _("精度 {metres} 米").format(metres="?" if punch.accuracy is None else punch.accuracy)
        found.append(Fact(_("定位精度"), accuracy, _has(punch, "low_accuracy", "fixed_accuracy")))
        text = f"{punch.latitude}, {punch.longitude}（{Datum(punch.datum).label}）"
        found.append(Fact(_("坐标"), text, _has(punch, "repeated_place")))
    return found


def _speeds(punch: Punch) -> list[Fact]:
    """Compare with the punches before and after, which have a place too."""
    if punch.wgs_latitude is None:
        return []
    here = float(punch.wgs_latitude), float(punch.wgs_longitude)
    found = []
    for each in neighbours_of(punch):
        there = float(each.wgs_latitude), float(each.wgs_longitude)
        speed = speed_between(punch.punched_at, here, each.punched_at, there)
        minutes = round(abs((punch.punched_at - each.punched_at).total_seconds()) / 60)
        label = _("与上一次打卡") if each.punched_at < punch.punched_at else _("与下一次打卡")
        text = _("相隔 {minutes} 分钟，{speed} 公里/小时").format(minutes=minutes, speed=round(speed))
        found.append(Fact(label, text, speed > MOST_SPEED))
    return found


def _time(punch: Punch) -> list[Fact]:
    found = [Fact(_("设备时间"), f"{punch.wall_time}（{punch.zone}）", _has(punch, "clock_off"))]
    if punch.is_late_upload:
        minutes = round((punch.received_at - punch.punched_at).total_seconds() / 60)
        found.append(Fact(_("上传延迟"), _("{minutes} 分钟").format(minutes=minutes), True))
    return found


def _device(punch: Punch) -> list[Fact]:
    if punch.device:
        return [Fact(_("打卡设备"), punch.device.name)]
    if punch.browser_id:
        return [Fact(_("手机标识"), punch.browser_id[:8], _has(punch, "shared_device", "new_device"))]
    return []


def _face(punch: Punch) -> list[Fact]:
    if punch.face_score is None:
        return []
    return [Fact(_("人脸相似度"), f"{punch.face_score}", _has(punch, "face_review"))]
