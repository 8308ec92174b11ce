"""The tree of org units, positions and legal entities."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.factories import make_legal_entity, make_org_unit, make_tenant

from zhiheng.access.errors import Forbidden
from zhiheng.people import services
from zhiheng.tenancy.models import OrgUnit

D = date


def paths() -> dict[str, list[str]]:
    units = {unit.id: unit for unit in OrgUnit.objects.all()}
    return {unit.name: [units[each].name for each in unit.path] for unit in units.values()}


def test_a_new_unit_hangs_below_its_parent(inside):
    unit = services.create_org_unit(
        actor=inside.hr, code="W", name="华西组", legal_entity_id=inside.entity.id, from_on=D(2024, 1, 1),
        parent_id=inside.sales.id, kind="team",
    )  # fmt: skip
    assert unit.path == [inside.root.id, inside.sales.id, unit.id]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"code": " "}, "请填写编码。"),
        ({"name": " "}, "请填写名称。"),
        ({"from_on": D(1999, 1, 1)}, "上级组织“销售部”在 1999-01-01 不存在。"),
    ],
)
def test_what_makes_no_sense_is_refused(inside, fields, message):
    given = {"code": "W", "name": "华西组", "legal_entity_id": inside.entity.id, "from_on": D(2024, 1, 1)}
    with pytest.raises(ValidationError) as refusal:
        services.create_org_unit(actor=inside.hr, parent_id=inside.sales.id, **{**given, **fields})
    assert refusal.value.messages == [message]


def test_a_code_in_use_is_refused_and_free_again_after_closing(inside):
    given = {"actor": inside.hr, "legal_entity_id": inside.entity.id, "from_on": D(2024, 1, 1)}
    services.create_org_unit(**given, code="W", name="华西组")
    with pytest.raises(ValidationError) as refusal:
        services.create_org_unit(**given, code="W", name="西南组")
    assert refusal.value.messages == ["编码 W 已被“华西组”使用，请换一个编码。"]
    unit = OrgUnit.objects.get(code="W")
    services.close_org_unit(actor=inside.hr, unit_id=unit.id, last_on=D(2024, 6, 30))
    services.create_org_unit(**{**given, "from_on": D(2024, 7, 1)}, code="W", name="西南组")


def test_moving_takes_all_below_along(inside):
    services.move_org_unit(actor=inside.hr, unit_id=inside.sales.id, parent_id=inside.finance.id)
    assert paths()["华东组"] == ["总公司", "财务部", "销售部", "华东组"]
    services.move_org_unit(actor=inside.hr, unit_id=inside.sales.id, parent_id=None)
    assert paths()["华东组"] == ["销售部", "华东组"]


def test_circles_are_refused(inside):
    for parent in (inside.east, inside.sales):
        with pytest.raises(ValidationError) as refusal:
            services.move_org_unit(actor=inside.hr, unit_id=inside.sales.id, parent_id=parent.id)
        assert refusal.value.messages == [f"“{parent.name}”是“销售部”本身或其下级，不能作为它的上级。"]


def test_units_of_others_do_not_exist(inside):
    foreign = make_org_unit(make_legal_entity(make_tenant("别家")))
    with pytest.raises(Http404):
        services.rename_org_unit(actor=inside.hr, unit_id=foreign.id, name="x")
    with pytest.raises(ValidationError, match="没有找到上级组织"):
        services.move_org_unit(actor=inside.hr, unit_id=inside.sales.id, parent_id=foreign.id)


def test_renaming(inside):
    unit = services.rename_org_unit(
        actor=inside.hr, unit_id=inside.sales.id, name="营销中心", kind="division"
    )
    assert (unit.name, unit.kind) == ("营销中心", "division")
    with pytest.raises(ValidationError, match="请填写名称"):
        services.rename_org_unit(actor=inside.hr, unit_id=inside.sales.id, name="")
    with pytest.raises(Forbidden):
        services.rename_org_unit(actor=inside.actor("finance"), unit_id=inside.sales.id, name="x")


def test_a_unit_with_people_or_units_is_not_closed(inside):
    with pytest.raises(ValidationError) as refusal:
        services.close_org_unit(actor=inside.hr, unit_id=inside.sales.id, last_on=D(2024, 6, 30))
    assert refusal.value.messages == ["“销售部”在 2024-06-30 之后仍有 1 人，请先调动或办理离职。"]
    services.transfer_person(
        actor=inside.hr, person_id=inside.seller.id, from_on=D(2024, 7, 1), org_unit_id=inside.finance.id
    )
    with pytest.raises(ValidationError) as refusal:
        services.close_org_unit(actor=inside.hr, unit_id=inside.sales.id, last_on=D(2024, 6, 30))
    assert refusal.value.messages == ["“销售部”仍有下级组织（华东组），请先停用或移动。"]
    services.close_org_unit(actor=inside.hr, unit_id=inside.east.id, last_on=D(2024, 6, 30))
    closed = services.close_org_unit(actor=inside.hr, unit_id=inside.sales.id, last_on=D(2024, 6, 30))
    assert closed.valid.upper == D(2024, 7, 1)
    with pytest.raises(ValidationError, match="停用"):
        services.move_org_unit(actor=inside.hr, unit_id=inside.finance.id, parent_id=inside.sales.id)
    with pytest.raises(ValidationError, match="不能早于启用日期 2000-01-01"):
        services.close_org_unit(actor=inside.hr, unit_id=inside.east.id, last_on=D(1999, 12, 31))


def test_hr_of_a_subsidiary_keeps_to_it(inside):
    hr = inside.actor("hr", within_legal_entity=inside.entity)
    with pytest.raises(ValidationError, match="不在您的管理范围内"):
        services.create_org_unit(
            actor=hr, code="W", name="x", legal_entity_id=inside.other_entity.id, from_on=D(2024, 1, 1)
        )
    make_org_unit(inside.other_entity, "分公司驻销售部", inside.sales)
    from zhiheng.tenancy.context import tenant_context

    with tenant_context(inside.tenant.id, hr.legal_entity_ids):
        with pytest.raises(ValidationError, match="您无权移动"):
            services.move_org_unit(actor=hr, unit_id=inside.sales.id, parent_id=inside.finance.id)
        assert services.move_org_unit(actor=hr, unit_id=inside.finance.id, parent_id=None).path == [
            inside.finance.id
        ]


def test_positions(inside):
    position = services.save_position(actor=inside.hr, code="CFO", name="财务总监")
    changed = services.save_position(
        actor=inside.hr, position_id=position.id, code="CFO", name="首席财务官", is_active=False
    )
    assert (changed.id, changed.name, changed.is_active) == (position.id, "首席财务官", False)
    with pytest.raises(ValidationError) as refusal:
        services.save_position(actor=inside.hr, code="CFO", name="x")
    assert refusal.value.messages == ["编码 CFO 已被职位“首席财务官”使用，请换一个编码。"]
    for fields in ({"code": "", "name": "x"}, {"code": "x", "name": ""}):
        with pytest.raises(ValidationError, match="请填写"):
            services.save_position(actor=inside.hr, **fields)
    with pytest.raises(Http404):
        services.save_position(actor=inside.hr, position_id=inside.root.id, code="x", name="x")


def test_legal_entities(inside):
    entity = services.save_legal_entity(
        actor=inside.hr, code="HK", name="香港公司", country="hk", currency="hkd"
    )
    assert (entity.country, entity.currency) == ("HK", "HKD")
    with pytest.raises(ValidationError, match="编码 HK 已被“香港公司”使用"):
        services.save_legal_entity(actor=inside.hr, code="HK", name="x")
    for fields in ({"code": "", "name": "x"}, {"code": "x", "name": ""}):
        with pytest.raises(ValidationError, match="请填写"):
            services.save_legal_entity(actor=inside.hr, **fields)
    hr = inside.actor("hr", within_legal_entity=inside.entity)
    with pytest.raises(ValidationError, match="不能新建法人实体"):
        services.save_legal_entity(actor=hr, code="X", name="x")
    with pytest.raises(Http404):
        services.save_legal_entity(actor=hr, legal_entity_id=entity.id, code="X", name="x")
    changed = services.save_legal_entity(
        actor=hr, legal_entity_id=inside.entity.id, code="X", name="集团总部"
    )
    assert changed.name == "集团总部"
    with pytest.raises(Http404):
        services.save_legal_entity(actor=inside.hr, legal_entity_id=inside.root.id, code="Y", name="x")
