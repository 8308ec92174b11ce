"""Settings come from the environment, with errors that name the variable."""

from __future__ import annotations

import json
import stat

import pytest

from zhiheng.config.environment import BadEnvironment, Database, environment

URL = "postgresql://app:p%40ss@db.example:6432/hr"


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read the environment afresh with some variables set."""

    def _read(**variables: str):
        for name in (
            "DATABASE_URL",
            "DATABASE_OWNER_URL",
            "ZHIHENG_DEBUG",
            "ZHIHENG_HOSTS",
            "ZHIHENG_DATABASE",
        ):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ZHIHENG_HOME", str(tmp_path))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return environment.__wrapped__()

    return _read


def test_without_variables_it_is_embedded_with_generated_secrets(read, tmp_path):
    env = read()
    assert (env.is_embedded, env.debug, env.app_database.user, env.owner_database.user) == (
        True, False, "zhiheng_app", "zhiheng_owner",
    )  # fmt: skip
    secrets_file = tmp_path / "secrets.json"
    assert stat.S_IMODE(secrets_file.stat().st_mode) == 0o600
    assert env.secret_key == json.loads(secrets_file.read_text())["secret_key"]
    assert read().secret_key == env.secret_key
    assert len({env.secret_key, env.field_key, env.audit_key, env.app_database.password}) == 4


def test_two_variables_switch_to_any_server(read):
    env = read(DATABASE_URL=URL, DATABASE_OWNER_URL="postgresql://owner:x@db.example/hr")
    assert env.is_embedded is False
    assert env.app_database == Database("hr", "app", "p@ss", "db.example", 6432)
    assert env.owner_database == Database("hr", "owner", "x", "db.example", 5432)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"DATABASE_URL": URL}, "set both DATABASE_URL and DATABASE_OWNER_URL"),
        ({"DATABASE_URL": "mysql://a@b/c", "DATABASE_OWNER_URL": URL}, "DATABASE_URL must look like"),
        (
            {"DATABASE_URL": URL, "DATABASE_OWNER_URL": "postgresql://db/"},
            "DATABASE_OWNER_URL must look like",
        ),
        ({"ZHIHENG_DEBUG": "maybe"}, "ZHIHENG_DEBUG must be 1 or 0"),
    ],
)
def test_an_unusable_value_is_refused(read, variables, message):
    with pytest.raises(BadEnvironment, match=message):
        read(**variables)
