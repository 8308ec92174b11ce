"""What row-level security costs: the same statements with the policies and, by the owner, without them."""

from __future__ import annotations

import argparse
import json
import statistics
import time

from bench._database import scratch_database

TENANTS, PEOPLE, ROUNDS = 100, 1000, 1000
STATEMENTS = {
    "one_row": "SELECT * FROM people_person WHERE tenant_id = %(tenant)s AND id = %(id)s",
    "list_50": "SELECT * FROM people_person WHERE tenant_id = %(tenant)s ORDER BY id LIMIT 50",
    "join": "SELECT p.name, u.name FROM people_person p JOIN tenancy_orgunit u ON u.tenant_id = p.tenant_id "
    "AND u.id = p.org_unit_id WHERE p.tenant_id = %(tenant)s ORDER BY p.id LIMIT 50",
    "count": "SELECT status, count(*) FROM people_person WHERE tenant_id = %(tenant)s GROUP BY status",
}


def fill() -> list[dict]:
    """Make the tenants by COPY as the owner; return one row's key of each."""
    from django.db import connections

    from zhiheng.tenancy.keys import uuid7

    keys = []
    with connections["owner"].cursor() as cursor:
        for number in range(TENANTS):
            tenant, entity, unit = uuid7(), uuid7(), uuid7()
            cursor.execute(
                "INSERT INTO tenancy_tenant (id, name, slug, status, time_zone, created_at) "
                "VALUES (%s, 'x', %s, 'active', 'Asia/Shanghai', now())", [tenant, f"bench-{number}"],
            )  # fmt: skip
            cursor.execute(
                "INSERT INTO tenancy_legalentity (tenant_id, id, code, name, country, currency, is_active) "
                "VALUES (%s, %s, 'E', 'x', 'CN', 'CNY', true)", [tenant, entity],
            )  # fmt: skip
            cursor.execute(
                "INSERT INTO tenancy_orgunit (tenant_id, id, legal_entity_id, code, name, kind, path, valid, position)"
                " VALUES (%s, %s, %s, 'U', 'x', 'department', %s, '[2000-01-01,)', 0)", [tenant, unit, entity, [unit]],
            )  # fmt: skip
            with cursor.copy(
                "COPY people_person (tenant_id, id, legal_entity_id, org_unit_id, name, search_text, gender, email, "
                "status, employee_number, created_at, changed_at) FROM STDIN"
            ) as copy:
                for person in range(PEOPLE):
                    key = uuid7()
                    copy.write_row(
                        (tenant, key, entity, unit, f"员工{person}", "", "unknown", "", "active", str(person),
                         *["2026-01-01T00:00:00Z"] * 2)
                    )  # fmt: skip
            keys.append({"tenant": tenant, "id": key, "entity": entity})
        cursor.execute("ANALYZE")
    return keys


def measure(alias: str, statement: str, keys: list[dict], scope: str) -> float:
    """Return the median microseconds of a transaction: scope, statement, commit."""
    from django.db import connections

    connection = connections[alias]
    connection.ensure_connection()
    raw = connection.connection
    taken = []
    for number in range(ROUNDS):
        key = keys[number % len(keys)]
        started = time.perf_counter()
        with raw.transaction():
            raw.execute(scope.format(**key))
            raw.execute(statement, key).fetchall()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1e6


SCOPES = {"whole_tenant": "*", "one_subsidiary": "{entity}"}


def main() -> None:
    """Print a line for each statement and scope: microseconds with and without row security, and their ratio."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with scratch_database():
        keys = fill()
        for scope_name, entities in SCOPES.items():
            scope = (
                f"SET LOCAL app.tenant_id = '{{tenant}}'; SET LOCAL app.legal_entity_ids = '{entities}'; "
                "SET LOCAL app.user_id = ''"
            )
            for name, statement in STATEMENTS.items():
                best = {"owner": float("inf"), "default": float("inf")}
                for _round in range(5):  # by turns, so that both see the same machine
                    for alias in best:
                        best[alias] = min(best[alias], measure(alias, statement, keys, scope))
                print(
                    json.dumps(
                        {
                            "bench": "tenancy", "scope": scope_name, "statement": name, "tenants": TENANTS,
                            "people_each": PEOPLE, "us_without_rls": round(best["owner"], 1),
                            "us_with_rls": round(best["default"], 1),
                            "ratio": round(best["default"] / best["owner"], 3),
                        }
                    )
                )  # fmt: skip


if __name__ == "__main__":
    main()
