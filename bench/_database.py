"""A scratch database for benchmarks: the usual server settings, so that figures are those of the product."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / "var" / "bench"


@contextmanager
def scratch_database(*, use_pool: bool = False) -> Iterator[None]:
    """Set Django up on an empty, migrated database of its own; stop its server at the end."""
    os.environ.update(ZHIHENG_HOME=str(HOME), DJANGO_SETTINGS_MODULE="zhiheng.config.settings")
    if use_pool:
        os.environ["ZHIHENG_POOL"] = "1"
    from zhiheng.config import embedded_postgres
    from zhiheng.config.provision import start_database

    embedded_postgres.remove(HOME)
    start_database()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        embedded_postgres.remove(HOME)
