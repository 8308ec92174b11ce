"""Pages of the organisation: chart, org units, positions, legal entities."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.people import services
from zhiheng.people.forms import (
    LegalEntityForm,
    OrgUnitCloseForm,
    OrgUnitForm,
    OrgUnitMoveForm,
    OrgUnitNameForm,
    PositionForm,
)
from zhiheng.people.policies import READ_ORG_UNIT, WRITE_ORG_UNIT
from zhiheng.people.queries.org_units import (
    headcounts_of_entities,
    legal_entities_for_actor,
    legal_entity_for_actor,
    org_tree_as_of,
    org_unit_for_actor,
    position_for_actor,
    positions_for_actor,
)
from zhiheng.people.views.forms_page import form_page
from zhiheng.tenancy.choices import OrgUnitKind
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

ACTIVE = {True: ("ok", gettext_lazy("启用")), False: ("", gettext_lazy("停用"))}
ACTIVE_CHOICES = [("1", gettext_lazy("启用")), ("0", gettext_lazy("停用"))]


def _tabs(current: str) -> list[dict]:
    """Return the tabs that hold the pages of the organisation together."""
    known = [("org_chart", _("组织架构")), ("position_list", _("职位")), ("legal_entity_list", _("法人实体"))]
    return [
        {"label": label, "url": reverse(f"people:{name}"), "current": name == current}
        for name, label in known
    ]


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@requires(READ_ORG_UNIT)
def org_chart(request: HttpRequest) -> HttpResponse:
    """Show the org chart of a day."""
    tree = org_tree_as_of(request.actor, _day(request))
    context = {
        "tree": tree,
        "kinds": dict(OrgUnitKind.choices),
        "tabs": _tabs("org_chart"),
        "can_write": request.actor.can(WRITE_ORG_UNIT),
        "is_today": tree.on == timezone.localdate(),
    }
    return render(request, "people/org_chart.html", context)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("组织架构"), reverse("people:org_chart"))]


@requires(WRITE_ORG_UNIT)
def org_unit_new(request: HttpRequest) -> HttpResponse:
    """Make an org unit."""
    return form_page(
        request, OrgUnitForm, title=_("新建组织"), submit=_("新建"), cancel=reverse("people:org_chart"),
        act=lambda values: services.create_org_unit(actor=request.actor, **values), done=_("组织已新建。"),
        initial={"from_on": timezone.localdate(), "parent": request.GET.get("parent", "")}, crumbs=_crumbs(),
    )  # fmt: skip


def _unit_form(
    request: HttpRequest, unit_id: UUID, make_form, service, initial=None, **more: str
) -> HttpResponse:
    unit = org_unit_for_actor(request.actor, unit_id, permission=WRITE_ORG_UNIT)
    return form_page(
        request, make_form, cancel=reverse("people:org_chart"), crumbs=_crumbs(),
        act=lambda values: service(actor=request.actor, unit_id=unit.id, **values),
        initial=initial(unit) if initial else None,
        **{key: text % {"name": unit.name} for key, text in more.items()},
    )  # fmt: skip


@requires(WRITE_ORG_UNIT)
def org_unit_rename(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Change what a unit is called."""
    return _unit_form(
        request, unit_id, OrgUnitNameForm, services.rename_org_unit, title=_("修改“%(name)s”"), submit=_("保存"),
        done=_("组织已保存。"),
        initial=lambda unit: {"name": unit.name, "kind": unit.kind, "position": unit.position},
    )  # fmt: skip


@requires(WRITE_ORG_UNIT)
def org_unit_move(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Put a unit under another one."""
    return _unit_form(
        request, unit_id, OrgUnitMoveForm, services.move_org_unit, title=_("移动“%(name)s”"), submit=_("移动"),
        done=_("组织已移动。"), initial=lambda unit: {"parent": str(unit.parent_id or "")},
        ask=_("移动“%(name)s”及其全部下级？按组织划定的数据范围会随之改变。"),
    )  # fmt: skip


@requires(WRITE_ORG_UNIT)
def org_unit_close(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """End a unit."""
    return _unit_form(
        request, unit_id, OrgUnitCloseForm, services.close_org_unit, title=_("停用“%(name)s”"), submit=_("停用"),
        done=_("组织已停用。"), ask=_("停用“%(name)s”？"), initial=lambda unit: {"last_on": timezone.localdate()},
    )  # fmt: skip


class PositionList(ListPage):
    """Positions."""

    key = "people.position"
    title = gettext_lazy("职位")
    template_name = "people/org_list.html"
    columns = [
        Column("name", gettext_lazy("职位"), sort="name", is_fixed=True),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("headcount", gettext_lazy("人数"), sort="headcount", kind="number"),
        Column("is_active", gettext_lazy("状态"), tags=ACTIVE),
    ]
    filters = [
        ChoiceFilter(
            "active", gettext_lazy("状态"), choices=ACTIVE_CHOICES, is_segmented=True,
            apply=lambda rows, value: rows.filter(is_active=value == "1"),
        ),
    ]  # fmt: skip
    search_fields = ["name", "code"]
    search_label = gettext_lazy("名称 / 编码")
    default_sort = "code"
    total_label = gettext_lazy("共 {count} 个职位")
    empty_icon = "briefcase"
    empty_title = gettext_lazy("还没有职位")
    empty_text = gettext_lazy("导入花名册时会自动新建职位，也可以在这里添加。")

    def rows(self):
        return positions_for_actor(self.actor)

    def row_actions(self, row):
        if not self.actor.can(WRITE_ORG_UNIT):
            return ()
        return [RowAction(_("修改"), reverse("people:position_edit", args=[row.id]))]

    def extra_context(self):
        return {
            "tabs": _tabs("position_list"),
            "new_url": reverse("people:position_new") if self.actor.can(WRITE_ORG_UNIT) else "",
            "new_label": _("新建职位"),
        }


class LegalEntityList(ListPage):
    """Subsidiaries."""

    key = "people.legal_entity"
    title = gettext_lazy("法人实体")
    template_name = "people/org_list.html"
    columns = [
        Column("name", gettext_lazy("名称"), sort="name", is_fixed=True),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("country", gettext_lazy("国家或地区"), sort="country"),
        Column("currency", gettext_lazy("币种"), sort="currency"),
        Column("is_active", gettext_lazy("状态"), tags=ACTIVE),
    ]
    search_fields = ["name", "code"]
    search_label = gettext_lazy("名称 / 编码")
    default_sort = "code"
    total_label = gettext_lazy("共 {count} 个法人实体")
    empty_icon = "building"
    empty_title = gettext_lazy("还没有法人实体")
    empty_text = gettext_lazy("每个签劳动合同的公司是一个法人实体。")

    def __init__(self, request: HttpRequest, **options: object) -> None:
        super().__init__(request, **options)
        counts = headcounts_of_entities(self.actor)
        self.columns = [
            *self.columns[:4],
            Column("headcount", _("在职人数"), value=lambda row: counts.get(row.id, 0), kind="number"),
            self.columns[4],
        ]

    def rows(self):
        return legal_entities_for_actor(self.actor)

    def row_actions(self, row):
        if not self.actor.can(WRITE_ORG_UNIT):
            return ()
        return [RowAction(_("修改"), reverse("people:legal_entity_edit", args=[row.id]))]

    def extra_context(self):
        can_add = self.actor.can(WRITE_ORG_UNIT) and self.actor.legal_entity_ids is None
        return {
            "tabs": _tabs("legal_entity_list"),
            "new_url": reverse("people:legal_entity_new") if can_add else "",
            "new_label": _("新建法人实体"),
        }


@requires(READ_ORG_UNIT)
def position_list(request: HttpRequest) -> HttpResponseBase:
    """List positions."""
    return PositionList(request).response()


@requires(READ_ORG_UNIT)
def legal_entity_list(request: HttpRequest) -> HttpResponseBase:
    """List subsidiaries."""
    return LegalEntityList(request).response()


@requires(WRITE_ORG_UNIT)
def position_edit(request: HttpRequest, position_id: UUID | None = None) -> HttpResponse:
    """Make or change a position."""
    row = position_for_actor(request.actor, position_id) if position_id else None
    page = reverse("people:position_list")
    return form_page(
        request, PositionForm, title=_("修改职位") if row else _("新建职位"), submit=_("保存"), cancel=page,
        act=lambda values: services.save_position(actor=request.actor, position_id=position_id, **values),
        done=_("职位已保存。"), crumbs=[(_("职位"), page)],
        initial={name: getattr(row, name) for name in ("name", "code", "is_active")} if row else None,
    )  # fmt: skip


@requires(WRITE_ORG_UNIT)
def legal_entity_edit(request: HttpRequest, legal_entity_id: UUID | None = None) -> HttpResponse:
    """Make or change a subsidiary."""
    row = legal_entity_for_actor(request.actor, legal_entity_id) if legal_entity_id else None
    page = reverse("people:legal_entity_list")
    names = ("name", "code", "country", "currency", "is_active")
    return form_page(
        request, LegalEntityForm, title=_("修改法人实体") if row else _("新建法人实体"), submit=_("保存"),
        cancel=page, done=_("法人实体已保存。"), crumbs=[(_("法人实体"), page)],
        act=lambda values: services.save_legal_entity(
            actor=request.actor, legal_entity_id=legal_entity_id, **values
        ),
        initial={name: getattr(row, name) for name in names} if row else None,
    )  # fmt: skip
