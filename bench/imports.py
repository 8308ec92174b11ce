"""The importer on 100,000 employees of 13 columns: CPU seconds of the dry run, seconds of the commit."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import random
import resource
import time

import xlsxwriter

from bench._database import scratch_database

ROWS = 100_000
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "伟芳娜敏静秀英丽强磊军洋勇艳杰涛明超霞平刚桂兰"
HEADERS = (
    "工号", "姓名", "性别", "出生日期", "身份证号", "手机", "邮箱", "部门", "职位", "入职日期", "基本工资",
    "级别", "在职",
)  # fmt: skip


def employees(rows: int) -> bytes:
    """An xlsx file of invented employees, with dates as dates and numbers as numbers; same for every run."""
    from zhiheng.dataimport.calc.persons import check_sign

    chance, output = random.Random(47), io.BytesIO()
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("员工")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADERS)
        for number in range(1, rows + 1):
            born = dt.date(1962, 1, 1) + dt.timedelta(days=chance.randrange(15_000))
            body = f"11{number // 1000:04}{born:%Y%m%d}{number % 1000:03}"
            sheet.write_row(number, 0, _texts(number, body + check_sign(body), born, chance))
            joined = dt.datetime(2010, 1, 1) + dt.timedelta(days=number % 5000)  # noqa: DTZ001
            sheet.write_datetime(number, 9, joined, day)
            sheet.write_number(number, 10, round(chance.uniform(4000, 30_000), 2))
            sheet.write_number(number, 11, number % 9 + 1)
            sheet.write_string(number, 12, "是")
    return output.getvalue()


def _texts(number: int, card: str, born: dt.date, chance: random.Random) -> list[str]:
    name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
    sex = "男" if int(card[16]) % 2 else "女"
    phone = f"13{number % 10}{number:08}"
    email = f"u{number}@example.com"
    return [f"E{number:06}", name, sex, born.isoformat(), card, phone, email, f"部门{number % 60}", "工程师"]


def dry_run(content: bytes) -> dict[str, object]:
    """CPU seconds of reading, and of reading, mapping and checking; peak memory of the process in MB."""
    from zhiheng.dataimport.calc import engine, header, mapping, workbook
    from zhiheng.dataimport.calc.target import Choice, Field, ImportTarget

    class Employees(ImportTarget):
        code = "bench"
        check_similar_persons = True
        fields = (
            Field("no", "工号", required=True, unique=True),
            Field("name", "姓名", "name", required=True),
            Field("sex", "性别", "choice", choices=(Choice("m", "男"), Choice("f", "女")), meaning="sex"),
            Field("born_on", "出生日期", "date", meaning="birth_date"),
            Field("card", "身份证号", "id_card"),
            Field("phone", "手机", "phone"),
            Field("email", "邮箱", "email"),
            Field("department", "部门", "lookup"),
            Field("position", "职位"),
            Field("joined_on", "入职日期", "date", required=True),
            Field("salary", "基本工资", "decimal", places=2),
            Field("level", "级别", "integer"),
            Field("is_active", "在职", "boolean"),
        )

    start = time.process_time()
    sheet = workbook.read_sheet(content)[1]
    read = time.process_time() - start
    target = Employees()
    found = header.find_header(sheet)
    guesses = mapping.guess_mapping(found.columns, target.fields)
    run = engine.dry_run(sheet, found, {item.header: item.field for item in guesses}, target, target.fields)
    return {
        "rows": run.frame.height,
        "columns": len(run.columns),
        "read_cpu_s": round(read, 2),
        "dry_run_cpu_s": round(time.process_time() - start, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "errors": run.count("error"),
        "warnings": run.count("warning"),
    }


def commit(content: bytes) -> dict[str, object]:
    """Wall seconds of importing the same file as employees of a new company, and of taking it back.

    ``commit_s`` is the whole import without reading and checking, which a dry run measures just before.
    """
    from zhiheng.access.actor import system_actor
    from zhiheng.dataimport.public import import_file
    from zhiheng.dataimport.services import undo_batch
    from zhiheng.tenancy.context import tenant_context

    actor = system_actor(_company().id)
    steps: list[tuple[float, int, int]] = []
    start = time.perf_counter()
    import_file(actor, "people.person", name="employees.xlsx", content=content, commit=False)
    checked = time.perf_counter() - start
    start, cpu = time.perf_counter(), time.process_time()
    report = import_file(
        actor,
        "people.person",
        name="employees.xlsx",
        content=content,
        progress=lambda done, total, text: steps.append((time.perf_counter(), done, total)),
    )
    whole, cpu = time.perf_counter() - start, time.process_time() - cpu
    start = time.perf_counter()
    with tenant_context(actor.tenant_id):
        undo_batch(actor=actor, batch_id=report.batch_id)
    return {
        "state": report.state,
        "created": report.result.created if report.result else 0,
        "import_s": round(whole, 1),
        "commit_s": round(whole - checked, 1),
        "import_cpu_s": round(cpu, 1),
        "undo_s": round(time.perf_counter() - start, 1),
    }


def _company():
    """A tenant with a legal entity and the departments of the file."""
    from zhiheng.tenancy.context import tenant_context
    from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant

    tenant = Tenant.objects.create(name="Bench", slug="bench-imports")
    with tenant_context(tenant.id):
        entity = LegalEntity.objects.create(code="B", name="Bench")
        for number in range(60):
            unit = OrgUnit(
                legal_entity=entity,
                code=f"D{number}",
                name=f"部门{number}",
                valid=(dt.date(2000, 1, 1), None),
            )
            unit.path = [unit.id]
            unit.save()
    return tenant


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    arguments = parser.parse_args()
    content = employees(arguments.rows)
    figures = dry_run(content)
    with scratch_database():
        figures |= commit(content)
    print(json.dumps({"bench": "imports", **figures}, ensure_ascii=False))


if __name__ == "__main__":
    main()
