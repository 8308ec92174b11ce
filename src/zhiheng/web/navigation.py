"""The entries of the sidebar and of the phone's bottom tabs, as data.

An entry is shown when its page exists and the actor holds its permission, so that a module that is not
installed, or not allowed, leaves no dead link.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A link: label, icon of the sprite, URL name, and its permission code (``None``: any member)."""

    label: str
    icon: str
    url_name: str
    permission: str | None = None


@dataclass(frozen=True)
class Group:
    """Entries under a heading; the first group has none."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Link:
    """An entry as one request sees it."""

    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class LinkGroup:
    """A group as one request sees it; never empty."""

    label: str
    links: tuple[Link, ...]


SIDEBAR = (
    Group("", (Entry(_("工作台"), "layout-dashboard", "dashboard"),)),
    Group(
        _("人事"),
        (
            Entry(_("员工"), "users", "people:person_list", "people.person.read"),
            Entry(_("组织架构"), "sitemap", "people:org_chart", "people.org_unit.read"),
            Entry(_("数据导入"), "file-spreadsheet", "dataimport:batch_list", "dataimport.batch.read"),
        ),
    ),
    Group(
        _("考勤"),
        (
            Entry(_("考勤日报"), "calendar-user", "attendance:team_day", "attendance.day.read"),
            Entry(_("考勤月报"), "table", "attendance:month_table", "attendance.day.read"),
            Entry(_("考勤异常"), "alert-triangle", "attendance:anomaly_list", "attendance.day.read"),
            Entry(_("打卡记录"), "fingerprint", "attendance:punch_list", "attendance.punch.read"),
            Entry(_("人脸识别"), "face-id", "faces:enrolment_list", "faces.face.read"),
            Entry(_("排班"), "calendar-time", "rosters:board", "rosters.roster.read"),
            Entry(_("假期"), "beach", "leave:balance_list", "leave.balance.read"),
            Entry(_("外勤与工时"), "briefcase", "worklog:overview", "worklog.entry.read"),
            Entry(_("考勤申请"), "clipboard-check", "attendance:request_list", "attendance.request.read"),
            Entry(_("待我审批"), "checklist", "approvals:inbox", "approvals.request.read"),
            Entry(_("考勤设置"), "settings", "attendance:settings", "attendance.site.manage"),
        ),
    ),
    Group(
        _("绩效"),
        (
            Entry(_("目标与进度"), "target", "goals:goal_list", "goals.goal.read"),
            Entry(_("目标协商"), "scale", "goals:negotiation_list", "goals.goal.read"),
            Entry(_("指标与数据"), "chart-dots", "metrics:metric_list", "metrics.metric.read"),
            Entry(_("绩效考核"), "award", "reviews:cycle_list", "reviews.score.read"),
            Entry(
                _("数据接入"), "plug-connected", "connectors:connection_list", "connectors.connection.read"
            ),
            Entry(_("数据流"), "git-branch", "integrations:source_list", "integrations.source.read"),
            Entry(_("业务记录"), "database", "integrations:record_list", "integrations.record.read"),
        ),
    ),
    Group(
        _("系统"),
        (
            Entry(_("成员与角色"), "user-check", "access:member_list", "access.member.read"),
            Entry(_("公司资料"), "building", "access:company_profile", "access.company.write"),
            Entry(_("后台任务"), "list-check", "jobs:run_list", "jobs.run.read"),
            Entry(_("审计日志"), "shield-check", "audit:entry_list", "audit.entry.read"),
        ),
    ),
)

PHONE_TABS = (
    Entry(_("首页"), "home", "dashboard"),
    Entry(_("考勤"), "clock", "attendance:my_attendance", "attendance.punch.create"),
    Entry(_("目标"), "target", "goals:goal_list", "goals.goal.read"),
    Entry(_("考核"), "award", "reviews:cycle_list", "reviews.score.read"),
    Entry(_("员工"), "users", "people:person_list", "people.person.read"),
)

# What people do on a phone; shown to those who have an employee record of their own.
SHORTCUTS = (
    Entry(_("打卡"), "fingerprint", "attendance:my_attendance", "attendance.punch.create"),
    Entry(_("请假"), "beach", "leave:my_leave", "leave.request.create"),
    Entry(_("申请"), "clipboard-check", "attendance:my_requests", "attendance.request.create"),
    Entry(_("班表"), "calendar-time", "rosters:my_roster", "rosters.roster.read"),
    Entry(_("拜访与工作"), "briefcase", "worklog:my_day", "worklog.entry.write"),
    Entry(_("项目工时"), "clock", "worklog:my_week", "worklog.entry.write"),
    Entry(_("待我审批"), "checklist", "approvals:inbox", "approvals.request.read"),
    Entry(_("我的人脸"), "face-id", "faces:my_face", "attendance.punch.create"),
)


def _url(entry: Entry) -> str | None:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return None


def _links(request: HttpRequest, entries: tuple[Entry, ...]) -> tuple[Link, ...]:
    """Return the entries that this request may see; the one with the longest matching address is current."""
    actor = request.actor
    shown = [
        (entry, url)
        for entry in entries
        if (entry.permission is None or actor.can(entry.permission)) and (url := _url(entry))
    ]
    return tuple(Link(entry.label, entry.icon, url, False) for entry, url in shown)


def _matches(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _with_current(groups: list[LinkGroup], path: str) -> list[LinkGroup]:
    urls = [link.url for group in groups for link in group.links if _matches(link.url, path)]
    current = max(urls, key=len, default=None)
    return [
        LinkGroup(
            group.label,
            tuple(Link(link.label, link.icon, link.url, link.url == current) for link in group.links),
        )
        for group in groups
    ]


def sidebar(request: HttpRequest) -> list[LinkGroup]:
    """Return the sidebar's groups for a request with an actor; groups without entries are left out."""
    groups = [LinkGroup(group.label, _links(request, group.entries)) for group in SIDEBAR]
    return _with_current([group for group in groups if group.links], request.path)


def phone_tabs(request: HttpRequest) -> tuple[Link, ...]:
    """Return the bottom tabs of the phone for a request with an actor."""
    return _with_current([LinkGroup("", _links(request, PHONE_TABS))], request.path)[0].links


def shortcuts(request: HttpRequest) -> tuple[Link, ...]:
    """Return the shortcuts of a request with an actor; the page itself is left out."""
    if request.actor.person_id is None:
        return ()
    return tuple(link for link in _links(request, SHORTCUTS) if link.url != request.path)
