"""What the commands of the command line do once the product is set up; each returns an exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.http import Http404
from rich.console import Console
from rich.progress import Progress

from zhiheng.access.actor import Actor, system_actor
from zhiheng.audit.public import BadHead, VerifyReport, export_head, load_heads, verify
from zhiheng.dataimport.public import import_file, issue_text
from zhiheng.demo import Closed, print_ranking
from zhiheng.reviews.queries.reports import cycles_for_actor, report_rows
from zhiheng.reviews.services.cycles import close_cycle
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant

Bar = Callable[[], Progress]
DONE, REFUSED, USAGE = 0, 1, 2
SHOWN_ISSUES = 50


def _tenant(console: Console, slug: str) -> Tenant | None:
    """Return the company called ``slug``; when there is none, say which there are."""
    found = Tenant.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True)[:20])
        console.print(f"没有企业 {slug}。No such company; known ones: {known or '–'}", style="red")
    return found


def _actor(tenant: Tenant) -> Actor:
    return system_actor(tenant.id, "Command line")


def import_spreadsheet(
    console: Console, bar: Bar, target: str, file: Path, tenant_slug: str, *, dry_run: bool
) -> int:
    """Import a file and print its issues; with errors nothing is written."""
    tenant = _tenant(console, tenant_slug)
    if tenant is None:
        return USAGE
    try:
        with bar() as progress:
            task = progress.add_task(file.name, total=None, note="")

            def report(done: int, total: int, text: str) -> None:
                progress.update(task, completed=done, total=total, note=text)

            found = import_file(
                _actor(tenant), target, name=file.name, content=file, commit=not dry_run, progress=report
            )
    except Http404:
        console.print(f"没有导入对象 {target}。No such import target.", style="red")
        return USAGE
    except ValidationError as error:
        console.print("\n".join(error.messages), style="red")
        return REFUSED
    for issue in found.issues[:SHOWN_ISSUES]:
        console.print(f"{issue.severity:8} {issue_text(issue)}", highlight=False)
    console.print(
        f"{found.rows} 行 rows · {found.errors} 错误 errors · {found.warnings} 提醒 warnings · "
        f"{found.repairs} 修正 repairs · {found.state}"
    )
    return REFUSED if found.errors else DONE


def close_review_cycle(console: Console, period: str, tenant_slug: str) -> int:
    """Close the review cycles of a period and print their rankings; closed ones stay as they are."""
    tenant = _tenant(console, tenant_slug)
    if tenant is None:
        return USAGE
    actor = _actor(tenant)
    with tenant_context(tenant.id):
        cycles = list(cycles_for_actor(actor).filter(period__code=period))
        if not cycles:
            console.print(f"期间 {period} 没有考核周期。No review cycle of period {period}.", style="red")
            return USAGE
        for cycle in cycles:
            try:
                done = close_cycle(actor=actor, cycle_id=cycle.id)
            except ValidationError as error:
                console.print("\n".join(error.messages), style="red")
                return REFUSED
            cycle.refresh_from_db()
            print_ranking(console, Closed(tenant.name, str(cycle), tuple(report_rows(actor, cycle))))
            word = "早已关闭 was closed before" if done.was_closed else "已关闭 closed"
            console.print(f"{word} · {done.result_hash}")
    return DONE


def print_audit_head(console: Console, tenant_slug: str) -> int:
    """Print the signed end of a company's audit chain."""
    tenant = _tenant(console, tenant_slug)
    if tenant is None:
        return USAGE
    head = export_head(tenant.id)
    if head is not None:
        console.print(head.as_json(), soft_wrap=True, highlight=False, markup=False)
    return DONE


def verify_audit(console: Console, tenant_slug: str, heads_file: Path | None) -> int:
    """Verify the audit chains, all of them or one, and print what is wrong with each."""
    tenants = [_tenant(console, tenant_slug)] if tenant_slug else list(Tenant.objects.order_by("slug"))
    if None in tenants:
        return USAGE
    try:
        heads = load_heads(heads_file) if heads_file else None
    except BadHead as error:
        console.print(str(error), style="red")
        return USAGE
    reports = [(tenant, verify(tenant.id, heads)) for tenant in tenants]
    for tenant, report in reports:
        _print_report(console, tenant, report)
    return DONE if all(report.is_sound for _tenant_, report in reports) else REFUSED


def _print_report(console: Console, tenant: Tenant, report: VerifyReport) -> None:
    if report.is_sound:
        console.print(f"[green]✓[/green] {tenant.slug}: {report.entry_count} 条，链完整 entries, sound")
        return
    console.print(f"[red]✗[/red] {tenant.slug}: {report.entry_count} 条 entries")
    for finding in report.findings:
        span = str(finding.seq) if finding.to_seq == finding.seq else f"{finding.seq}–{finding.to_seq}"
        console.print(f"    {finding.kind}: {span}")
