"""The roster board and its acts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.rosters.calc.clock import frame_of, minutes_text
from zhiheng.rosters.choices import DayKind
from zhiheng.rosters.forms.board import CopyWeekForm, FillForm, SettingForm
from zhiheng.rosters.policies import MANAGE_ROSTER, MANAGE_SHIFT, PUBLISH_ROSTER, READ_ROSTER
from zhiheng.rosters.queries.board import (
    Board,
    Cell,
    all_shifts,
    board_of,
    drafts_between,
    limits_in_force,
    people_for_actor,
    published_last,
    units_for_actor,
)
from zhiheng.rosters.services.roster import (
    NewEntry,
    copy_week,
    discard_drafts,
    fill_rotation,
    move_shift,
    publish_roster,
    set_entries,
)
from zhiheng.rosters.services.settings import save_setting
from zhiheng.rosters.views.shared import conflict_text, form_page, tabs, weekdays
from zhiheng.webkit.export import xlsx_response

PAGE_SIZE = 40
DAY = dt.timedelta(days=1)
INDENT = "\u3000"


@dataclass(frozen=True)
class State:
    """What of the board is looked at, as the query string says."""

    request: HttpRequest

    @cached_property
    def is_month(self) -> bool:
        """Tell whether a month is shown instead of a week."""
        return self.request.GET.get("view") == "month"

    @cached_property
    def first(self) -> dt.date:
        """Return the first day shown: a Monday or the first of a month."""
        try:
            on = dt.date.fromisoformat(self.request.GET.get("on", ""))
        except ValueError:
            on = timezone.localdate()
        if not dt.date(2000, 1, 3) <= on < dt.date(2100, 1, 1):
            on = timezone.localdate()
        return on.replace(day=1) if self.is_month else on - DAY * on.weekday()

    @cached_property
    def last(self) -> dt.date:
        """Return the last day shown."""
        if self.is_month:
            return (self.first + DAY * 31).replace(day=1) - DAY
        return self.first + 6 * DAY

    @cached_property
    def unit_id(self) -> UUID | None:
        """Return the org unit asked for."""
        try:
            return UUID(self.request.GET.get("unit", ""))
        except ValueError:
            return None

    @cached_property
    def people(self) -> list[UUID]:
        """Return everybody of the unit whom the actor may see."""
        return people_for_actor(self.request.actor, self.first, self.last, self.unit_id)

    @cached_property
    def page(self) -> Page:
        """Return the page of people shown."""
        return Paginator(self.people, PAGE_SIZE).get_page(self.request.GET.get("page", 1))

    def query(self, **changes: str) -> str:
        """Return this state's query string with changes."""
        known = self.request.GET.copy()
        for name in list(known):
            if name not in ("view", "on", "unit", "page"):
                del known[name]
        for name, value in changes.items():
            known[name] = value
        return f"?{known.urlencode()}"


@requires(READ_ROSTER)
def board(request: HttpRequest) -> HttpResponse:
    """Show the board."""
    return _board(request)


def _board(request: HttpRequest, error: str = "") -> HttpResponse:
    template = "rosters/board.html#board" if request.htmx else "rosters/board.html"
    answer = render(request, template, _context(request, error), status=422 if error else 200)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _context(request: HttpRequest, error: str) -> dict[str, Any]:
    actor, state = request.actor, State(request)
    found = board_of(actor, list(state.page.object_list), state.first, state.last)
    shifts = all_shifts()
    colours = {shift.id: shift.colour for shift in shifts}
    step = state.last + DAY
    before = (state.first - DAY).replace(day=1) if state.is_month else state.first - 7 * DAY
    drafts = drafts_between(state.people, state.first, state.last)
    kinds, names = dict(DayKind.choices), weekdays()
    return {
        "tabs": tabs(actor, "board"),
        "state": state,
        "page": state.page,
        "total": ngettext("共 {n} 人", "共 {n} 人", len(state.people)).format(n=len(state.people)),
        "units": [
            (unit.id, INDENT * depth + unit.name) for unit, depth in units_for_actor(actor, state.first)
        ],
        "days": [
            (on, names[on.weekday()], kind, kinds[kind], on == timezone.localdate())
            for on, kind in found.days
        ],
        "lines": _lines(found, colours),
        "conflicts": [(person, each.on, conflict_text(each)) for person, each in found.conflicts],
        "unpublished": found.unpublished,
        "shifts": [shift for shift in shifts if shift.is_active],
        "drafts": drafts,
        "published": published_last(state.people, state.first, state.last),
        "previous": state.query(on=f"{before}", page="1"),
        "next": state.query(on=f"{step}", page="1"),
        "today": state.query(on=f"{timezone.localdate()}", page="1"),
        "views": [
            {"label": _("周"), "url": state.query(view="week"), "current": not state.is_month},
            {"label": _("月"), "url": state.query(view="month"), "current": state.is_month},
        ],
        "query": state.query(),
        "can_manage": actor.can(MANAGE_ROSTER),
        "can_publish": actor.can(PUBLISH_ROSTER),
        "can_set": actor.can(MANAGE_SHIFT),
        "has_person": actor.person_id is not None,
        "error": error,
    }


def _lines(found: Board, colours: dict[UUID, str]) -> list[dict[str, Any]]:
    return [
        {
            "person": line.person,
            "hours": minutes_text(line.minutes),
            "cells": [_drawn(cell, colours) for cell in line.cells],
        }
        for line in found.lines
    ]


def _drawn(cell: Cell, colours: dict[UUID, str]) -> dict[str, Any]:
    template = cell.template
    if template is None:
        return {"on": cell.on, "is_off": True}
    problems = [conflict_text(each) for each in cell.conflicts]
    return {
        "on": cell.on,
        "name": template.name,
        "short": template.code or template.name[:1],
        "times": frame_of(template.shift),
        "colour": colours.get(template.shift_id, "rest" if template.is_rest else "plain"),
        "is_rest": template.is_rest,
        "is_draft": cell.is_draft,
        "is_entry": cell.source == "entry",
        "is_leave": cell.is_leave,
        "problems": "；".join(problems),
        "day_type": cell.day_type,
    }


# --- Acts ----------------------------------------------------------------------------------------------------


def _cell(text: str) -> tuple[UUID, dt.date]:
    person, _bar, on = text.partition("|")
    try:
        return UUID(person), dt.date.fromisoformat(on)
    except ValueError:
        raise ValidationError(_("没有选中员工和日期，请重试。"), code="cell") from None


@requires(MANAGE_ROSTER)
@require_POST
def board_set(request: HttpRequest) -> HttpResponse:
    """Give cells a shift, rest, or what the assignment says."""
    what = request.POST.get("shift", "")
    try:
        cells = [_cell(each) for each in request.POST.get("cell", "").split(",")]
        shift_id = None if what in ("rest", "reset") else UUID(what)
        entries = [NewEntry(*each, shift_id, is_removed=what == "reset") for each in cells]
        set_entries(actor=request.actor, entries=entries)
    except ValidationError as error:
        return _board(request, " ".join(error.messages))
    except ValueError:
        return _board(request, _("没有这个班次，或班次已停用。"))
    return _back(request)


@requires(MANAGE_ROSTER)
@require_POST
def board_move(request: HttpRequest) -> HttpResponse:
    """Exchange two cells, or copy one to the other."""
    try:
        move_shift(
            actor=request.actor,
            source=_cell(request.POST.get("source", "")),
            target=_cell(request.POST.get("target", "")),
            is_copy=request.POST.get("copy") == "1",
        )
    except ValidationError as error:
        return _board(request, " ".join(error.messages))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Return the board as it is now: the part for htmx, else the page."""
    if request.htmx:
        return _board(request)
    return HttpResponseRedirect(f"{reverse('rosters:board')}{State(request).query()}")


def _done(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(f"{reverse('rosters:board')}{State(request).query()}")


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("排班板"), reverse("rosters:board"))]


def _people_of(request: HttpRequest, state: State) -> list[UUID]:
    """Return the people an act of the board is for: those of the unit whose roster the actor may write."""
    return people_for_actor(request.actor, state.first, state.last, state.unit_id, MANAGE_ROSTER)


def _scope_note(request: HttpRequest, state: State) -> str:
    names = {unit.id: unit.name for unit, _depth in units_for_actor(request.actor, state.first)}
    count = len(_people_of(request, state))
    where = names.get(state.unit_id) or _("全部部门")
    return ngettext(
        "对象：{where}，{n} 人。结果先保存为草稿。", "对象：{where}，{n} 人。结果先保存为草稿。", count
    ).format(where=where, n=count)


@requires(MANAGE_ROSTER)
def board_copy(request: HttpRequest) -> HttpResponse:
    """Copy a week of the unit's people to another week."""
    state = State(request)
    initial = {"source": state.first, "target": state.first + 7 * DAY}
    form = CopyWeekForm(request.POST or None, actor=request.actor, initial=initial)

    def act(values: dict[str, Any]) -> None:
        source, target = (each - DAY * each.weekday() for each in (values["source"], values["target"]))
        _written(
            copy_week(
                actor=request.actor, person_ids=_people_of(request, state), source=source, target=target
            )
        )

    back = f"{reverse('rosters:board')}{state.query()}"
    return form_page(
        request, form, act=act, done=_("已复制为草稿，确认后请发布。"), title=_("复制一周"), cancel=back,
        crumbs=_crumbs(), submit=_("复制"), note=_scope_note(request, state),
    )  # fmt: skip


@requires(MANAGE_ROSTER)
def board_fill(request: HttpRequest) -> HttpResponse:
    """Fill days of the unit's people from a rotation."""
    state = State(request)
    initial = {"anchor_on": state.first, "first": state.first, "last": state.last}
    form = FillForm(request.POST or None, actor=request.actor, initial=initial)

    def act(values: dict[str, Any]) -> None:
        _written(fill_rotation(actor=request.actor, person_ids=_people_of(request, state), **values))

    back = f"{reverse('rosters:board')}{state.query()}"
    return form_page(
        request, form, act=act, done=_("已按轮班规律填充为草稿，确认后请发布。"), title=_("按轮班规律填充"),
        cancel=back, crumbs=_crumbs(), submit=_("填充"), note=_scope_note(request, state),
    )  # fmt: skip


def _written(count: int) -> None:
    if not count:
        raise ValidationError(_("没有需要更改的日子。"), code="nothing")


@requires(PUBLISH_ROSTER)
@require_POST
def board_publish(request: HttpRequest) -> HttpResponse:
    """Publish the drafts of the unit's people in the days shown."""
    state = State(request)
    count = publish_roster(actor=request.actor, first=state.first, last=state.last, person_ids=state.people)
    text = ngettext("已发布 {n} 天的排班。", "已发布 {n} 天的排班。", count)
    return _done(request, text.format(n=count))


@requires(MANAGE_ROSTER)
@require_POST
def board_discard(request: HttpRequest) -> HttpResponse:
    """Throw the drafts of the unit's people in the days shown away."""
    state = State(request)
    count = discard_drafts(actor=request.actor, first=state.first, last=state.last, person_ids=state.people)
    text = ngettext("已放弃 {n} 天的草稿。", "已放弃 {n} 天的草稿。", count)
    return _done(request, text.format(n=count))


@requires(READ_ROSTER)
def board_export(request: HttpRequest) -> HttpResponseBase:
    """Hand out the grid of the unit's people as a workbook: a row a person, a column a day."""
    actor, state = request.actor, State(request)
    found = board_of(actor, state.people, state.first, state.last)
    head = [_("工号"), _("姓名"), _("部门"), *(f"{on:%m-%d}" for on, _kind in found.days), _("工时")]
    rows = [
        [
            line.person.number, line.person.name, line.person.unit,
            *(cell.template.name if cell.template else "" for cell in line.cells), line.minutes / 60,
        ]
        for line in found.lines
    ]  # fmt: skip
    name = f"{_('排班')} {state.first:%Y-%m-%d} {state.last:%Y-%m-%d}"
    return xlsx_response(name, head, rows)


@requires(MANAGE_SHIFT)
def settings(request: HttpRequest) -> HttpResponse:
    """Say from when the board warns."""
    limits = limits_in_force()
    initial = {
        "rest_hours": limits.min_rest / 60, "max_run_days": limits.max_run, "week_hours": limits.week / 60,
    }  # fmt: skip
    form = SettingForm(request.POST or None, actor=request.actor, initial=initial)
    return form_page(
        request, form, act=lambda values: save_setting(actor=request.actor, **values), done=_("提醒设置已保存。"),
        title=_("排班提醒设置"), cancel=reverse("rosters:board"), crumbs=_crumbs(),
    )  # fmt: skip
