"""Enumerations of attendance."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PunchSource(models.TextChoices):
    """Through what a punch came."""

    PHONE = "phone", _("手机")
    KIOSK = "kiosk", _("打卡平板")
    TERMINAL = "terminal", _("考勤机")
    SUITE = "suite", _("办公套件")
    IMPORT = "import", _("文件导入")
    CORRECTION = "correction", _("补卡")


class PunchMethod(models.TextChoices):
    """How it was made sure who and where somebody was."""

    FACE = "face", _("人脸")
    GPS = "gps", _("定位")
    WIFI = "wifi", _("Wi-Fi")
    QR = "qr", _("现场二维码")
    PIN = "pin", _("密码")
    CARD = "card", _("刷卡")
    FINGER = "finger", _("指纹")
    PALM = "palm", _("掌纹")
    OTHER = "other", pgettext_lazy("punch", "其他")


class Datum(models.TextChoices):
    """Coordinate systems; in China they differ by up to 600 m."""

    WGS84 = "wgs84", "WGS-84"
    GCJ02 = "gcj02", "GCJ-02"
    BD09 = "bd09", "BD-09"


class PunchRisk(models.TextChoices):
    """What is odd about a punch; each is a flag for somebody to look at, never a silent refusal."""

    OUTSIDE = "outside", _("不在打卡范围内")
    LOW_ACCURACY = "low_accuracy", _("定位精度不足")
    STALE_FIX = "stale_fix", _("定位已过时")
    IMPOSSIBLE_SPEED = "impossible_speed", _("移动速度异常")
    REPEATED_PLACE = "repeated_place", _("多日坐标完全相同")
    FIXED_ACCURACY = "fixed_accuracy", _("定位精度可疑")
    SHARED_DEVICE = "shared_device", _("多人使用同一设备")
    NEW_DEVICE = "new_device", _("首次使用的设备")
    FACE_REVIEW = "face_review", _("人脸相似度待复核")
    REPLAYED_PHOTO = "replayed_photo", _("照片疑似重复使用")
    LATE_UPLOAD = "late_upload", _("离线后补传")
    CLOCK_OFF = "clock_off", _("设备时钟异常")
    NO_LOCATION = "no_location", _("没有位置信息")


class ReviewOutcome(models.TextChoices):
    """What somebody decided about a flagged punch."""

    ACCEPTED = "accepted", _("有效")
    REJECTED = "rejected", _("无效")


class DeviceKind(models.TextChoices):
    """What sends punches."""

    TERMINAL = "terminal", _("考勤机")
    KIOSK = "kiosk", _("打卡平板")
    SUITE = "suite", _("办公套件")
    IMPORT = "import", _("文件导入")


class FlagAction(models.TextChoices):
    """What a site does about a flagged punch."""

    ALLOW = "allow", _("计入并标记")
    REVIEW = "review", _("复核后计入")
    BLOCK = "block", _("不允许打卡")


class LineState(models.TextChoices):
    """Why a line of a punch log became no punch."""

    UNKNOWN_PIN = "unknown_pin", _("考勤号没有对应的员工")
    BAD_LINE = "bad_line", _("无法读取")
    CLOCK_OFF = "clock_off", _("时间不可信")
    FUTURE = "future", _("时间在未来")


class PunchState(models.TextChoices):
    """Whether a punch counts, after all reviews."""

    COUNTED = "counted", _("有效")
    PENDING = "pending", _("待复核")
    REJECTED = "rejected", _("无效")


# --- Requests ---------------------------------------------------------------------------------------------------


class RequestKind(models.TextChoices):
    """What people ask for about their time, leave aside."""

    OVERTIME = "overtime", _("加班")
    CORRECTION = "correction", _("补卡")
    OUTING = "outing", _("外出")
    TRIP = "trip", _("出差")
    SWAP = "swap", _("换班")


class TimeRequestState(models.TextChoices):
    """Where a request stands. ``asked``: a shift swap that the colleague has not answered yet."""

    ASKED = "asked", _("等待同事确认")
    PENDING = "pending", _("审批中")
    APPROVED = "approved", _("已同意")
    REJECTED = "rejected", _("已驳回")
    DECLINED = "declined", _("同事未同意")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "已撤回")
    CANCELLED = "cancelled", pgettext_lazy("request", "已撤销")


class ShiftEnd(models.TextChoices):
    """Which punch of a shift is missing."""

    IN = "in", _("上班卡")
    OUT = "out", _("下班卡")


class Compensation(models.TextChoices):
    """What overtime is made up by."""

    PAY = "pay", _("加班费")
    TIME_OFF = "time_off", _("调休")


class WhoMayAsk(models.TextChoices):
    """Who may make requests of a kind."""

    EVERYBODY = "everybody", _("员工本人、负责人和人事")
    MANAGERS = "managers", _("仅负责人和人事")
    NOBODY = "nobody", pgettext_lazy("request", "停用")


# --- Days -------------------------------------------------------------------------------------------------------


class DayState(models.TextChoices):
    """How far the judgement of a day is."""

    WAITING = "waiting", _("待判定")
    JUDGED = "judged", _("已判定")
    LOCKED = "locked", _("已锁定")


class MonthState(models.TextChoices):
    """Whether a month can still change."""

    OPEN = "open", pgettext_lazy("month", "未锁定")
    LOCKED = "locked", _("已锁定")


class DayFlag(models.TextChoices):
    """What is odd about a day; see `calc.facts.FLAGS`."""

    ORPHAN_PUNCH = "orphan_punch", _("打卡不在班次时段内")
    MISSING_IN = "missing_in", _("缺上班卡")
    MISSING_OUT = "missing_out", _("缺下班卡")
    LATE_HALF_DAY = "late_over_threshold_half_day", _("迟到超过半天界限")
    CORE_MISSED = "core_hours_missed", _("缺席核心时段")
    NOT_APPROVED = "punched_but_not_approved", _("有打卡无审批的加班")
    AFTER_CUT_OFF = "unresolved_as_absent", _("逾期未处理，按旷工计")


class Presence(models.TextChoices):
    """Where somebody is on a day, in the order in which lists show it."""

    MISSING = "missing", _("未打卡")
    LATE = "late", _("迟到或早退")
    ABSENT = "absent", _("旷工")
    UNRESOLVED = "unresolved", _("待处理")
    IN = "in", _("在岗")
    LEFT = "left", _("已下班")
    DONE = "done", _("正常")
    ON_LEAVE = "on_leave", _("请假")
    AWAY = "away", _("外出或出差")
    NOT_YET = "not_yet", _("未到上班时间")
    RESTING = "resting", _("休息")


class DaySymbol(models.TextChoices):
    """What a day of the month table shows, as on the sheet of paper that HR knows."""

    WORKED = "√", _("出勤")
    LEAVE = "○", _("请假")
    ABSENT = "×", _("旷工")
    LATE = "△", _("迟到")
    EARLY = "▽", _("早退")
    UNRESOLVED = "◇", _("待处理")
    TRIP = "☆", _("外出或出差")
    OVERTIME = "＋", _("加班")
    REST = "·", _("休息")
    WAITING = "…", _("待判定")


class Anomaly(models.TextChoices):
    """Why somebody has to look at a day."""

    MISSING = "missing", _("缺卡待处理")
    ABSENT = "absent", _("旷工")
    UNAPPROVED = "unapproved", _("未批准加班")
    ORPHAN = "orphan", _("时段外打卡")
    LATE = "late", _("严重迟到或缺席核心时段")
    UNSYNCED = "unsynced", _("设备未同步")
