"""The demo: companies of ``examples/`` loaded as their people would do it, by the importer and the services."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from zhiheng.access.actor import Actor, system_actor
from zhiheng.access.models import User
from zhiheng.access.public import create_member, sign_up_company
from zhiheng.dataimport.public import import_file, issue_text
from zhiheng.demo.attendance import WorkingTime
from zhiheng.demo.worklog import WorkLog
from zhiheng.goals.services.negotiations import open_negotiations
from zhiheng.goals.services.outlooks import refresh_outlooks
from zhiheng.integrations.services.streams import create_source, create_stream
from zhiheng.metrics.public import period_by_code
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.people.public import org_units, person_ids_by_number, persons_by_id
from zhiheng.people.services.legal_entities import save_legal_entity
from zhiheng.people.services.org_units import close_org_unit
from zhiheng.reviews.queries.reports import ReportGroup, cycle_for_actor, report_rows
from zhiheng.reviews.services.cycles import close_cycle, open_cycle
from zhiheng.reviews.services.scorecards import create_scorecard
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, Tenant

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
FOLDERS = ("adventureworks", "trading", "research", "manufacturer")

Step = tuple[str, Callable[[], object]]


class DemoError(RuntimeError):
    """An example could not be loaded; the message names the file and the first issues."""


@dataclass(frozen=True)
class SignIn:
    """A demo account, with the password made for it just now."""

    company: str
    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Closed:
    """A review cycle the demo closed, with its ranking."""

    company: str
    period: str
    groups: tuple[ReportGroup, ...]


class Company:
    """One example on its way into the database; ``steps`` are to be done in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data: dict[str, Any] = tomllib.loads((folder / "company.toml").read_text())
        self.slug: str = self.data["company"]["slug"]
        self.name: str = self.data["company"]["name"]
        self.sign_ins: list[SignIn] = []
        self.closed: list[Closed] = []
        self.actor: Actor | None = None
        self.scorecard_id: UUID | None = None

    # --- What there is to do ----------------------------------------------------------------------------------

    def steps(self) -> Iterator[Step]:
        """Return what there is to do: everything, or, for a company that is there, only new passwords."""
        tenant = Tenant.objects.filter(slug=self.slug).first()
        if tenant is not None:
            self.actor = system_actor(tenant.id)
            yield "Sign-ins", self._renew_passwords
            return
        yield "Sign-up", self._found
        yield "Legal entities", self._add_legal_entities
        imports = self.data["import"]
        people = [each for each in imports if each["target"].startswith("people.")]
        for each in people:
            yield each["file"], lambda each=each: self._import(each)
        yield "Definitions", self._define
        for each in imports:
            if each not in people:
                yield each["file"], lambda each=each: self._import(each)
        yield "Accounts", self._add_accounts
        if "attendance" in self.data:
            time = WorkingTime(self, self.data["attendance"], self.data["company"]["time_zone"])
            yield from time.steps()
            yield from WorkLog(time, self.data.get("worklog", {})).steps()
        if self.data.get("scorecard", {}).get("is_ready"):
            for period in self.data["period"]:
                yield str(period["code"]), lambda period=period: self._review(period)
        if "goal" in self.data:
            yield "Outlooks", lambda: refresh_outlooks(timezone.localdate())
        if "negotiation" in self.data:
            yield "Negotiations", self._negotiate

    # --- Founding ---------------------------------------------------------------------------------------------

    def _account(self, role: str) -> dict[str, Any]:
        return next(each for each in self.data["account"] if each["role"] == role)

    def _new_sign_in(self, role: str, email: str) -> str:
        password = secrets.token_urlsafe(12)
        self.sign_ins.append(SignIn(self.name, role, email, password))
        return password

    def _found(self) -> None:
        email = self._account("owner")["email"]
        company = self.data["company"]
        tenant = sign_up_company(
            company_name=self.name, name=email.partition("@")[0], email=email,
            password=self._new_sign_in("owner", email),
        )  # fmt: skip
        Tenant.objects.filter(id=tenant.id).update(slug=self.slug, time_zone=company["time_zone"])
        self.actor = system_actor(tenant.id, "Demo")

    def _add_legal_entities(self) -> None:
        """Turn the entity every company starts with into the first one of the list; add the others."""
        first = LegalEntity.objects.get()
        for number, each in enumerate(self.data["legal_entity"]):
            save_legal_entity(actor=self.actor, legal_entity_id=None if number else first.id, **each)
        (root,) = org_units()
        close_org_unit(
            actor=self.actor, unit_id=root.id, last_on=root.from_on
        )  # the file brings its own roots

    # --- Files ------------------------------------------------------------------------------------------------

    def _import(self, each: dict[str, Any]) -> None:
        target = each["target"]
        if target == "goals.goal":
            target = f"{target}:{self.data['goal']['metric']}"
        path = self.folder / each["file"]
        report = import_file(self.actor, target, name=path.name, content=path)
        if report.state != "committed":
            issues = "; ".join(issue_text(issue) for issue in report.issues[:5])
            raise DemoError(f"{path.parent.name}/{path.name}: {issues}")

    # --- Definitions ------------------------------------------------------------------------------------------

    def _define(self) -> None:
        self._define_streams()
        calendar = self.data["calendar"]["name"]
        for each in self.data["period"]:
            create_period(
                actor=self.actor, code=str(each["code"]), name=each["name"], name_en=each["name_en"],
                period_from=each["from"], period_to=each["to"], calendar=calendar,
            )  # fmt: skip
        for each in self.data.get("metric", []):
            create_metric(actor=self.actor, **each)
        card = self.data.get("scorecard", {})
        if card.get("is_ready"):
            names = ("code", "name", "name_en", "formula", "places", "inputs", "derived")
            self.scorecard_id = create_scorecard(actor=self.actor, **{name: card[name] for name in names})

    def _define_streams(self) -> None:
        if "stream" not in self.data:
            return
        source_id = create_source(actor=self.actor, code="erp", name="ERP", name_en="ERP", kind="file")
        for each in self.data["stream"]:
            create_stream(
                actor=self.actor, source_id=source_id, code=each["code"], name=each["name"],
                name_en=each["name_en"], fields=each["fields"], key_fields=each["key"],
                occurred_field=each["at"], subject_field=each.get("subject", ""),
            )  # fmt: skip

    # --- Accounts ---------------------------------------------------------------------------------------------

    def _add_accounts(self) -> None:
        units = {each.code: each.id for each in org_units()}
        numbers = person_ids_by_number(
            each["employee_no"] for each in self.data["account"] if "employee_no" in each
        )
        people = persons_by_id(list(numbers.values()))
        for each in self.data["account"]:
            if each["role"] == "owner":
                continue
            person_id = numbers.get(each.get("employee_no", ""))
            name = people[person_id].name if person_id else each["email"].partition("@")[0]
            create_member(
                actor=self.actor, email=each["email"], name=name, role=each["role"],
                password=self._new_sign_in(each["role"], each["email"]), person_id=person_id,
                within_org_unit_id=units[each["org_unit"]] if "org_unit" in each else None,
            )  # fmt: skip

    def _renew_passwords(self) -> None:
        for each in self.data["account"]:
            user = User.objects.get(email=each["email"])
            user.set_password(self._new_sign_in(each["role"], each["email"]))
            user.save(update_fields=["password"])

    # --- Reviews ----------------------------------------------------------------------------------------------

    def _review(self, period: dict[str, Any]) -> None:
        found = period_by_code(str(period["code"]))
        cycle_id = open_cycle(actor=self.actor, period_id=found.id, scorecard_id=self.scorecard_id)
        if period["close"]:
            close_cycle(actor=self.actor, cycle_id=cycle_id)
            groups = report_rows(self.actor, cycle_for_actor(self.actor, cycle_id))
            self.closed.append(Closed(self.name, period["name"], tuple(groups)))

    # --- Negotiations -----------------------------------------------------------------------------------------

    def _negotiate(self) -> None:
        """Begin to negotiate next targets with everybody who has a past, from the middle of each one's range."""
        given = self.data["negotiation"]
        period = period_by_code(str(given["period"]))
        open_negotiations(
            actor=self.actor,
            metric_code=given["metric"],
            period_id=period.id,
            reason=given["reason"],
            from_median=True,
        )


def load(company: Company, progress: Progress) -> None:
    """Load one company, each step in a transaction of its own."""
    steps = list(company.steps())
    bar = progress.add_task(company.folder.name, total=len(steps), note="")
    for note, step in steps:
        progress.update(bar, note=note)
        if company.actor is None:
            with transaction.atomic():
                step()
        else:
            with tenant_context(company.actor.tenant_id):
                step()
        progress.advance(bar)
    progress.update(bar, note="")


def run_demo(
    console: Console, progress_bar: Callable[[], Progress], *, url: str, with_working_time: bool = True
) -> None:
    """Load every example, print the ranking of the last closed cycle of each, and the sign-ins."""
    if not EXAMPLES.is_dir():
        raise DemoError(f"{EXAMPLES} is missing: the demo runs from a checkout of the project")
    companies = [Company(EXAMPLES / folder) for folder in FOLDERS]
    for company in companies if not with_working_time else ():
        company.data.pop("attendance", None)
    with progress_bar() as progress:
        for company in companies:
            load(company, progress)
    for company in companies:
        if company.closed:
            print_ranking(console, company.closed[-1])
    print_sign_ins(console, [each for company in companies for each in company.sign_ins], url)


def print_ranking(console: Console, closed: Closed) -> None:
    """Print a closed cycle's scores, by department and rank."""
    table = Table(title=f"{closed.company} · {closed.period}")
    for name, justify in (
        ("部门 Unit", "left"),
        ("排名 Rank", "right"),
        ("员工 Employee", "left"),
        ("得分 Score", "right"),
    ):
        table.add_column(name, justify=justify)
    for group in closed.groups:
        for view in group.views:
            score = f"{view.value * 100:.2f}" if view.value is not None else view.reason
            table.add_row(group.unit, str(view.rank_in_unit or "–"), f"{view.name} {view.number}", score)
    console.print(table)


def print_sign_ins(console: Console, sign_ins: list[SignIn], url: str) -> None:
    """Print the accounts with the passwords generated for them, in lines that can be copied."""
    console.print(f"\n[bold]{url}[/bold]  演示账户 · demo sign-ins")
    company = ""
    for each in sign_ins:
        if each.company != company:
            company = each.company
            console.print(f"[bold]{company}[/bold]")
        line = f"  {each.role:16} {each.email:34} {each.password}"
        console.print(line, soft_wrap=True, highlight=False, markup=False)
