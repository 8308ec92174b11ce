"""Enumerations of terminals."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TerminalState(models.TextChoices):
    """How far a terminal is trusted. Only an approved one can leave anything here."""

    EXPECTED = "expected", _("等待连接")
    WAITING = "waiting", _("待批准")
    APPROVED = "approved", _("已启用")
    REFUSED = "refused", _("已拒绝")
    RETIRED = "retired", _("已停用")


class TextEncoding(models.TextChoices):
    """How a terminal writes names."""

    GB18030 = "gb18030", "GB2312"
    UTF8 = "utf-8", "UTF-8"


class CommandKind(models.TextChoices):
    """What a terminal can be told to do; there is nothing else on purpose."""

    USER_UPDATE = "user_update", _("下发人员")
    USER_DELETE = "user_delete", _("删除人员")
    FACE_UPDATE = "face_update", _("下发人脸照片")
    FACE_DELETE = "face_delete", _("删除人脸照片")
    FACE_TEMPLATE_DELETE = "face_template_delete", _("删除人脸模板")
    QUERY_USERS = "query_users", _("读取人员")
    QUERY_PUNCHES = "query_punches", _("补取打卡")
    VERIFY_COUNT = "verify_count", _("核对打卡数")
    CHECK = "check", _("重新读取配置")
    LOG = "log", _("立即上传新打卡")
    INFO = "info", _("读取设备信息")
    REBOOT = "reboot", _("重启设备")


class CommandState(models.TextChoices):
    """Where a command is."""

    QUEUED = "queued", _("待取走")
    SENT = "sent", _("已取走")
    DONE = "done", pgettext_lazy("command", "已完成")
    FAILED = "failed", pgettext_lazy("command", "失败")
    CANCELLED = "cancelled", pgettext_lazy("command", "已取消")


class PushState(models.TextChoices):
    """Whether a terminal has what we want it to have of somebody."""

    NONE = "none", _("未下发")
    QUEUED = "queued", _("下发中")
    PUSHED = "pushed", _("已下发")
    FAILED = "failed", _("下发失败")
    DELETING = "deleting", _("删除中")
    DELETED = "deleted", _("已删除")


class PinOrigin(models.TextChoices):
    """Where a PIN's owner is known from."""

    NUMBER = "number", _("按工号")
    ASSIGNED = "assigned", _("自动编号")
    MANUAL = "manual", _("人工指定")
    DEVICE = "device", _("设备上的人员")


class EventKind(models.TextChoices):
    """What a terminal did or met."""

    OPERATION = "operation", _("设备操作")
    ERROR = "error", _("设备错误")
    PHOTO = "photo", _("打卡照片")
    GATEWAY = "gateway", _("接入异常")


class GatewayIssue(models.TextChoices):
    """What the gateway could not do anything with; all of it is kept."""

    BAD_LINES = "bad_lines", _("有无法读取的行")
    UNKNOWN_TABLE = "unknown_table", _("未知的数据表")
    UNKNOWN_PATH = "unknown_path", _("未知的地址")
    ACCESS_PROTOCOL = "access_protocol", _("门禁协议的设备，不支持")
    WRONG_ADDRESS = "wrong_address", _("来自不允许的 IP 地址")
    WRONG_KEY = "wrong_key", _("通信密钥不符")
    TOO_LARGE = "too_large", _("上传内容过大，已拒收")
    NOT_PROCESSED = "not_processed", _("上传已保存，但处理失败")
    CLOCK_OFF = "clock_off", _("设备时钟异常")
    BAD_PHOTO = "bad_photo", _("照片不完整")
    LOST_ACKS = "lost_acks", _("无法识别的命令回执")
    COUNT_DIFFERS = "count_differs", _("打卡数与设备不一致")


RETURN_TEXTS = {
    0: _("已执行"),
    -1: _("参数错误，或没有数据"),
    -2: _("照片大小与声明不符"),
    -3: _("设备读写错误"),
    -9: _("模板大小与声明不符"),
    -10: _("设备中没有此人员编号"),
    -11: _("指纹模板格式不合法"),
    -12: _("指纹模板不合法"),
    -1001: _("设备容量已满，或照片不合要求"),
    -1002: _("设备不支持此命令"),
    -1003: _("命令执行超时"),
    -1004: _("与设备配置不一致"),
    -1005: _("设备忙"),
    -1006: _("数据过长"),
    -1007: _("设备内存不足"),
    -1008: _("设备未能下载数据"),
}
"""What the return codes of the protocol mean."""

ERROR_TEXTS = {
    "D01E0001": _("没有检测到人脸"),
    "D01E0002": _("人脸被遮挡"),
    "D01E0003": _("照片不够清晰"),
    "D01E0004": _("人脸角度过大"),
    "D01E0005": _("活体检测未通过"),
    "D01E0006": _("提取模板失败"),
}

OPERATION_TEXTS = {
    0: _("开机"), 1: _("关机"), 2: _("验证失败"), 3: _("报警"), 4: _("进入菜单"), 5: _("更改设置"),
    6: _("登记指纹"), 7: _("登记密码"), 9: _("删除用户"), 10: _("删除指纹"), 11: _("删除密码"), 12: _("删除卡"),
    13: _("清除数据"), 21: _("设置时间"), 22: _("恢复出厂设置"), 23: _("删除考勤记录"), 24: _("清除管理员权限"),
    29: _("开锁"), 30: _("登记新用户"), 32: _("胁迫报警"), 35: _("删除考勤照片"), 36: _("修改用户信息"),
    40: _("U 盘上传"), 41: _("U 盘下载"), 68: _("登记用户照片"), 69: _("修改用户照片"), 70: _("修改用户姓名"),
    71: _("修改用户权限"), 76: _("修改网络地址"), 101: _("登记人脸"), 106: _("删除人脸"), 113: _("修改人员密码"),
}  # fmt: skip
ALARMING = frozenset({3, 13, 21, 22, 23, 24, 32, 35, 41})
"""Operations that somebody in charge should see: time set by hand, records or administrators deleted, alarms."""
