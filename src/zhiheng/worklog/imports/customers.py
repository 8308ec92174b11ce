"""Import of customers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import polars as pl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.attendance.choices import Datum
from zhiheng.dataimport.public import (
    ROW,
    Choice,
    CommitResult,
    Field,
    ImportTarget,
    Issue,
    Progress,
    UndoResult,
    is_provided,
)
from zhiheng.people.public import PersonRef
from zhiheng.worklog.calc.places import to_wgs84
from zhiheng.worklog.imports.changes import Changes, undo_changes
from zhiheng.worklog.imports.people import entity_for_nobody, people_by_number
from zhiheng.worklog.models import Customer
from zhiheng.worklog.policies import IMPORT_CUSTOMER

NAMES = (
    "code", "name", "kind", "address", "contact", "latitude", "longitude", "datum", "radius", "owner_id",
    "legal_entity_id",
)  # fmt: skip
PLAIN = ("name", "kind", "address", "contact", "radius")


class CustomerTarget(ImportTarget):
    """Customers by code within the owner's subsidiary."""

    code = "worklog.customer"
    label = gettext_lazy("客户")
    permission = IMPORT_CUSTOMER
    fields = (
        Field(
            "code", gettext_lazy("客户编号"), required=True, unique=True, max_length=40,
            synonyms=("客户编码", "customer_no", "customer_id", "customer code", "编号"), example="C0001",
        ),
        Field(
            "name", gettext_lazy("客户名称"), required=True, max_length=120,
            synonyms=("客户", "公司名称", "customer", "customer name", "company"), example="杭州示例商行",
        ),
        Field("kind", gettext_lazy("客户类型"), max_length=40, synonyms=("客户分类", "类型", "customer type", "kind")),
        Field("address", gettext_lazy("地址"), synonyms=("客户地址", "详细地址", "address")),
        Field("contact", gettext_lazy("联系人"), max_length=80, synonyms=("客户联系人", "contact")),
        Field(
            "owner", gettext_lazy("负责人工号"), max_length=40,
            synonyms=("销售员工号", "业务员工号", "负责人", "owner", "seller_no"),
            help=gettext_lazy("留空表示公共客户，所有人都能拜访。"),
        ),
        Field("latitude", gettext_lazy("纬度"), "decimal", places=6, minimum=-90, maximum=90, synonyms=("lat",)),
        Field(
            "longitude", gettext_lazy("经度"), "decimal", places=6, minimum=-180, maximum=180,
            synonyms=("lng", "lon"),
        ),
        Field(
            "datum", gettext_lazy("坐标系"), "choice", default=Datum.GCJ02.value, synonyms=("datum",),
            choices=tuple(Choice(each.value, each.label, (each.value,)) for each in Datum),
        ),
        Field("radius", gettext_lazy("签到半径（米）"), "integer", minimum=50, maximum=5000, synonyms=("radius",)),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find owners whom nobody knows and halves of places."""
        people = people_by_number(frame, "owner")
        issues = []
        for row in frame.iter_rows(named=True):
            if row["owner"] and row["owner"] not in people:
                text = _("没有工号为「{number}」的员工。").format(number=row["owner"])
                issues.append(self.issue(row[ROW], "owner", text, code="unknown_employee"))
            if (row["latitude"] is None) != (row["longitude"] is None):
                text = _("请同时填写纬度和经度，或都留空。")
                issues.append(self.issue(row[ROW], "latitude", text, code="half_a_place"))
        return issues

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Add new customers and change known ones; columns that the file lacks stay as they are."""
        people = people_by_number(frame, "owner")
        nobody = entity_for_nobody(actor)
        known = {
            (row.legal_entity_id, row.code): row for row in Customer.objects.select_for_update(of=("self",))
        }
        changes = Changes(UUID(batch_id))
        provided = {name for name in frame.columns if is_provided(frame, name)}
        for row in frame.iter_rows(named=True):
            owner = people.get(row["owner"] or "")
            entity = owner.legal_entity_id if owner else nobody
            if entity is None:
                raise ValidationError(_("有多个法人实体时，每个客户都要填写负责人工号。"))
            customer = known.get((entity, row["code"])) or Customer(code=row["code"], legal_entity_id=entity)
            changes.save(customer, _values(row, provided, owner), NAMES)
        changes.write()
        progress(frame.height, frame.height, _("写入客户"))
        return CommitResult(changes.created, changes.updated, changes.unchanged)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Take the customers back, unless one was changed or visited since."""
        return undo_changes(UUID(batch_id), Customer, NAMES, _("已有客户被拜访，不能撤销。"))


def _values(row: dict[str, Any], provided: set[str], owner: PersonRef | None) -> dict[str, object]:
    values: dict[str, object] = {
        name: row[name] if row[name] is not None else ""
        for name in PLAIN
        if name in provided and name != "radius"
    }
    if "radius" in provided and row["radius"] is not None:
        values["radius"] = row["radius"]
    if "owner" in provided:
        values["owner_id"] = owner.id if owner else None
    if {"latitude", "longitude"} <= provided:
        values |= _place(row["latitude"], row["longitude"], row["datum"] or Datum.GCJ02.value)
    return values


def _place(latitude: Decimal | None, longitude: Decimal | None, datum: str) -> dict[str, object]:
    if latitude is None or longitude is None:
        return {"latitude": None, "longitude": None}
    north, east = to_wgs84(latitude, longitude, datum)
    return {"latitude": north, "longitude": east, "datum": datum}
