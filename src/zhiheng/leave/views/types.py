"""Pages of types: what the company gives, where that is written, and the places of its subsidiaries."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.leave.choices import Region
from zhiheng.leave.forms import LeaveRuleForm, LeaveTypeForm, PlaceForm
from zhiheng.leave.models import LeaveType
from zhiheng.leave.policies import MANAGE_TYPE, READ_TYPE
from zhiheng.leave.queries.types import (
    entities_for_actor,
    entity_for_actor,
    regions_of_entities,
    rule_on,
    type_for_actor,
    types_for_actor,
)
from zhiheng.leave.queries.wording import in_words
from zhiheng.leave.services.catalogue import load_leave_types
from zhiheng.leave.services.types import (
    delete_leave_rule,
    save_leave_rule,
    save_leave_type,
    set_leave_place,
)
from zhiheng.leave.views.common import act_on, tabs

GRADE_TONES = {"A": "ok", "B": "ok", "C": "info", "K": "warn", "own": "brand"}


@requires(READ_TYPE)
@require_safe
def type_list(request: HttpRequest) -> HttpResponse:
    """Show the types with what holds today, and the places of the subsidiaries."""
    actor, today = request.actor, timezone.localdate()
    places = regions_of_entities()
    entities = entities_for_actor(actor)
    chosen = sorted({places.get(each.id, "CN") for each in entities} or {"CN"})
    rows = [_row(kind, chosen, today) for kind in types_for_actor(actor)]
    context = {
        "rows": rows,
        "places": [(each, places.get(each.id, "CN")) for each in entities],
        "regions": Region.choices,
        "unsure": sum(1 for row in rows for rule in row["rules"] if rule["rule"].grade == "K"),
        "can_manage": actor.can(MANAGE_TYPE),
        "tabs": tabs(actor, "leave:type_list"),
    }
    return render(request, "leave/type_list.html", context)


def _row(kind: LeaveType, regions: list[str], today) -> dict[str, object]:
    """Return a type with the rules that hold today in the given places, each once."""
    held = {region: rule_on(kind.rules.all(), region, today) for region in regions}
    rules = {rule.id: rule for rule in held.values() if rule}
    return {"kind": kind, "rules": [_rule(kind, rule) for rule in rules.values()]}


def _rule(kind: LeaveType, rule) -> dict[str, object]:
    amount = None if rule.amount is None else in_words(rule.amount, is_hourly=kind.is_hourly)
    return {"rule": rule, "amount": amount, "tone": GRADE_TONES[rule.grade]}


@requires(READ_TYPE)
@require_safe
def type_detail(request: HttpRequest, leave_type_id: UUID) -> HttpResponse:
    """Show a type: how it works, and every rule with its source."""
    kind = type_for_actor(request.actor, leave_type_id)
    context = {
        "kind": kind,
        "rules": [_rule(kind, rule) for rule in kind.rules.all()],
        "facts": _facts(kind),
        "can_manage": request.actor.can(MANAGE_TYPE),
        "crumbs": [(_("假期类型"), reverse("leave:type_list")), (kind.label, None)],
    }
    return render(request, "leave/type.html", context)


def _facts(kind: LeaveType) -> list[tuple[str, object]]:
    """Return how a type works, in words."""
    yes, no = _("是"), _("否")

    def amount(value):
        return in_words(value, is_hourly=kind.is_hourly) if value is not None else None

    facts = [
        (_("编码"), kind.code),
        (_("额度来源"), kind.get_basis_display()),
        (_("请假单位"), kind.get_unit_display()),
        (_("计算方式"), kind.get_counts_display()),
        (_("最小单位"), amount(kind.step)),
        (_("单次最少"), amount(kind.minimum)),
        (_("单次最多"), amount(kind.maximum)),
        (_("发薪比例"), f"{kind.paid_share * 100:.0f}%"),
        (_("需要附件"), yes if kind.needs_attachment else no),
        (_("适用性别"), kind.get_for_gender_display()),
        (_("状态"), _("启用") if kind.is_active else _("停用")),
    ]
    if kind.has_balance:
        facts += [
            (_("发放方式"), kind.get_accrual_display()),
            (_("年中工龄变化"), kind.get_step_change_display()),
            (_("入职离职折算"), yes if kind.is_prorated else no),
            (_("可结转月数"), kind.carry_months),
            (_("最多结转"), amount(kind.carry_maximum)),
            (_("到期未休支付倍数"), kind.payout_multiple),
            (_("可透支"), amount(kind.overdraft)),
        ]
    return facts


@requires(MANAGE_TYPE)
@require_POST
def types_load(request: HttpRequest) -> HttpResponse:
    """Bring the types of the law that are not there yet."""
    types, rules = load_leave_types(actor=request.actor)
    if types or rules:
        messages.success(
            request, _("已载入 {types} 种假期、{rules} 条规则。").format(types=types, rules=rules)
        )
    else:
        messages.info(request, _("法定假期类型都已载入。"))
    return HttpResponseRedirect(reverse("leave:type_list"))


@requires(MANAGE_TYPE)
def type_new(request: HttpRequest) -> HttpResponse:
    """Add a type of the company's own."""
    page = reverse("leave:type_list")
    return act_on(
        request, LeaveTypeForm(request.POST if request.method == "POST" else None),
        lambda values: save_leave_type(actor=request.actor, **values), title=_("新增假期类型"),
        done=_("假期类型已新增。"), go_to=lambda key: reverse("leave:type_detail", args=[key]), cancel=page,
        crumbs=[(_("假期类型"), page)],
    )  # fmt: skip


@requires(MANAGE_TYPE)
def type_edit(request: HttpRequest, leave_type_id: UUID) -> HttpResponse:
    """Change how a type works."""
    kind = type_for_actor(request.actor, leave_type_id)
    page = reverse("leave:type_detail", args=[leave_type_id])
    return act_on(
        request, LeaveTypeForm(request.POST if request.method == "POST" else None, instance=kind),
        lambda values: save_leave_type(actor=request.actor, type_id=leave_type_id, **values), title=_("修改假期类型"),
        done=_("假期类型已保存。"), go_to=page, cancel=page,
        crumbs=[(_("假期类型"), reverse("leave:type_list")), (kind.label, page)],
    )  # fmt: skip


@requires(MANAGE_TYPE)
def rule_new(request: HttpRequest, leave_type_id: UUID) -> HttpResponse:
    """Add a rule of the company's own, which goes before those of the law."""
    kind = type_for_actor(request.actor, leave_type_id)
    page = reverse("leave:type_detail", args=[leave_type_id])
    form = LeaveRuleForm(
        request.POST if request.method == "POST" else None, initial={"effective_from": timezone.localdate()}
    )
    return act_on(
        request, form, lambda values: save_leave_rule(actor=request.actor, type_id=leave_type_id, **values),
        title=_("添加本企业规则"), done=_("规则已添加。"), go_to=page, cancel=page,
        crumbs=[(_("假期类型"), reverse("leave:type_list")), (kind.label, page)],
        note=_("本企业规则优先于法规规则；额度不应低于法定天数。"),
    )  # fmt: skip


@requires(MANAGE_TYPE)
@require_POST
def rule_delete(request: HttpRequest, leave_type_id: UUID, rule_id: UUID) -> HttpResponse:
    """Take away a rule of the company's own."""
    try:
        delete_leave_rule(actor=request.actor, type_id=leave_type_id, rule_id=rule_id)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("规则已删除。"))
    return HttpResponseRedirect(reverse("leave:type_detail", args=[leave_type_id]))


@requires(MANAGE_TYPE)
@require_POST
def place_set(request: HttpRequest, legal_entity_id: UUID) -> HttpResponse:
    """Say which place's rules a subsidiary follows."""
    entity = entity_for_actor(request.actor, legal_entity_id)
    form = PlaceForm(request.POST)
    if form.is_valid():
        set_leave_place(actor=request.actor, legal_entity_id=entity.id, region=form.cleaned_data["region"])
        messages.success(request, _("适用地区已保存。"))
    return HttpResponseRedirect(reverse("leave:type_list"))
