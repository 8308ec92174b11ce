"""The command line: ``zhiheng …`` for whoever runs the product."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help="知衡 Zhiheng"
)
db = typer.Typer(no_args_is_help=True, help="The embedded database.")
audit = typer.Typer(no_args_is_help=True, help="The audit log.")
app.add_typer(db, name="db")
app.add_typer(audit, name="audit")
console = Console()

Port = Annotated[int, typer.Option(help="Port of the web server.", min=1, max=65535)]
GatewayPort = Annotated[
    int,
    typer.Option(
        help="Port for attendance terminals; the next one of the web server when left out.", max=65535
    ),
]
Host = Annotated[str, typer.Option(help="Address the web server listens on.")]
TenantSlug = Annotated[str, typer.Option("--tenant", help="Which company, by its identifier.")]


def progress_bar() -> Progress:
    """Return the progress bar that every long command shows."""
    return Progress(
        SpinnerColumn(), TextColumn("{task.description:24}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), TextColumn("{task.fields[note]}"), console=console,
    )  # fmt: skip


def prepare(*, migrate: bool = True) -> bool:
    """Start the embedded server if one is used, set Django up, migrate; return whether the server was started."""
    from zhiheng.config.provision import UnsafeRole, check_roles, start_database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
    started = start_database()
    try:
        check_roles()
    except UnsafeRole as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None
    import django

    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", database="owner", verbosity=0, interactive=False)
    return started


def serve_at(port: int) -> None:
    """Let links in mails and invitations lead to this port, unless an address was set."""
    os.environ.setdefault("ZHIHENG_URL", f"http://localhost:{port}")


def gather_static_files() -> None:
    """Put scripts, styles and icons, compressed, where the web server finds them; only what changed."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@app.command()
def backtest(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV: unit, period_start, value[, target].")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line instead of a table.")] = False,
) -> None:
    """Judge the ranges that negotiations rest on by a past of your own; nothing is stored."""
    from zhiheng.backtests import backtest_file

    raise typer.Exit(backtest_file(console, file, as_json=as_json))


@app.command()
def up(host: Host = "127.0.0.1", port: Port = 8000, workers: int = 2, gateway_port: GatewayPort = 0) -> None:
    """Run web server, worker, gateway of terminals and embedded database until Ctrl-C."""
    from zhiheng.config import processes

    serve_at(port)
    started = prepare()
    gather_static_files()
    gateway = gateway_port or port + 1
    console.print(
        f"知衡已启动 · Zhiheng is up: [bold]http://localhost:{port}[/bold]  (Ctrl-C 停止 / to stop)\n"
        f"考勤机接入端口 · port for terminals: {gateway}"
    )
    raise typer.Exit(
        processes.run_all(
            host=host, port=port, web_workers=workers, stop_database=started, gateway_port=gateway
        )
    )


@app.command()
def dev(port: Port = 8000) -> None:
    """Run the server with reload, and the front-end build watching."""
    from zhiheng.config import processes

    serve_at(port)
    started = prepare()
    raise typer.Exit(processes.run_dev(port=port, stop_database=started))


@app.command()
def web(host: Host = "127.0.0.1", port: Port = 8000, workers: int = 2) -> None:
    """Run only the web server."""
    from zhiheng.config import processes

    raise typer.Exit(processes.run_web(host=host, port=port, workers=workers))


@app.command()
def gateway(host: Host = "127.0.0.1", port: Port = 8001, workers: int = 2) -> None:
    """Run only the gateway that attendance terminals (ZKTeco PUSH) send their punches to."""
    from zhiheng.config import processes

    raise typer.Exit(processes.run_gateway(host=host, port=port, workers=workers))


@app.command()
def worker(queues: Annotated[str, typer.Option(help="Queues, by commas; all when empty.")] = "") -> None:
    """Run only the worker of background jobs."""
    prepare(migrate=False)
    from zhiheng.jobs.worker import run

    run(queues=[each for each in queues.split(",") if each] or None)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    prepare()
    console.print("数据库已是最新 · The database is up to date.")


@app.command()
def demo(
    serve: Annotated[bool, typer.Option(help="Stay up and serve when done.")] = True,
    working_time: Annotated[bool, typer.Option(help="Replay punches, visits and hours too.")] = True,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Load the demo companies, close the quarter, print the report, serve."""
    serve_at(port)
    started = prepare()
    from zhiheng.demo import DemoError, run_demo

    try:
        url = f"http://localhost:{port}"
        run_demo(console, progress_bar, url=url, with_working_time=working_time)
    except DemoError as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None
    from zhiheng.config import processes

    if serve:
        gather_static_files()
        raise typer.Exit(
            processes.run_all(
                host=host, port=port, web_workers=2, stop_database=started, gateway_port=port + 1
            )
        )
    if started:
        db_stop()


@app.command("import")
def import_(
    target: Annotated[str, typer.Argument(help="What to import, such as people.person.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    tenant: TenantSlug,
    dry_run: Annotated[bool, typer.Option(help="Check only; write nothing.")] = False,
) -> None:
    """Import a spreadsheet, with the same checks as the page."""
    prepare(migrate=False)
    from zhiheng.commands import import_spreadsheet

    raise typer.Exit(import_spreadsheet(console, progress_bar, target, file, tenant, dry_run=dry_run))


@app.command()
def close(
    period: Annotated[str, typer.Argument(help="Code of the period.")],
    tenant: TenantSlug,
) -> None:
    """Close a period's review cycles and print the ranking; closing again changes nothing."""
    prepare(migrate=False)
    from zhiheng.commands import close_review_cycle

    raise typer.Exit(close_review_cycle(console, period, tenant))


@db.command("start")
def db_start() -> None:
    """Start the embedded database."""
    prepare()


@db.command("stop")
def db_stop() -> None:
    """Stop the embedded database."""
    from zhiheng.config import embedded_postgres
    from zhiheng.config.environment import environment

    embedded_postgres.stop(environment().home)


@db.command("remove")
def db_remove(yes: Annotated[bool, typer.Option(help="Do not ask.")] = False) -> None:
    """Delete the embedded database with all its data."""
    from zhiheng.config import embedded_postgres
    from zhiheng.config.environment import environment

    if yes or typer.confirm("删除内置数据库及其全部数据？Delete the embedded database and all its data?"):
        embedded_postgres.remove(environment().home)


@audit.command("head")
def audit_head(tenant: TenantSlug) -> None:
    """Print the signed head of a tenant's audit chain; keep it elsewhere to detect later truncation."""
    prepare(migrate=False)
    from zhiheng.commands import print_audit_head

    raise typer.Exit(print_audit_head(console, tenant))


@audit.command("verify")
def audit_verify(
    tenant: Annotated[str, typer.Option("--tenant", help="One company; all when left out.")] = "",
    heads: Annotated[
        Path | None, typer.Option(exists=True, help="Heads kept elsewhere, a line each.")
    ] = None,
) -> None:
    """Verify the audit chains: detects changed, deleted, inserted, reordered and cut-off entries."""
    prepare(migrate=False)
    from zhiheng.commands import verify_audit

    raise typer.Exit(verify_audit(console, tenant, heads))
