"""The invented companies' files are what their script writes, hang together, and hold no real number."""

import csv
import importlib
import sys
import tomllib
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

EXAMPLES = Path(__file__).parents[2] / "examples"
COMPANIES = {"trading": 40, "research": 60, "manufacturer": 150}


@pytest.fixture(scope="module")
def generate():
    sys.path.insert(0, str(EXAMPLES))
    try:
        yield importlib.import_module("generate")
    finally:
        sys.path.remove(str(EXAMPLES))


def content(path: Path) -> object:
    """Bytes of a text file; cells of a workbook, whose bytes depend on the version of the writer."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_files_are_what_the_script_writes(generate, tmp_path):
    generate.main(tmp_path)

    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert len(written) == 13
    for path in written:
        assert content(tmp_path / path) == content(EXAMPLES / path), path


@pytest.mark.parametrize(("folder", "people"), COMPANIES.items())
def test_staff_hangs_together(generate, folder, people):
    company = next(each for each in (generate.TRADING, generate.RESEARCH, generate.MANUFACTURER)
                   if each.folder == folder)  # fmt: skip
    staff = generate.people(company)
    numbers = {each.number for each in staff}

    assert len(staff) == len(numbers) == len({each.name for each in staff}) == people
    assert len({each.id_card for each in staff}) == len({each.phone for each in staff}) == people
    assert [each.number for each in staff if not each.manager] == [staff[0].number]
    assert {each.manager for each in staff} - {""} <= numbers
    assert {each.unit for each in staff} <= set(company.parents)


@pytest.mark.parametrize("folder", COMPANIES)
def test_no_identity_card_could_have_been_issued(generate, folder):
    company = next(each for each in (generate.TRADING, generate.RESEARCH, generate.MANUFACTURER)
                   if each.folder == folder)  # fmt: skip
    for each in generate.people(company):
        assert each.id_card[2:6] == "0099"
        assert each.phone.startswith("1380000")
        assert each.id_card[6:14] == f"{each.birth_on:%Y%m%d}"
        assert (int(each.id_card[16]) % 2 == 1) == (each.sex == "男")


def test_check_digit_by_hand(generate):
    """The worked example of the standard GB 11643: 11010519491231002X."""
    weighted = sum(int(d) * w for d, w in zip("11010519491231002", generate.invent.ID_WEIGHTS, strict=True))

    assert "10X98765432"[weighted % 11] == "X"


@pytest.mark.parametrize("folder", ["adventureworks", *COMPANIES])
def test_company_file_names_files_and_people_that_exist(folder):
    company = tomllib.loads((EXAMPLES / folder / "company.toml").read_text(encoding="utf-8"))
    streams = {each["code"] for each in company.get("stream", [])}
    metrics = {each["code"] for each in company.get("metric", [])}

    assert company["schema"] == 1
    for each in [*company["import"], *company.get("later", [])]:
        assert (EXAMPLES / folder / each["file"]).is_file()
    for each in company["import"]:
        assert each["target"].partition(":")[2] in {"", *streams, *metrics}
    for before, after in zip(company["period"], company["period"][1:], strict=False):
        assert before["to"] == after["from"]
        assert before["close"] >= after["close"]
    for metric in company.get("metric", []):
        assert metric["stream"] in streams


def test_trading_orders_are_all_made_by_known_sellers(generate):
    with (EXAMPLES / "trading" / "orders.csv").open(encoding="gb18030", newline="") as stream:
        orders = list(csv.DictReader(stream))
    sellers = {each.number for each in generate.people(generate.TRADING) if each.title == "外勤销售代表"}

    assert len(orders) == len({each["订单号"] for each in orders}) == 394
    assert {each["销售员工号"] for each in orders} == sellers
