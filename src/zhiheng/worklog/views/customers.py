"""Pages of customers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.audit.public import record
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction
from zhiheng.worklog.forms.visits import CustomerForm
from zhiheng.worklog.models import Customer
from zhiheng.worklog.policies import IMPORT_CUSTOMER, MANAGE_CUSTOMER, READ_CUSTOMER
from zhiheng.worklog.queries.customers import customer_for_change, customers_with_visits
from zhiheng.worklog.services.customers import save_customer
from zhiheng.worklog.views.shared import form_page, posted

STATES = {True: ("ok", gettext_lazy("启用")), False: ("", gettext_lazy("停用"))}


class CustomerList(ListPage):
    """Customers with their owners, and when they were last visited."""

    key = "worklog.customer"
    title = gettext_lazy("客户")
    template_name = "worklog/customer_list.html"
    columns = [
        Column("name", gettext_lazy("客户名称"), sort="name", is_fixed=True),
        Column("code", gettext_lazy("客户编号"), sort="code"),
        Column("kind", gettext_lazy("客户类型"), sort="kind"),
        Column("address", gettext_lazy("地址")),
        Column("owner", gettext_lazy("负责人"), value="owner.name", sort="owner__name"),
        Column("visit_count", gettext_lazy("拜访次数"), sort="visit_count", kind="number"),
        Column("last_visit_on", gettext_lazy("最近拜访"), sort="last_visit_on", kind="date"),
        Column("is_active", gettext_lazy("状态"), tags=STATES, sort="is_active"),
    ]
    filters = [
        ChoiceFilter(
            "place", gettext_lazy("坐标"),
            choices=[("yes", gettext_lazy("有坐标")), ("no", gettext_lazy("没有坐标"))],
            apply=lambda rows, value: rows.filter(latitude__isnull=value == "no"),
        )
    ]  # fmt: skip
    search_fields = ["name", "code", "address", "owner__name"]
    search_label = gettext_lazy("客户名称 / 编号 / 地址 / 负责人")
    default_sort = "code"
    total_label = gettext_lazy("共 {count} 家")
    empty_icon = "building"
    empty_title = gettext_lazy("还没有客户")
    empty_text = gettext_lazy("导入客户名单，或逐个添加；有坐标的客户能核对签到距离。")

    def __init__(self, request: HttpRequest, **options: object) -> None:
        super().__init__(request, **options)
        if self.actor.can(MANAGE_CUSTOMER):
            self.empty_action = (_("添加客户"), reverse("worklog:customer_add"))

    def rows(self):
        return customers_with_visits(self.actor)

    def row_actions(self, row: Customer):
        if not self.actor.can(MANAGE_CUSTOMER):
            return []
        return [RowAction(_("编辑"), reverse("worklog:customer_edit", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        can_manage, can_import = self.actor.can(MANAGE_CUSTOMER), self.actor.can(IMPORT_CUSTOMER)
        return {"can_manage": can_manage, "can_import": can_import}

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "rows": count}
        record(self.actor, "worklog.customer.export", subject=("worklog.customer", ""), payload=payload)


@requires(READ_CUSTOMER)
def customer_list(request: HttpRequest) -> HttpResponseBase:
    """Show the customers."""
    return CustomerList(request).response()


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("客户"), reverse("worklog:customer_list"))]


@requires(MANAGE_CUSTOMER)
def customer_add(request: HttpRequest) -> HttpResponse:
    """Add a customer."""
    form = CustomerForm(posted(request), actor=request.actor)
    return form_page(
        request, form, title=_("添加客户"), cancel=reverse("worklog:customer_list"), crumbs=_crumbs(),
        act=lambda values: save_customer(actor=request.actor, **values), done=_("客户已添加。"),
    )  # fmt: skip


@requires(MANAGE_CUSTOMER)
def customer_edit(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Change a customer; coordinates are shown in WGS-84, as they are stored."""
    customer = customer_for_change(request.actor, customer_id)
    names = ("code", "name", "kind", "address", "contact", "latitude", "longitude", "radius", "is_active")
    initial = {name: getattr(customer, name) for name in names}
    initial |= {"datum": "wgs84", "owner": customer.owner.employee_number if customer.owner else ""}
    form = CustomerForm(posted(request), actor=request.actor, initial=initial)
    return form_page(
        request, form, title=customer.name, cancel=reverse("worklog:customer_list"), crumbs=_crumbs(),
        act=lambda values: save_customer(actor=request.actor, customer_id=customer_id, **values),
        done=_("客户已保存。"),
    )  # fmt: skip
