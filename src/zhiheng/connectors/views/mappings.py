"""Pages of mappings and of the rows that wait for one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.connectors.calc.mapping import Rules, Target, as_text, value_at
from zhiheng.connectors.choices import CaseState, Problem
from zhiheng.connectors.forms import AnswerForm, MappingForm
from zhiheng.connectors.models import Feed, UnmatchedRow
from zhiheng.connectors.policies import MANAGE_CONNECTION, READ_RAW
from zhiheng.connectors.queries.mappings import (
    People,
    case_for_actor,
    cases_for_actor,
    feed_for_actor,
    feed_paths,
    guessed_rules,
    latest_mappings,
    mapping_of,
    open_counts,
    same_cases,
    stream_or_404,
    targets_of,
    versions_of,
    waiting_count,
)
from zhiheng.connectors.services.mappings import (
    Previewed,
    answer_case,
    ensure_canonical_stream,
    ignore_cases,
    preview_mapping,
    retry_cases,
    save_mapping,
    stop_mapping,
)
from zhiheng.connectors.views.rows import feed_choices
from zhiheng.connectors.wording import CASE_TAGS
from zhiheng.integrations.public import StreamInfo, all_streams, canonical_streams
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage

VERSIONS = 10


def _crumbs(feed: Feed, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [
        (_("数据接入"), reverse("connectors:connection_list")),
        (feed.connection.source.label, reverse("connectors:connection_detail", args=[feed.connection_id])),
        *more,
    ]


@requires(MANAGE_CONNECTION)
def mapping_choose(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    """Choose what the rows of an interface become: records of a stream there is, or of a canonical one."""
    feed = feed_for_actor(request.actor, feed_id)
    if request.method == "POST":
        stream_id = _chosen(request, feed)
        return redirect("connectors:mapping_edit", feed.id, stream_id)
    mappings = latest_mappings(feed_id=feed.id)
    taken = {each.stream_id for each in mappings}
    waiting = open_counts([feed.id])
    streams = all_streams()
    known = {each.code for each in streams}
    forms = [each for each in canonical_streams().values() if each.code not in known]
    context = {
        "feed": feed,
        "mappings": [(each, waiting.get((feed.id, each.stream_id), 0)) for each in mappings],
        "streams": [each for each in streams if each.id not in taken],
        "canonical": sorted(forms, key=lambda each: feed.business_object not in each.objects),
        "fitting": {each.code for each in forms if feed.business_object in each.objects},
        "crumbs": _crumbs(feed, (_("映射"), None)),
    }
    return render(request, "connectors/mapping_choose.html", context)


def _chosen(request: HttpRequest, feed: Feed) -> UUID:
    try:
        return ensure_canonical_stream(
            actor=request.actor, feed_id=feed.id, code=request.POST.get("canonical", "")
        )
    except ValidationError:
        raise Http404 from None


@requires(MANAGE_CONNECTION)
def mapping_edit(request: HttpRequest, feed_id: UUID, stream_id: UUID) -> HttpResponse:
    """Show and change how the rows of an interface become records, and try it on real rows."""
    feed = feed_for_actor(request.actor, feed_id)
    stream = stream_or_404(stream_id)
    mapping = mapping_of(feed.id, stream.id)
    rules = Rules.read(mapping.rules) if mapping else guessed_rules(feed.id, stream)
    targets = targets_of(stream)
    posted = request.POST if request.method == "POST" else None
    form = MappingForm(posted, targets=targets, rules=rules)
    previewed: list[Previewed] = []
    if posted is None or form.is_valid():
        given = form.rules_given() if posted is not None else rules
        try:
            if posted is not None and posted.get("act") == "save":
                save_mapping(actor=request.actor, feed_id=feed.id, stream_id=stream.id, rules=given)
                messages.success(request, _("映射已保存，正在处理已有的行。"))
                return redirect("connectors:mapping_edit", feed.id, stream.id)
            previewed = preview_mapping(
                actor=request.actor, feed_id=feed.id, stream_id=stream.id, rules=given
            )
        except ValidationError as error:
            if posted is not None:
                form.refused(error)
    context = {
        "feed": feed,
        "stream": stream,
        "mapping": mapping,
        "waiting": waiting_count(mapping) if mapping and mapping.is_active else 0,
        "open": open_counts([feed.id]).get((feed.id, stream.id), 0),
        "versions": list(versions_of(feed.id, stream.id)[:VERSIONS]),
        "form": form,
        "paths": feed_paths(feed.id).items(),
        "targets": targets,
        "previewed": [_preview_row(each, targets, stream) for each in previewed],
        "crumbs": _crumbs(
            feed,
            (feed.label, reverse("connectors:mapping_choose", args=[feed.id])),
            (stream.label, None),
        ),
    }
    return render(request, "connectors/mapping.html", context, status=422 if form.errors else 200)


def _preview_row(each: Previewed, targets: list[Target], stream: StreamInfo) -> dict[str, Any]:
    labels = {field.name: field.shown for field in stream.fields}
    trouble = each.trouble
    return {
        "row": each.row,
        "cells": [(target.label, as_text(each.values[target.name])) for target in targets]
        if each.values
        else [],
        "problem": Problem(trouble.problem).label if trouble else "",
        "field": labels.get(trouble.field, "") if trouble else "",
        "value": trouble.value if trouble else "",
        "is_left_out": each.values is None and trouble is None,
    }


@requires(MANAGE_CONNECTION)
@require_POST
def mapping_stop(request: HttpRequest, feed_id: UUID, stream_id: UUID) -> HttpResponse:
    """Map no more rows."""
    feed = feed_for_actor(request.actor, feed_id)
    stream = stream_or_404(stream_id)
    stop_mapping(actor=request.actor, feed_id=feed.id, stream_id=stream.id)
    messages.success(request, _("已停用，新到达的行不再转成记录；已有记录保留。"))
    return redirect("connectors:mapping_edit", feed.id, stream.id)


def _named(feed: Feed) -> str:
    return f"{feed.connection.source.label} · {feed.label}"


class CaseList(ListPage):
    """The rows that became no record."""

    key = "connectors.case"
    title = gettext_lazy("未匹配行")
    sub = gettext_lazy("没有转成记录的原始行都在这里等待处理，一行也不会丢。")
    columns = [
        Column(
            "value", gettext_lazy("值"), value=lambda row: row.value or "–", sort="value", is_fixed=True,
            url=lambda row: reverse("connectors:case_detail", args=[row.id]),
        ),
        Column("problem", gettext_lazy("问题"), value="get_problem_display", sort="problem"),
        Column("field", gettext_lazy("字段")),
        Column("feed", gettext_lazy("接口"), value=lambda row: _named(row.feed)),
        Column("stream", gettext_lazy("数据流"), value="stream.label"),
        Column(
            "row", gettext_lazy("原始行"), value="row.key",
            url=lambda row: reverse("connectors:row_detail", args=[row.row_id]),
        ),
        Column("state", gettext_lazy("状态"), tags=CASE_TAGS),
        Column("seen_at", gettext_lazy("发现时间"), sort="seen_at", kind="time"),
        Column("solved_by", gettext_lazy("处理人"), is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("state", gettext_lazy("状态"), choices=CaseState.choices, is_segmented=True),
        ChoiceFilter("problem", gettext_lazy("问题"), choices=Problem.choices),
        ChoiceFilter("feed", gettext_lazy("接口"), field="feed_id", choices=feed_choices),
    ]
    search_fields = ["value", "row__key"]
    search_label = gettext_lazy("值 / 原始行")
    default_sort = "-seen_at"
    count_limit = 10_000
    total_label = gettext_lazy("共 {count} 行")
    empty_icon = "circle-check"
    empty_title = gettext_lazy("没有等待处理的行")
    empty_text = gettext_lazy("所有到达的行都已按映射转成记录。")

    def rows(self):
        return cases_for_actor(self.actor)


@requires(READ_RAW)
def case_list(request: HttpRequest) -> HttpResponseBase:
    """List the rows that wait."""
    return CaseList(request).response()


@requires(READ_RAW)
def case_detail(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show why a row became no record, and what can be done."""
    return _case_page(request, case_for_actor(request.actor, case_id), AnswerForm())


def _case_page(request: HttpRequest, case: UnmatchedRow, form: AnswerForm) -> HttpResponse:
    can_manage = request.actor.can(MANAGE_CONNECTION)
    is_person = case.problem == Problem.UNMATCHED and bool(case.value)
    can_answer = can_manage and is_person and case.state != CaseState.SOLVED
    mapping = mapping_of(case.feed_id, case.stream_id)
    rule = Rules.read(mapping.rules).fields.get(case.field) if mapping else None
    context = {
        "case": case,
        "tag": CASE_TAGS[case.state],
        "same": same_cases(case).count(),
        "source": rule.source if rule else "",
        "found": as_text(value_at(case.row.payload, rule.source)) if rule else "",
        "payload": [(name, as_text(value)) for name, value in case.row.payload.items()],
        "proposals": People(case.feed.connection_id).likely(case.value) if can_answer else [],
        "can_answer": can_answer,
        "can_manage": can_manage,
        "form": form,
        "crumbs": _crumbs(
            case.feed, (_("未匹配行"), reverse("connectors:case_list") + "?state=open"), (case.row.key, None)
        ),
    }
    return render(request, "connectors/case.html", context, status=422 if form.errors else 200)


@requires(MANAGE_CONNECTION)
@require_POST
def case_act(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Do what a button says: name the employee, ignore, try again."""
    case = case_for_actor(request.actor, case_id)
    named = {"actor": request.actor, "case_id": case.id}
    match request.POST.get("act"):
        case "answer":
            form = AnswerForm(request.POST)
            if form.is_valid():
                try:
                    count = answer_case(**named, number=form.cleaned_data["number"])
                except ValidationError as error:
                    form.refused(error)
            if form.errors:
                return _case_page(request, case, form)
            text = ngettext("已记住，{n} 行重新处理。", "已记住，{n} 行重新处理。", count)
            messages.success(request, text.format(n=count))
        case "ignore":
            count = ignore_cases(**named)
            text = ngettext(
                "已忽略 {n} 行，内容变化后会再次检查。", "已忽略 {n} 行，内容变化后会再次检查。", count
            )
            messages.success(request, text.format(n=count))
        case "retry":
            retry_cases(**named)
            messages.success(request, _("已重新处理。"))
        case _:
            raise Http404
    return redirect("connectors:case_detail", case.id)
