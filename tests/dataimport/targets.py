"""A target for the tests: persons in a plain dictionary, or any table a test needs."""

from __future__ import annotations

import datetime as dt

from zhiheng.access.permissions import Permission
from zhiheng.dataimport.calc.target import (
    Choice,
    CommitResult,
    Field,
    ImportTarget,
    UndoResult,
)

SEX = (Choice("male", "男"), Choice("female", "女"))
PERSON_FIELDS = (
    Field("employee_no", "工号", required=True, unique=True, synonyms=("员工编号", "编号")),
    Field("name", "姓名", "name", required=True, synonyms=("员工姓名",)),
    Field("sex", "性别", "choice", choices=SEX, meaning="sex"),
    Field("born_on", "出生日期", "date", meaning="birth_date", synonyms=("生日",)),
    Field("id_card", "身份证号", "id_card", unique=True),
    Field("phone", "手机", "phone", synonyms=("手机号码",)),
    Field("email", "邮箱", "email"),
    Field("department", "部门", "lookup", synonyms=("所属部门",)),
    Field("position", "职位"),
    Field("joined_on", "入职日期", "date"),
    Field("salary", "基本工资", "decimal", places=2, minimum=0),
    Field("level", "级别", "integer", maximum=20),
    Field("is_active", "在职", "boolean", default=True),
)


class PersonTarget(ImportTarget):
    """Keeps what it was given; knows two departments; refuses to undo when told so."""

    code = "test.person"
    label = "测试员工"
    permission = Permission("test.person.import", "导入测试员工", {})
    fields = PERSON_FIELDS
    keys = (("name", "born_on"),)
    check_similar_persons = True
    departments = ("销售部", "研发部")

    def __init__(self) -> None:
        self.committed: dict[str, list[dict]] = {}
        self.refuse_undo = ""
        self.fail = False

    def check(self, actor, frame):
        found = []
        for row, name in frame.select("_row", "department").iter_rows():
            if name is not None and name not in self.departments:
                found.append(
                    self.issue(row, "department", f"没有名为「{name}」的部门", code="unknown_department")
                )
        return found

    def commit(self, actor, frame, batch_id, progress):
        rows = frame.to_dicts()
        self.committed[batch_id] = rows
        if self.fail:
            raise RuntimeError("database said no")
        progress(len(rows), len(rows), "rows")
        return CommitResult(created=len(rows))

    def undo(self, actor, batch_id):
        if self.refuse_undo:
            return UndoResult(refused_because=self.refuse_undo)
        return UndoResult(deleted=len(self.committed.pop(batch_id)))


HEADERS = ["工号", "姓名", "性别", "出生日期", "身份证号", "手机", "部门", "入职日期", "基本工资"]
GOOD_ROWS = [
    [
        "E1",
        "张三",
        "男",
        "1990-03-07",
        "110101199003070011",
        "13800138001",
        "销售部",
        dt.date(2020, 1, 6),
        8000,
    ],
    ["E2", "李四", "女", "1991-05-01", None, "13900139002", "研发部", dt.date(2021, 7, 1), 9500.5],
]
