"""What is wrong with a roster is said row by row, and nothing half-written stays."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from tests.factories import make_person

from zhiheng.people import services
from zhiheng.people.models import Assignment, Person, PersonIdentifier, Position
from zhiheng.people.services.snapshots import refresh_person_snapshots
from zhiheng.tenancy.models import OrgUnit

D = date
CARD = "11010519491231002X"
NEW = {"employee_number": "N1", "name": "王芳", "hired_on": "2024-05-01", "org_unit": "华东组"}


@pytest.mark.parametrize(
    ("row", "issue"),
    [
        ({**NEW, "org_unit": "销售步"}, (2, "org_unit", "error", "没有部门“销售步”。您是否要填：销售部？")),
        ({**NEW, "hired_on": None}, (2, "hired_on", "error", "新员工必须填写入职日期。")),
        ({**NEW, "left_on": "2024-04-30"}, (2, "left_on", "error", "离职日期 2024-04-30 早于入职日期 2024-05-01。")),
        ({**NEW, "birth_on": "2024-05-01"}, (2, "birth_on", "error", "出生日期必须早于入职日期。")),
        ({**NEW, "birth_on": "2010-05-02"}, (2, "birth_on", "warning", "入职时不满 16 周岁，请核对。")),
        ({**NEW, "probation_until": "2024-04-30"}, (2, "probation_until", "error", "试用期截止日不能早于入职日期。")),
        ({**NEW, "manager_number": "X9"}, (2, "manager_number", "error", "没有工号为 X9 的员工，不能作为直接上级。")),
        ({**NEW, "manager_number": "n1"}, (2, "manager_number", "error", "直接上级不能是本人。")),
        ({**NEW, "position": "顾问"}, (2, "position", "warning", "职位“顾问”还不存在，导入时将新建。")),
        ({**NEW, "legal_entity": "华东分公"}, (2, "legal_entity", "error", "没有法人实体“华东分公”。您是否要填：华东分公司？")),
        ({**NEW, "hired_on": "1999-05-01"}, (2, "org_unit", "error", "部门“华东组”在 1999-05-01 不存在。")),
        ({**NEW, "org_unit": None}, (2, "org_unit", "error", "请填写部门：无法判断该员工属于哪个部门。")),
        (
            {**NEW, "employee_number": "a002"},
            (2, "employee_number", "error", "工号 a002 已属于 单小芳，工号不能重复使用。"),
        ),
        (
            {**NEW, "employee_number": "A002", "name": "单小芳"},
            (2, "hired_on", "error", "单小芳 在 2020-01-01 起 已有任职，与入职日期 2024-05-01 重叠。"),
        ),
        (
            {**NEW, "employee_number": "A002", "hired_on": "2020-01-01"},
            (2, "name", "warning", "系统中工号 A002 的姓名是“单小芳”，导入后将改名。"),
        ),
    ],
)  # fmt: skip
def test_one_wrong_cell(sheet, row, issue):
    assert sheet("people.person", row).issues() == [issue]


def test_a_department_of_two_names_needs_its_code(inside, sheet):
    twin = OrgUnit.objects.create(
        legal_entity=inside.entity, name="华东组", code="U-TWIN", path=[], valid=(D(2000, 1, 1), None)
    )
    codes = "、".join(sorted([inside.east.code, twin.code]))
    assert sheet("people.person", NEW).issues() == [
        (2, "org_unit", "error", f"有多个部门叫“华东组”，请改填编码：{codes}。")
    ]
    assert sheet("people.person", {**NEW, "org_unit": "u-twin"}).issues() == []


def test_circles_of_managers_are_told_in_every_row(sheet):
    rows = [{**NEW, "employee_number": f"N{at}", "manager_number": f"N{at % 3 + 1}"} for at in (1, 2, 3)]
    chain = "上级关系绕成了一个圈：N1 → N2 → N3 → N1。"
    assert sheet("people.person", *rows).issues() == [
        (2, "manager_number", "error", chain),
        (3, "manager_number", "error", chain),
        (4, "manager_number", "error", chain),
    ]


def test_an_id_card_of_somebody_else_is_refused(inside, sheet):
    services.set_identifier(actor=inside.hr, person_id=inside.seller.id, kind="id_card", text=CARD)
    found = sheet("people.person", {**NEW, "id_card": CARD}).issues()
    assert found == [(2, "id_card", "error", "该身份证号已属于 单小芳（工号 A002），请核对是否同一人。")]
    same = {
        "employee_number": "A002",
        "name": "单小芳",
        "hired_on": "2020-01-01",
        "org_unit": "销售部",
        "id_card": CARD,
    }
    assert sheet("people.person", same).issues() == []


def test_hr_of_a_subsidiary_imports_only_there(inside, sheet):
    hr = inside.actor("hr", within_legal_entity=inside.other_entity)
    assert sheet("people.person", NEW, actor=hr).issues() == [
        (2, "org_unit", "error", "部门“华东组”不在您的管理范围内。")
    ]
    assert sheet("people.person", {**NEW, "org_unit": "华东分公司"}, actor=hr).issues() == []


def test_wrong_rows_are_never_committed(sheet):
    count = Person.objects.count()
    with pytest.raises(ValidationError, match="第 3 行：没有部门"):
        sheet("people.person", NEW, {**NEW, "employee_number": "N2", "org_unit": "月球部"}).commit()
    assert Person.objects.count() == count


def test_scripts_in_names_are_kept_as_text(sheet):
    sheet("people.person", {**NEW, "name": "<script>alert(1)</script>"}).commit()
    assert Person.objects.get(employee_number="N1").name == "<script>alert(1)</script>"


def test_new_people_get_everything_at_once(inside, sheet):
    rows = [
        {**NEW, "manager_number": "N2", "position": "顾问", "phone": "+8613800001234", "id_card": CARD},
        {**NEW, "employee_number": "N2", "name": "解文", "manager_number": "A001", "left_on": "2024-12-31"},
    ]
    result = sheet("people.person", *rows).commit()
    assert (result.created, result.updated, result.unchanged) == (2, 0, 0)
    wang, xie = Person.objects.get(employee_number="N1"), Person.objects.get(employee_number="N2")
    assert (wang.manager, xie.manager, xie.left_on, xie.status) == (xie, inside.boss, D(2024, 12, 31), "left")
    assert wang.position.name == "顾问"
    assert xie.search_text == "解文 xiewen xw n2"
    masked = PersonIdentifier.objects.filter(person=wang).order_by("kind").values_list("kind", "masked")
    assert list(masked) == [("id_card", "1101**********002X"), ("phone", "138****1234")]
    assert (
        services.reveal_identifier(actor=inside.hr, person_id=wang.id, kind="id_card", reason="核对证件")
        == CARD
    )
    assert refresh_person_snapshots(tenant_id=inside.tenant.id) == 0


def test_the_same_roster_again_changes_nothing(sheet):
    row = {**NEW, "manager_number": "A001", "position": "销售代表", "phone": "13800001234", "email": "a@b.cn"}
    sheet("people.person", row).commit()
    again = sheet("people.person", row).commit(2)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


def test_known_people_are_updated_moved_and_ended_and_all_of_it_undone(inside, sheet):
    seller = {
        "employee_number": "A002",
        "name": "单小方",
        "org_unit": "财务部",
        "position": "会计",
        "phone": "13800001234",
    }
    clerk = {"employee_number": "A003", "name": "Ken Sánchez", "left_on": "2024-06-30"}
    result = sheet("people.person", seller, clerk).commit()
    assert (result.created, result.updated, result.unchanged) == (0, 2, 0)
    changed = Person.objects.get(id=inside.seller.id)
    assert (changed.name, changed.org_unit, changed.position.name) == ("单小方", inside.finance, "会计")
    assert changed.manager == inside.boss  # not in the file, so it stays
    assert Assignment.objects.filter(person=changed).count() == 2
    assert Person.objects.get(id=inside.clerk.id).status == "left"
    undone = sheet("people.person", seller).undo()
    assert (undone.deleted, undone.restored, undone.refused_because) == (0, 2, "")
    back = Person.objects.get(id=inside.seller.id)
    assert (back.name, back.org_unit, back.position, back.search_text) == (
        "单小芳", inside.sales, None, inside.seller.search_text,
    )  # fmt: skip
    assert Assignment.objects.filter(person=back).count() == 1
    assert not PersonIdentifier.objects.exists()
    assert Person.objects.get(id=inside.clerk.id).status == "active"
    assert Position.objects.filter(name="会计").count() == 0


def test_coming_back_by_import(inside, sheet):
    services.end_employment(actor=inside.hr, person_id=inside.seller.id, last_on=D(2022, 12, 31))
    row = {"employee_number": "A002", "name": "单小芳", "hired_on": "2024-01-01", "org_unit": "华东组"}
    assert sheet("people.person", row).issues() == []
    assert sheet("people.person", row).commit().updated == 1
    person = Person.objects.get(id=inside.seller.id)
    assert (person.hired_on, person.org_unit, person.employments.count()) == (D(2024, 1, 1), inside.east, 2)


def test_undo_is_refused_after_later_changes(inside, sheet):
    made = sheet("people.person", NEW)
    made.commit()
    person = Person.objects.get(employee_number="N1")
    services.update_person(actor=inside.hr, person_id=person.id, email="x@y.cn")
    assert made.undo().refused_because == (
        "王芳 等 1 人在这次导入之后又有变动，不能撤销。请先撤销之后的导入，或逐人更正。"
    )
    assert Person.objects.filter(id=person.id).exists()


def test_undo_is_refused_while_others_report_to_the_new_people(inside, sheet):
    made = sheet("people.person", NEW)
    made.commit()
    make_person(inside.east, "下属", manager_id=Person.objects.get(employee_number="N1").id)
    assert "引用了这批员工" in made.undo().refused_because
    assert Person.objects.filter(employee_number="N1").exists()


def test_two_batches_are_undone_in_turn(sheet):
    first = sheet("people.person", NEW)
    first.commit(1)
    second = sheet("people.person", {**NEW, "email": "w@b.cn"})
    second.commit(2)
    assert first.undo(1).refused_because
    assert second.undo(2).restored == 1
    assert first.undo(1).deleted == 1


STAY = {"employee_number": "A002", "org_unit": "华东组", "from_on": "2021-01-01", "last_on": "2021-06-30"}


@pytest.mark.parametrize(
    ("row", "issue"),
    [
        ({**STAY, "employee_number": "X9"}, ("employee_number", "没有工号为 X9 的员工。")),
        ({**STAY, "org_unit": "月球部"}, ("org_unit", "没有部门“月球部”。请先导入或新建这个部门。")),
        ({**STAY, "last_on": "2020-12-31"}, ("last_on", "结束日期不能早于开始日期。")),
        ({**STAY, "from_on": "2019-12-31"}, ("from_on", "不在 单小芳 的任职期间（2020-01-01 起）之内。")),
        ({**STAY, "org_unit": "华东分公司"}, ("org_unit", "部门“华东分公司”属于另一法人实体，变更法人实体请使用调动。")),
        ({**STAY, "manager_number": "A002"}, ("manager_number", "直接上级不能是本人。")),
        ({**STAY, "manager_number": "X9"}, ("manager_number", "没有工号为 X9 的员工，不能作为直接上级。")),
    ],
)  # fmt: skip
def test_wrong_history_rows(sheet, row, issue):
    assert [
        (field, message) for _row, field, _severity, message in sheet("people.assignment", row).issues()
    ] == [issue]


def test_overlapping_history_rows(sheet):
    other = {**STAY, "from_on": "2021-06-30", "last_on": None}
    assert sheet("people.assignment", STAY, other).issues() == [
        (3, "from_on", "error", "单小芳 的期间与第 2 行重叠。")
    ]


def test_history_is_laid_over_what_is_there_and_undone(inside, sheet):
    history = sheet("people.assignment", {**STAY, "shift": "早班", "position": "组长"})
    assert history.commit().created == 1

    def shown() -> list[tuple]:
        rows = Assignment.objects.filter(person=inside.seller).order_by("valid")
        return [(row.org_unit.name, row.shift_name, row.valid.lower, row.valid.upper) for row in rows]

    assert shown() == [
        ("销售部", "", D(2020, 1, 1), D(2021, 1, 1)),
        ("华东组", "早班", D(2021, 1, 1), D(2021, 7, 1)),
        ("销售部", "", D(2021, 7, 1), None),
    ]
    assert set(Assignment.objects.filter(person=inside.seller).values_list("manager", flat=True)) == {
        inside.boss.id
    }
    again = history.commit(2)
    assert (again.created, again.unchanged) == (0, 1)
    assert history.undo().restored == 1
    assert shown() == [("销售部", "", D(2020, 1, 1), None)]


def test_org_units_come_in_any_order_and_go_again(inside, sheet):
    rows = [
        {"code": "C", "name": "丙组", "parent": "B"},
        {"code": "B", "name": "乙部", "parent": "总部"},
        {"code": "A", "name": "总部", "legal_entity": "总公司", "kind": "company"},
    ]
    units = sheet("people.org_unit", *rows)
    assert units.issues() == []
    assert units.commit().created == 3
    a, b, c = (OrgUnit.objects.get(code=code) for code in "ABC")
    assert (c.path, c.kind, c.legal_entity) == ([a.id, b.id, c.id], "department", inside.entity)
    moved = sheet("people.org_unit", {"code": "B", "name": "乙部（新）", "parent": inside.sales.code})
    result = moved.commit(2)
    assert (result.created, result.updated) == (0, 1)
    c.refresh_from_db()
    assert c.path == [inside.root.id, inside.sales.id, b.id, c.id]
    assert units.undo(1).refused_because == "之后的导入又修改了这批数据，请先撤销之后的导入。"
    assert moved.undo(2).restored == 1
    c.refresh_from_db()
    assert c.path == [a.id, b.id, c.id]
    assert units.undo(1).deleted == 3
    assert not OrgUnit.objects.filter(code__in="ABC").exists()


@pytest.mark.parametrize(
    ("rows", "issues"),
    [
        ([{"code": "B", "name": "乙", "parent": "Z"}], [("parent", "没有上级部门“Z”。")]),
        ([{"code": "B", "name": "乙"}], [("legal_entity", "请填写法人实体：该组织没有上级，企业有多个法人实体。")]),
        (
            [{"code": "B", "name": "乙", "parent": "C", "legal_entity": "总公司"},
             {"code": "C", "name": "丙", "parent": "B", "legal_entity": "总公司"}],
            [("parent", "上级部门绕成了一个圈。")],
        ),
        ([{"code": "B", "name": "乙", "legal_entity": "月球公司"}],
         [("legal_entity", "没有法人实体“月球公司”。")]),
    ],
)  # fmt: skip
def test_wrong_org_units(sheet, rows, issues):
    found = sheet("people.org_unit", *rows).issues()
    assert [(field, message) for _row, field, _severity, message in found] == issues


def test_positions(inside, sheet):
    rows = sheet(
        "people.position", {"code": "K", "name": "会计"}, {"code": inside.position.code, "name": "高级销售"}
    )
    result = rows.commit()
    assert (result.created, result.updated, result.unchanged) == (1, 1, 0)
    assert rows.commit(2).unchanged == 2
    assert rows.undo(1).restored == 1
    assert list(Position.objects.values_list("name", flat=True)) == ["销售代表"]
