"""Two companies with two subsidiaries each, filled by importer and services, in which every text is marked.

A text of the first company contains 甲密, one of its northern subsidiary 北密 too, one about people of the second
southern department 丁密 too; e-mail addresses carry the same in letters. So whatever leaks can be seen in an
answer by looking for the marker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from tests.contracts.things import modules
from tests.factories import PASSWORD

from zhiheng.access.actor import Actor, system_actor
from zhiheng.access.models import Membership, RoleAssignment, User
from zhiheng.access.public import actor_of_user, create_member, sign_up_company
from zhiheng.access.services import create_role, create_token, invite_member
from zhiheng.audit.models import AuditEntry
from zhiheng.dataimport.models import ImportBatch
from zhiheng.dataimport.public import import_file
from zhiheng.dataimport.services import upload_file
from zhiheng.files.public import save_file
from zhiheng.goals.models import Goal
from zhiheng.integrations.models import Record
from zhiheng.integrations.services.streams import create_source, create_stream
from zhiheng.jobs.definitions import definition_of
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.public import start_job
from zhiheng.metrics.models import Metric, Observation, Period
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.people.models import Assignment, Person, Position
from zhiheng.people.services.legal_entities import save_legal_entity
from zhiheng.people.services.org_units import create_org_unit
from zhiheng.people.services.positions import save_position
from zhiheng.reviews.services.cycles import close_cycle, open_cycle
from zhiheng.reviews.services.scorecards import create_scorecard
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant

FIELDS = (
    {"name": "order_id", "label": "订单号", "kind": "text"},
    {"name": "order_date", "label": "下单日期", "kind": "date"},
    {"name": "customer", "label": "客户名称", "kind": "text"},
    {"name": "seller", "label": "销售员工号", "kind": "text"},
    {"name": "amount", "label": "订单金额", "kind": "decimal", "places": 2},
)
PEOPLE_EACH = 3  # in a department
QUARTERS = (
    ("2026Q1", dt.date(2026, 1, 1), dt.date(2026, 4, 1)),
    ("2026Q2", dt.date(2026, 4, 1), dt.date(2026, 7, 1)),
)
# Department: code, subsidiary, marks of its texts in Chinese and in letters.
DEPARTMENTS = (
    ("S1", "S", "南一", "nanyi"),
    ("S2", "S", "丁密", "dingmi"),
    ("N1", "N", "北密", "beimi"),
    ("N2", "N", "北密", "beimi"),
)


@dataclass(repr=False, eq=False)
class Company:
    """A company of the world: ids by department and kind of thing, users by role, tokens by role."""

    name: str
    latin: str
    extra_people: int = 0
    tenant: Tenant | None = None
    ids: dict[str, dict[str, UUID]] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def markers(self) -> tuple[str, ...]:
        """Return what every text of the company contains one of."""
        return (self.name, self.latin)

    def actor(self, role: str) -> Actor:
        """Return one of the users as an actor."""
        return actor_of_user(self.users[role].id, self.tenant.id)

    # --- Building ---------------------------------------------------------------------------------------------

    def build(self) -> Company:
        """Fill the company; every step is a transaction of its own."""
        self.tenant = sign_up_company(
            company_name=f"{self.name}集团", name=f"{self.name}业主", email=f"owner@{self.latin}.example", password=PASSWORD
        )  # fmt: skip
        self.users["owner"] = User.objects.get(email=f"owner@{self.latin}.example")
        steps = (
            self._add_people, self._define, self._add_facts, self._add_members, self._review, self._add_traffic,
            self._note_ids, self._add_things,
        )  # fmt: skip
        for step in steps:
            with tenant_context(self.tenant.id):
                step(system_actor(self.tenant.id, f"{self.name}系统"))
        return self

    def _import(self, actor: Actor, target: str, head: str, lines: Iterable[str]) -> None:
        text = "\n".join([head, *lines, ""])
        report = import_file(actor, target, name=f"{self.name}北密丁密{target}.csv", content=text.encode())
        assert report.state == "committed", report.issues[:3]

    def people(self) -> list[tuple[str, str, str, str]]:
        """Return number, name, department and e-mail of everybody."""
        found = []
        for code, _entity, mark, latin in DEPARTMENTS:
            count = PEOPLE_EACH + (self.extra_people if code == "S1" else 0)
            for number in range(1, count + 1):
                key = f"{code}{number:02}"
                found.append(
                    (
                        key,
                        f"{self.name}{mark}员工{number}",
                        code,
                        f"{key}.{latin}@{self.latin}.example".lower(),
                    )
                )
        return found

    def _add_people(self, actor: Actor) -> None:
        first = LegalEntity.objects.get()
        for code, name, known in (("S", "南方公司", first.id), ("N", "北密公司", None)):
            save_legal_entity(actor=actor, legal_entity_id=known, code=code, name=f"{self.name}{name}")
        units = [
            f"{code}0,{self.name}{mark}总部{code},,公司,{code}" for code, mark in (("S", "南"), ("N", "北密"))
        ]
        for code, entity, mark, _latin in DEPARTMENTS:
            unit_mark = "南二" if mark == "丁密" else mark  # names of units are no secret inside a subsidiary
            units.append(f"{code},{self.name}{unit_mark}部{code},{entity}0,部门,{entity}")
        self._import(actor, "people.org_unit", "部门编码,部门名称,上级部门编码,类型,法人实体", units)
        rows = [
            f"{key},{name},{unit},{self.name}岗位,2020-01-01,{email},1380000{number:04}"
            for number, (key, name, unit, email) in enumerate(self.people())
        ]
        self._import(actor, "people.person", "工号,姓名,部门,职位,入职日期,邮箱,手机号码", rows)

    def _define(self, actor: Actor) -> None:
        source = create_source(actor=actor, code="erp", name=f"{self.name}系统", kind="erp")
        create_stream(
            actor=actor, source_id=source, code="orders", name=f"{self.name}订单", fields=FIELDS,
            key_fields=["order_id"], occurred_field="order_date", subject_field="seller",
        )  # fmt: skip
        for code, since, until in QUARTERS:
            create_period(
                actor=actor, code=code, name=f"{self.name}{code}", period_from=since, period_to=until
            )
        create_metric(
            actor=actor, code="revenue", name=f"{self.name}收入", unit="CNY", stream="orders", aggregate="sum",
            field="amount",
        )  # fmt: skip

    def _add_facts(self, actor: Actor) -> None:
        orders = [
            f"{key}-{month},2026-{month:02}-05,{name}的客户,{key},{100 + month}"
            for key, name, _unit, _email in self.people()
            for month in range(1, 7)
        ]
        self._import(
            actor, "integrations.record:orders", "订单号,下单日期,客户名称,销售员工号,订单金额", orders
        )
        goals = [f"{key},{since},500" for key, *_rest in self.people() for _code, since, _until in QUARTERS]
        self._import(actor, "goals.goal:revenue", "工号,期间开始日期,目标值", goals)

    def _add_members(self, actor: Actor) -> None:
        south = LegalEntity.objects.get(code="S").id
        for role, builtin, number, confines in (
            ("hr", "hr", None, {}),
            ("finance", "finance", None, {}),
            ("auditor", "auditor", None, {}),
            ("hr_south", "hr", "S102", {"within_legal_entity_id": south}),
            ("head", "department_head", "S101", {}),
            ("employee", "employee", "S103", {}),
            ("employee_S2", "employee", "S201", {}),
            ("employee_N1", "employee", "N101", {}),
            ("employee_N2", "employee", "N201", {}),
        ):
            person = Person.objects.get(employee_number=number) if number else None
            email = person.email if person else f"{role}@{self.latin}.example"
            create_member(
                actor=actor, email=email, name=person.name if person else f"{self.name}{role}", role=builtin,
                password=PASSWORD, person_id=person and person.id, **confines,
            )  # fmt: skip
            self.users[role] = User.objects.get(email=email)
        for code, number in (("S1", None), ("S2", "S202"), ("N1", "N102")):
            mark = next(each[2:] for each in DEPARTMENTS if each[0] == code)
            _invitation, credential = invite_member(
                actor=self.actor("owner"), email=f"invited.{mark[1]}@{self.latin}.example", role="employee",
                employee_number=number or "",
            )  # fmt: skip
            self.ids.setdefault(code, {})["invitation"] = _invitation.id
            self.tokens[f"invitation_{code}"] = str(credential)

    def _review(self, actor: Actor) -> None:
        scorecard = create_scorecard(
            actor=actor, code="sales", name=f"{self.name}评分卡", formula="达成率×80% + 20%",
            inputs=(
                {"name": "收入", "source": "metric", "code": "revenue"},
                {"name": "目标", "source": "goal", "code": "revenue"},
            ),
            derived=({"name": "达成率", "formula": "收入÷目标"},),
        )  # fmt: skip
        closed, opened = (
            open_cycle(actor=actor, period_id=period.id, scorecard_id=scorecard)
            for period in Period.objects.order_by("period_from")
        )
        close_cycle(actor=actor, cycle_id=closed)
        self.ids["all"] = {"scorecard": scorecard, "cycle": closed, "open_cycle": opened}

    def _add_traffic(self, actor: Actor) -> None:
        """Leave what people leave behind by working: files, jobs, tokens, a role of their own."""
        owner = self.actor("owner")
        mine = self.ids["all"]
        mine["role"] = create_role(
            actor=owner, name=f"{self.name}角色", kinds={"people.person.read": "tenant"}
        ).id
        for role in self.users:
            token, text = create_token(
                actor=self.actor(role), name=f"{self.name}{'北密丁密' if role == 'owner' else ''}令牌", codes=self.actor(role).grants, expires_at=None
            )  # fmt: skip
            self.tokens[role] = text
            if role == "owner":
                mine["token"] = token.id
        mine["file"] = save_file(
            owner, name=f"{self.name}北密丁密.txt", content=f"{self.name}北密丁密".encode(), kind="import"
        )
        checked = upload_file(
            actor=owner, target_code="people.person", name=f"{self.name}北密丁密未提交.csv",
            content=f"工号,姓名,部门\nX1,{self.name}北密丁密新人,S1\n".encode(),
        )  # fmt: skip
        mine["open_batch"] = checked
        text = f"{self.name}北密丁密"
        verify = definition_of("audit.chain.verify")
        mine["job"] = start_job(owner, verify, detail=text)
        mine["failed_job"] = start_job(owner, verify, detail=text)
        JobRun.objects.filter(id=mine["failed_job"]).update(state="failed", error=text)

    def _note_ids(self, actor: Actor) -> None:
        mine = self.ids["all"]
        mine["batch"] = ImportBatch.objects.get(target="people.person", state="committed").id
        mine["stream"] = Record.objects.values_list("stream_id", flat=True)[0]
        mine["metric"] = Metric.objects.get().id
        mine["period"] = Period.objects.get(code="2026Q1").id
        mine["open_period"] = Period.objects.get(code="2026Q2").id
        mine["position"] = Position.objects.get().id
        mine["entry"] = AuditEntry.objects.filter(verb="access.role.create").latest("seq").id
        mine["membership"] = Membership.objects.get(user=self.users["hr"]).id
        mine["role_assignment"] = RoleAssignment.objects.get(membership_id=mine["membership"]).id
        for code, entity, _mark, _latin in DEPARTMENTS:
            person = Person.objects.get(employee_number=f"{code}01")
            member = Membership.objects.filter(person=person).first()
            found = self.ids.setdefault(code, {})
            found |= {
                "person": person.id,
                "unit": OrgUnit.objects.get(code=code).id,
                "legal_entity": LegalEntity.objects.get(code=entity).id,
                "assignment": Assignment.objects.get(person=person).id,
                "record": Record.objects.filter(person=person)[0].id,
                "goal": Goal.objects.get(person=person, period__code="2026Q1").id,
                "observation": Observation.objects.filter(person=person)[0].id,
            }
            if member:
                found["membership"] = member.id
                found["role_assignment"] = RoleAssignment.objects.filter(membership=member)[0].id

    def _add_things(self, actor: Actor) -> None:
        """Let the modules of ``things/`` add what is theirs."""
        for each in modules():
            if hasattr(each, "add"):
                each.add(self, actor)

    def crowd(self, count: int = 60) -> None:
        """Add ``count`` of everything that lists show and that a company of more people does not have anyway."""
        with tenant_context(self.tenant.id):
            actor, owner = system_actor(self.tenant.id), self.actor("owner")
            for number in range(count):
                name = f"{self.name}{number}"
                create_metric(
                    actor=actor,
                    code=f"m{number}",
                    name=name,
                    stream="orders",
                    aggregate="sum",
                    field="amount",
                )
                card = create_scorecard(
                    actor=actor, code=f"c{number}", name=name, formula="收入", derived=(),
                    inputs=({"name": "收入", "source": "metric", "code": "revenue"},),
                )  # fmt: skip
                first = dt.date(1960 + number, 1, 1)
                period = create_period(
                    actor=actor, code=f"p{number}", name=name, period_from=first,
                    period_to=first.replace(year=first.year + 1), calendar="y",
                )  # fmt: skip
                open_cycle(actor=actor, period_id=period, scorecard_id=card)
                create_role(actor=owner, name=name, kinds={"people.person.read": "tenant"})
                create_token(actor=owner, name=name, codes=["people.person.read"], expires_at=None)
                invite_member(actor=owner, email=f"i{number}@{self.latin}.example", role="employee")
                create_member(
                    actor=actor, email=f"m{number}@{self.latin}.example", name=name, role="employee"
                )
                start_job(owner, definition_of("audit.chain.verify"), detail=name)
                upload_file(
                    actor=owner,
                    target_code="people.person",
                    name=f"{name}.csv",
                    content=f"工号,姓名\n{number},某\n".encode(),
                )
            for each in modules():
                if hasattr(each, "crowd"):
                    each.crowd(self, actor, count)
            for number in range(count):
                save_legal_entity(actor=actor, code=f"L{number}", name=f"{self.name}{number}")
                save_position(actor=actor, code=f"P{number}", name=f"{self.name}{number}")
                entity = LegalEntity.objects.get(code="S").id
                create_org_unit(
                    actor=actor, code=f"U{number}", name=f"{self.name}{number}", legal_entity_id=entity,
                    from_on=dt.date(2020, 1, 1),
                )  # fmt: skip

    def ids_of(self, code: str) -> dict[str, UUID]:
        """Return an id of each kind of thing, those of the department ``code`` where they belong to one."""
        return self.ids["all"] | self.ids[code]


@dataclass(frozen=True, repr=False)
class World:
    """The company that has something to lose, and the other one."""

    victim: Company
    other: Company


def build_world() -> World:
    """Build both companies, into the database in use."""
    return World(Company("甲密", "jiami").build(), Company("乙方", "yifang").build())
