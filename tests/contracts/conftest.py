"""The world of the contract tests: built once a session in a database of its own, where everything commits."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.conftest import _copy_of_template, _use_database
from tests.contracts.world import World, build_world


@pytest.fixture(scope="session")
def _world_database(django_db_setup: None, django_db_blocker: object) -> Iterator[tuple[str, str, World]]:
    from django.db import connection

    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        with _copy_of_template(f"zhiheng_world_{os.getpid()}") as name:
            made = build_world()
            _use_database(usual)
            yield usual, name, made
        _use_database(usual)


@pytest.fixture
def world(_world_database: tuple[str, str, World], django_db_blocker: object) -> Iterator[World]:
    """Give a test the world; what it writes stays, so it writes to its own company or nothing."""
    usual, name, made = _world_database
    with django_db_blocker.unblock():
        _use_database(name)
        yield made
        _use_database(usual)
