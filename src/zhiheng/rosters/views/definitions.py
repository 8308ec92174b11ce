"""Pages of shifts, attendance rules and rotation patterns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.rosters.calc.clock import minutes_text
from zhiheng.rosters.calc.conflicts import minutes_of
from zhiheng.rosters.calc.shift import policy_from_data, shift_from_data
from zhiheng.rosters.choices import ShiftKind
from zhiheng.rosters.forms.rules import RuleSetForm, initial_of_rules
from zhiheng.rosters.forms.shifts import RotationForm, ShiftForm, initial_of_shift
from zhiheng.rosters.policies import MANAGE_SHIFT, READ_SHIFT
from zhiheng.rosters.queries.board import shift_colours
from zhiheng.rosters.queries.definitions import (
    rotation_for_actor,
    rotations_for_actor,
    rule_set_for_actor,
    rule_sets_for_actor,
    shift_for_actor,
    shifts_for_actor,
    versions_of_shift,
)
from zhiheng.rosters.services.rotations import save_rotation
from zhiheng.rosters.services.shifts import save_rule_set, save_shift
from zhiheng.rosters.views.shared import bars, form_page, shift_text, tabs
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

ACTIVE = {True: ("ok", gettext_lazy("启用")), False: ("", gettext_lazy("停用"))}
ACTIVE_FILTER = ChoiceFilter(
    "active",
    gettext_lazy("状态"),
    choices=[("1", gettext_lazy("启用")), ("0", gettext_lazy("停用"))],
    is_segmented=True,
    apply=lambda rows, value: rows.filter(is_active=value == "1"),
)


class DefinitionList(ListPage):
    """What the lists of definitions share: tabs, a button for a new one, a link to change one."""

    template_name = "rosters/list.html"
    filters = [ACTIVE_FILTER]
    search_fields = ["code", "name", "name_en"]
    search_label = gettext_lazy("名称 / 编码")
    default_sort = "code"
    page_name = ""
    edit_name = ""
    new_name = ""
    new_label = ""
    argument = ""
    what = ""

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("排班")

    def row_actions(self, row: Any) -> list[RowAction]:
        if not self.actor.can(MANAGE_SHIFT):
            return []
        return [RowAction(_("修改"), reverse(f"rosters:{self.edit_name}", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        can_add = self.actor.can(MANAGE_SHIFT)
        return {
            "tabs": tabs(self.actor, self.page_name),
            "new_url": reverse(f"rosters:{self.new_name}") if can_add else "",
            "new_label": self.new_label,
        }


def _times(row: Any) -> Any:
    return shift_from_data(row.times or {})


class ShiftList(DefinitionList):
    """Shifts."""

    key = "rosters.shift"
    columns = [
        Column(
            "name",
            gettext_lazy("班次"),
            sort="name",
            template="rosters/_shift_cell.html",
            value="label",
            is_fixed=True,
        ),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("kind", gettext_lazy("类型"), value=lambda row: ShiftKind(row.kind).label if row.kind else ""),
        Column(
            "times",
            gettext_lazy("时间"),
            value=lambda row: shift_text(_times(row)),
            template="rosters/_times_cell.html",
        ),
        Column(
            "hours",
            gettext_lazy("工时"),
            value=lambda row: minutes_text(minutes_of(_times(row))),
            kind="number",
        ),
        Column("rule_set", gettext_lazy("考勤规则"), value=lambda row: row.rule_set or _("默认规则")),
        Column("is_active", gettext_lazy("状态"), tags=ACTIVE),
    ]
    total_label = gettext_lazy("共 {count} 个班次")
    empty_icon = "clock"
    empty_title = gettext_lazy("还没有班次")
    empty_text = gettext_lazy(
        "新建早班、中班、夜班等班次，然后在排班板上使用；没有设置时按周一至周五 9:00–18:00。"
    )
    page_name, edit_name, new_name, new_label = (
        "shift_list",
        "shift_edit",
        "shift_new",
        gettext_lazy("新建班次"),
    )

    def rows(self):
        return shifts_for_actor(self.actor)


class RuleSetList(DefinitionList):
    """Attendance rules."""

    key = "rosters.rule_set"
    columns = [
        Column("name", gettext_lazy("考勤规则"), sort="name", value="label", is_fixed=True),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column(
            "grace",
            gettext_lazy("迟到宽限（分钟）"),
            value=lambda row: policy_from_data(row.rules or {}).late_grace,
            kind="number",
        ),
        Column("window", gettext_lazy("打卡范围"), value=lambda row: _window(row)),
        Column("since", gettext_lazy("最近修改生效"), kind="date"),
        Column(
            "is_default",
            gettext_lazy("默认规则"),
            tags={True: ("brand", gettext_lazy("默认")), False: ("", gettext_lazy("否"))},
        ),
        Column("is_active", gettext_lazy("状态"), tags=ACTIVE),
    ]
    total_label = gettext_lazy("共 {count} 套规则")
    empty_icon = "adjustments-horizontal"
    empty_title = gettext_lazy("还没有考勤规则")
    empty_text = gettext_lazy("没有设置时：迟到一分钟即记录，加班按批准与打卡取小，以 30 分钟为单位。")
    page_name, edit_name, new_name = "rule_set_list", "rule_set_edit", "rule_set_new"
    new_label = gettext_lazy("新建考勤规则")

    def rows(self):
        return rule_sets_for_actor(self.actor)


def _window(row: Any) -> str:
    rules = policy_from_data(row.rules or {})
    text = _("上班前 {before} 分钟至下班后 {after} 分钟")
    return text.format(before=rules.before, after=rules.after)


class RotationList(DefinitionList):
    """Rotation patterns."""

    key = "rosters.rotation_pattern"
    columns = [
        Column("name", gettext_lazy("轮班规律"), sort="name", value="label", is_fixed=True),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("length", gettext_lazy("循环天数"), value=lambda row: len(row.slots.all()), kind="number"),
        Column(
            "cycle", gettext_lazy("循环"), value=lambda row: _cycle(row), template="rosters/_cycle_cell.html"
        ),
        Column("is_active", gettext_lazy("状态"), tags=ACTIVE),
    ]
    total_label = gettext_lazy("共 {count} 个轮班规律")
    empty_icon = "rotate"
    empty_title = gettext_lazy("还没有轮班规律")
    empty_text = gettext_lazy(
        "例如两班倒、四班三运转：把一个循环里每天的班次排出来，各班组从不同的日子开始。"
    )
    page_name, edit_name, new_name = "rotation_list", "rotation_edit", "rotation_new"
    new_label = gettext_lazy("新建轮班规律")

    def rows(self):
        return rotations_for_actor(self.actor)


def _cycle(row: Any) -> str:
    slots = sorted(row.slots.all(), key=lambda slot: slot.day)
    return " ".join(slot.shift.code if slot.shift else "–" for slot in slots)


@requires(READ_SHIFT)
def shift_list(request: HttpRequest) -> HttpResponseBase:
    """List shifts."""
    return ShiftList(request).response()


@requires(READ_SHIFT)
def rule_set_list(request: HttpRequest) -> HttpResponseBase:
    """List attendance rules."""
    return RuleSetList(request).response()


@requires(READ_SHIFT)
def rotation_list(request: HttpRequest) -> HttpResponseBase:
    """List rotation patterns."""
    return RotationList(request).response()


@requires(MANAGE_SHIFT)
def shift_edit(request: HttpRequest, shift_id: UUID | None = None) -> HttpResponse:
    """Make a shift or change one."""
    page = reverse("rosters:shift_list")
    shift = shift_for_actor(request.actor, shift_id) if shift_id else None
    versions = list(versions_of_shift(shift)) if shift else []
    initial: dict[str, Any] = {"kind": "fixed", "colour": "blue", "free_mode": "standard"}
    if shift and versions:
        initial = initial_of_shift(shift, versions[0], shift_from_data(versions[0].times))
    form = ShiftForm(request.POST or None, actor=request.actor, initial=initial, is_new=shift is None)
    return form_page(
        request, form, act=lambda values: save_shift(actor=request.actor, shift_id=shift_id, **values),
        done=_("班次已保存。"), title=_("修改班次") if shift else _("新建班次"), cancel=page,
        crumbs=[(_("班次"), page)], template="rosters/shift_form.html",
        versions=[_version(each) for each in versions],
    )  # fmt: skip


def _version(row: Any) -> tuple[Any, str, list[dict[str, Any]]]:
    times = shift_from_data(row.times)
    return row, shift_text(times), bars(times)


@requires(MANAGE_SHIFT)
def rule_set_edit(request: HttpRequest, rule_set_id: UUID | None = None) -> HttpResponse:
    """Make a rule set or change one."""
    page = reverse("rosters:rule_set_list")
    row = rule_set_for_actor(request.actor, rule_set_id) if rule_set_id else None
    initial = initial_of_rules(row, policy_from_data(row.rules or {})) if row else None
    form = RuleSetForm(request.POST or None, actor=request.actor, initial=initial, is_new=row is None)
    return form_page(
        request, form, act=lambda values: save_rule_set(actor=request.actor, rule_set_id=rule_set_id, **values),
        done=_("考勤规则已保存。"), title=_("修改考勤规则") if row else _("新建考勤规则"), cancel=page,
        crumbs=[(_("考勤规则"), page)], template="rosters/rule_set_form.html", groups=_rule_groups(form),
    )  # fmt: skip


def _rule_groups(form: RuleSetForm) -> list[tuple[str, list[Any]]]:
    groups = [
        (_("名称"), ("code", "name", "name_en", "is_default", "is_active", "valid_from")),
        (_("打卡"), ("before", "after", "match", "dedupe", "rounding_in", "rounding_out")),
        (_("迟到与早退"), ("late_grace", "early_grace", "grace_mode", "absent_half_over")),
        (
            _("加班与休息"),
            ("ot_mode", "ot_start", "ot_unit", "ot_min", "ot_breaks", "auto_break", "ot_before", "rest_by_calendar"),
        ),
    ]  # fmt: skip
    return [(title, [form[name] for name in names if name in form.fields]) for title, names in groups]


@requires(MANAGE_SHIFT)
def rotation_edit(request: HttpRequest, rotation_id: UUID | None = None) -> HttpResponse:
    """Make a rotation pattern or change one."""
    page = reverse("rosters:rotation_list")
    row = rotation_for_actor(request.actor, rotation_id) if rotation_id else None
    initial: dict[str, Any] = {}
    if row:
        names = ("code", "name", "name_en", "follows_calendar", "is_active")
        initial = {name: getattr(row, name) for name in names}
        slots = sorted(row.slots.all(), key=lambda slot: slot.day)
        initial["slots"] = [str(slot.shift_id or "") for slot in slots]
    form = RotationForm(request.POST or None, actor=request.actor, initial=initial)
    colours = {str(key): colour for key, colour in shift_colours().items()}
    return form_page(
        request, form, act=lambda values: save_rotation(actor=request.actor, rotation_id=rotation_id, **values),
        done=_("轮班规律已保存。"), title=_("修改轮班规律") if row else _("新建轮班规律"), cancel=page,
        crumbs=[(_("轮班规律"), page)], template="rosters/rotation_form.html", colours=colours,
    )  # fmt: skip
