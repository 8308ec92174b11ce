"""Import of persons: new people in bulk, known ones through the services."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.audit.public import record
from zhiheng.dataimport.public import (
    Choice,
    CommitResult,
    Field,
    ImportTarget,
    Issue,
    Progress,
    UndoResult,
    copy_rows,
)
from zhiheng.people import services
from zhiheng.people.calc.pinyin import search_text
from zhiheng.people.choices import EmploymentKind, Gender, PersonStatus
from zhiheng.people.imports.lookups import refuse_errors
from zhiheng.people.imports.person_plan import HIRE, REHIRE, PersonPlan, Planned
from zhiheng.people.imports.traces import (
    mark_changed,
    person_states,
    traces_of,
    undo_persons,
    write_traces,
)
from zhiheng.people.models import Assignment, Employment, ImportTrace, Person, Position
from zhiheng.people.policies import IMPORT_PERSON, WRITE_PERSON
from zhiheng.people.services.employments import employment_on, timeline_of
from zhiheng.people.services.identifiers import sealed_identifier, write_identifier

POSITIONS = "people.person/position"
ONE_DAY = timedelta(days=1)
_GENDER = {"male": ("M", "先生"), "female": ("F", "女士"), "unknown": ("U", "未知", "保密")}
_KIND = {
    "full_time": ("正式", "正式工", "全日制", "合同工", "固定期限", "无固定期限", "full-time", "permanent"),
    "part_time": ("兼职", "非全日制", "小时工", "part-time"),
    "intern": ("实习生", "见习", "internship"),
    "dispatched": ("派遣", "派遣工", "外包", "劳务", "劳务工", "contractor"),
    "rehired": ("返聘",),
}


class PersonTarget(ImportTarget):
    """Persons by employee number within their legal entity."""

    code = "people.person"
    label = gettext_lazy("员工")
    permission = IMPORT_PERSON
    check_similar_persons = True
    fields = (
        Field(
            "employee_number", gettext_lazy("工号"), required=True, unique=True, max_length=40, example="A0001",
            synonyms=("员工编号", "员工工号", "人员编号", "职工编号", "员工号", "employee_id", "employee_no",
                      "badge", "staff_id", "job_number"),
        ),
        Field(
            "name", gettext_lazy("姓名"), "name", required=True, max_length=80, example="张三",
            synonyms=("员工姓名", "名字", "full_name", "employee_name"),
        ),
        Field(
            "gender", gettext_lazy("性别"), "choice", synonyms=("sex",), meaning="sex",
            choices=tuple(Choice(each.value, each.label, _GENDER[each.value]) for each in Gender),
        ),
        Field(
            "birth_on", gettext_lazy("出生日期"), "date", meaning="birth_date", example="1990-05-01",
            synonyms=("生日", "出生年月", "出生年月日", "birth_date", "birthday", "date_of_birth", "dob"),
        ),
        Field(
            "hired_on", gettext_lazy("入职日期"), "date", example="2024-03-01",
            synonyms=("入司日期", "入厂日期", "入职时间", "报到日期", "hire_date", "start_date", "join_date",
                      "joined_on"),
        ),
        Field(
            "org_unit", gettext_lazy("部门"), max_length=120, example="销售部",
            synonyms=("所在部门", "所属部门", "部门名称", "部门编码", "部门/班组", "组织", "班组", "科室",
                      "department", "department_id", "department_name", "org_unit_code", "dept"),
            help=gettext_lazy("填部门编码或名称；留空则归入法人实体的最上级。"),
        ),
        Field(
            "position", gettext_lazy("职位"), max_length=80, example="销售经理",
            synonyms=("岗位", "职务", "岗位名称", "职位名称", "工种", "job_title", "title", "position_name"),
        ),
        Field(
            "manager_number", gettext_lazy("直接上级工号"), max_length=40, example="A0002",
            synonyms=("直接上级", "上级工号", "直属上级工号", "直属上级", "汇报对象工号", "汇报对象", "主管工号",
                      "manager_id", "manager_no", "reports_to", "supervisor_id"),
        ),
        Field(
            "phone", gettext_lazy("手机号码"), "phone",
            synonyms=("手机", "手机号", "联系电话", "电话", "联系方式", "mobile", "phone_number"),
        ),
        Field(
            "id_card", gettext_lazy("身份证号"), "id_card",
            synonyms=("身份证", "身份证号码", "证件号码", "居民身份证号", "id_number", "national_id"),
        ),
        Field(
            "email", gettext_lazy("工作邮箱"), "email", max_length=254,
            synonyms=("邮箱", "电子邮箱", "电子邮件", "e-mail", "mail", "email_address"),
        ),
        Field(
            "legal_entity", gettext_lazy("法人实体"), max_length=120,
            synonyms=("公司", "所属公司", "合同主体", "合同公司", "法人公司", "company", "subsidiary"),
            help=gettext_lazy("填编码或名称；留空则与部门相同。"),
        ),
        Field(
            "kind", gettext_lazy("用工形式"), "choice",
            synonyms=("用工性质", "合同类型", "员工类型", "用工类型", "employment_kind", "employment_type"),
            choices=tuple(Choice(each.value, each.label, _KIND[each.value]) for each in EmploymentKind),
        ),
        Field(
            "probation_until", gettext_lazy("试用期至"), "date",
            synonyms=("试用期截止日期", "试用期结束日期", "转正日期", "probation_end"),
        ),
        Field(
            "left_on", gettext_lazy("离职日期"), "date",
            synonyms=("最后工作日", "离职时间", "离厂日期", "leave_date", "termination_date", "end_date"),
            help=gettext_lazy("最后一个工作日。"),
        ),
    )  # fmt: skip

    def check(self, actor: Any, frame: pl.DataFrame) -> list[Issue]:
        """Find unknown departments, numbers and ID cards in use, overlaps, circles, dates in wrong order."""
        return PersonPlan(actor, frame).issues

    def commit(self, actor: Any, frame: pl.DataFrame, batch_id: str, progress: Progress) -> CommitResult:
        """Write the roster: new people at once, known ones one by one where they differ."""
        actor.scope(WRITE_PERSON)
        plan, stamp = PersonPlan(actor, frame), timezone.now()
        refuse_errors(plan.issues)
        made = self._make_positions(plan, batch_id, stamp)
        known = [each for each in plan.planned if each.verb != HIRE]
        before = person_states({each.person_id for each in known})
        ids = _hire_all(actor, plan, stamp, progress)
        changed = [
            each.person_id for each in known if _Update(actor, each, plan, ids, before[each.person_id]).run()
        ]
        mark_changed(changed, stamp)
        write_traces(
            batch_id, self.code, [*ids.values(), *changed], stamp, {each: before[each] for each in changed}
        )
        result = CommitResult(len(ids), len(changed), len(known) - len(changed))
        payload = {"created": result.created, "updated": result.updated, "new_positions": made}
        record(actor, "people.person.import", subject=("dataimport.batch", batch_id), payload=payload)
        return result

    def _make_positions(self, plan: PersonPlan, batch_id: str, stamp: datetime) -> int:
        names = dict.fromkeys(each.row["position"] for each in plan.planned if each.row["position"])
        made = [plan.positions.make(name) for name in names if plan.positions.get(name) is None]
        Position.objects.bulk_create(made)
        write_traces(batch_id, POSITIONS, [row.id for row in made], stamp)
        return len(made)

    def undo(self, actor: Any, batch_id: str) -> UndoResult:
        """Take the batch back, with the positions it made as far as nobody holds them."""
        actor.scope(WRITE_PERSON)
        result = undo_persons(actor.tenant_id, traces_of(batch_id, self.code))
        if result.refused_because:
            return result
        made = traces_of(batch_id, POSITIONS)
        rows = Position.objects.filter(id__in=[trace.object_id for trace in made])
        rows = rows.exclude(id__in=Assignment.objects.filter(position__isnull=False).values("position_id"))
        rows.filter(holders__isnull=True).delete()
        ImportTrace.objects.filter(id__in=[trace.id for trace in made]).delete()
        return result


def _status(today: date, period: DateRange, probation_until: date | None) -> str:
    """Return where somebody stands, as the snapshot does for all."""
    if period.lower > today:
        return PersonStatus.UPCOMING
    if period.upper is not None and period.upper <= today:
        return PersonStatus.LEFT
    return PersonStatus.PROBATION if probation_until and probation_until >= today else PersonStatus.ACTIVE


def _hire_all(actor: Any, plan: PersonPlan, stamp: datetime, progress: Progress) -> dict[str, UUID]:
    """Write all new people, managers first, in five statements a chunk; returns their ids by number."""
    today, ids = timezone.localdate(), {}
    new = [each for each in plan.managers_first() if each.verb == HIRE]
    persons, spells, stays, held = [], [], [], []
    for each in new:
        person, spell, stay = _hired(each, plan, ids, today, actor.tenant_id)
        ids[each.key] = person.id
        person.created_at = person.changed_at = stamp
        persons.append(person)
        spells.append(spell)
        stays.append(stay)
        for kind in ("phone", "id_card"):
            if each.row[kind]:
                held.append(sealed_identifier(person, kind, each.row[kind]))
    total = len(new)
    for done, rows in enumerate((persons, spells, stays, held), start=1):
        copy_rows(rows)
        progress(total * done // 4, total, _("写入员工"))
    return ids


def _hired(
    each: Planned, plan: PersonPlan, ids: dict[str, UUID], today: date, tenant_id: UUID
) -> tuple[Person, Employment, Assignment]:
    row, unit = each.row, each.unit
    period = DateRange(row["hired_on"], row["left_on"] and row["left_on"] + ONE_DAY)
    position = plan.positions.get(row["position"])
    manager_id = _manager_id(each, plan, ids)
    person = Person(
        tenant_id=tenant_id, legal_entity_id=unit.legal_entity_id, name=row["name"],
        gender=row["gender"] or Gender.UNKNOWN, birth_on=row["birth_on"], email=(row["email"] or "").lower(),
        search_text=search_text(row["name"], row["employee_number"], row["email"] or ""),
        status=_status(today, period, row["probation_until"]), employee_number=row["employee_number"],
        hired_on=row["hired_on"], left_on=row["left_on"], org_unit_id=unit.id,
        position_id=position and position.id, manager_id=manager_id,
    )  # fmt: skip
    spell = Employment(
        tenant_id=tenant_id, legal_entity_id=unit.legal_entity_id, person=person, valid=period,
        employee_number=row["employee_number"], kind=row["kind"] or EmploymentKind.FULL_TIME,
        probation_until=row["probation_until"],
    )  # fmt: skip
    stay = Assignment(
        tenant_id=tenant_id, legal_entity_id=unit.legal_entity_id, employment=spell, person=person,
        org_unit_id=unit.id, position_id=person.position_id, manager_id=manager_id, valid=period,
    )  # fmt: skip
    return person, spell, stay


def _manager_id(each: Planned, plan: PersonPlan, ids: dict[str, UUID]) -> UUID | None:
    key = each.manager_key
    if key is None:
        return None
    return ids.get(key) or plan.numbers.person_id(key, each.entity_id)


class _Update:
    """One row about somebody known: what differs goes through the services."""

    def __init__(self, actor: Any, each: Planned, plan: PersonPlan, ids: dict, before: dict) -> None:
        self.actor, self.each, self.row = actor, each, each.row
        self.person = Person.objects.get(id=each.person_id)
        self.position = plan.positions.get(each.row["position"])
        self.manager_id = _manager_id(each, plan, ids)
        self.marks = {held["kind"]: held["fingerprint"] for held in before["held"]}

    def run(self) -> bool:
        """Write what differs; tell whether anything did."""
        done = [self._own(), self._identifiers()]
        done.append(self._back() if self.each.verb == REHIRE else self._place())
        done.append(self._leave())
        return any(done)

    def _own(self) -> bool:
        changes = {name: self.row[name] for name in ("name", "gender", "birth_on", "email") if self.row[name]}
        changes = {name: value for name, value in changes.items() if getattr(self.person, name) != value}
        if changes:
            services.update_person(actor=self.actor, person_id=self.person.id, **changes)
        return bool(changes)

    def _identifiers(self) -> bool:
        is_changed = False
        for kind in ("phone", "id_card"):
            if not self.row[kind]:
                continue
            if sealed_identifier(self.person, kind, self.row[kind]).fingerprint != self.marks.get(kind):
                write_identifier(self.person, kind, self.row[kind])
                is_changed = True
        return is_changed

    def _back(self) -> bool:
        services.rehire_person(
            actor=self.actor, person_id=self.person.id, employee_number=self.row["employee_number"],
            hired_on=self.row["hired_on"], org_unit_id=self.each.unit.id,
            position_id=self.position and self.position.id, manager_id=self.manager_id,
            kind=self.row["kind"] or EmploymentKind.FULL_TIME, probation_until=self.row["probation_until"],
        )  # fmt: skip
        return True

    def _place(self) -> bool:
        """Move somebody whose department, position or manager differs: from today, or from their first day."""
        last = self.each.spells[-1]
        if last.upper is not None and last.upper <= timezone.localdate():
            return False
        day = max(timezone.localdate(), last.lower)
        pieces = timeline_of(employment_on(self.person, day))
        now = next((piece.value for piece in pieces if piece.span.has(day)), None)
        wanted = {
            "org_unit_id": self.each.unit.id if self.each.unit else now and now.org_unit_id,
            "position_id": self.position.id if self.position else now and now.position_id,
            "manager_id": self.manager_id or (now and now.manager_id),
            "shift_name": now.shift_name if now else "",
        }
        if wanted["org_unit_id"] is None or (now and all(getattr(now, key) == wanted[key] for key in wanted)):
            return False
        services.transfer_person(actor=self.actor, person_id=self.person.id, from_on=day, **wanted)
        return True

    def _leave(self) -> bool:
        left_on = self.row["left_on"]
        if left_on is None or self.each.spells[-1].upper == left_on + ONE_DAY:
            return False
        services.end_employment(actor=self.actor, person_id=self.person.id, last_on=left_on)
        return True
