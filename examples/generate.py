"""Write the input files of the three invented companies.

    python examples/generate.py [DIRECTORY]

The same files come out every time. They are what a customer's HR, sales and production people would hand
over: Excel sheets with a title above the table and merged headings, CSV files from old systems in GBK,
full-width digits and five ways of writing a date. Each company's README lists the irregularities.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import invent
import xlsxwriter
from companies import MANUFACTURER, RESEARCH, TRADING, Company
from invent import Employee, seeded

HERE = Path(__file__).parent
MONTHS = [dt.date(2026, month, 1) for month in (7, 8, 9, 10, 11)]
LIVE_DAY = invent.TODAY
CREATED = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def write_csv(path: Path, header: list[str], rows: Iterable[list], *, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


class Sheet:
    """A small workbook with one sheet, formatted the way office people do it."""

    def __init__(self, path: Path, name: str, widths: list[int]) -> None:
        self.book = xlsxwriter.Workbook(path)
        self.book.set_properties({"author": "", "created": CREATED})
        self.page = self.book.add_worksheet(name)
        self.title = self.book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.heading = self.book.add_format(
            {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DDEBF7"}
        )
        self.cell = self.book.add_format({"border": 1})
        self.day = self.book.add_format({"border": 1, "num_format": "yyyy/m/d"})
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)

    def rows(self, first: int, rows: Iterable[list]) -> None:
        """Write rows from sheet row ``first`` (0 is the top); dates become real Excel dates."""
        for offset, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    self.page.write_datetime(
                        first + offset, column, dt.datetime.combine(value, dt.time()), self.day
                    )
                else:
                    self.page.write(first + offset, column, value, self.cell)

    def close(self) -> None:
        self.book.close()


def people(company: Company) -> list[Employee]:
    return invent.employees(
        company.posts,
        company.parents,
        prefix=company.prefix,
        province=company.province,
        theme=company.theme,
        domain=company.domain,
        founded=company.founded,
    )


def typed_or_real(day: dt.date, serial: int) -> dt.date | str:
    """In a workbook most dates are real ones, and some were typed as text."""
    return invent.untidy_date(day, serial) if serial % 5 == 0 else day


# --- the trading company --------------------------------------------------------------------------


def trading_employees(path: Path, staff: list[Employee]) -> None:
    """A roster with a title row, a note row, and group headings merged over the column headings."""
    sheet = Sheet(path, "花名册", [10, 10, 6, 13, 22, 15, 22, 14, 16, 13, 12, 10])
    sheet.page.merge_range(0, 0, 0, 11, "青禾贸易员工花名册", sheet.title)
    sheet.page.merge_range(1, 0, 1, 11, "填表：人力行政部　更新日期：2026年11月20日", sheet.cell)
    for left, right, text in ((0, 4, "基本信息"), (5, 6, "联系方式"), (7, 11, "任职信息")):
        sheet.page.merge_range(2, left, 2, right, text, sheet.heading)
    header = ["工号", "姓名", "性别", "出生日期", "身份证号码", "手机号码", "邮箱", "部门", "职位",
              "入职日期", "直属上级工号", "用工形式"]  # fmt: skip
    for column, text in enumerate(header):
        sheet.page.write(3, column, text, sheet.heading)
    sheet.rows(4, (trading_row(index, each) for index, each in enumerate(staff, 1)))
    sheet.page.freeze_panes(4, 2)
    sheet.close()


def trading_row(serial: int, each: Employee) -> list:
    return [
        invent.untidy_number(each.number, serial),
        invent.untidy_name(each.name, serial),
        each.sex,
        typed_or_real(each.birth_on, serial),
        invent.untidy_id_card(each.id_card, serial),
        invent.untidy_phone(each.phone, serial),
        each.email,
        each.unit + (" " if serial % 12 == 0 else ""),
        each.title,
        typed_or_real(each.hired_on, serial + 3),
        each.manager,
        each.kind,
    ]


def trading_customers(rng: Random, sellers: list[Employee]) -> list[list]:
    """Customer number, name, kind, city, number of the salesperson."""
    cities = ["杭州", "宁波", "绍兴", "嘉兴", "温州", "上海", "苏州", "广州", "深圳", "佛山", "厦门", "福州"]
    goods = ["日用品", "食品", "文具", "五金", "家居", "服饰", "茶叶", "电器", "母婴", "百货"]
    colours = "朱赤橙黄绿青蓝紫素玄金银"
    places = "岸溪桥湾洲泉屿渡汀沙"
    firms = [colour + place for colour in colours for place in places]
    rng.shuffle(firms)
    kinds = ["批发商", "连锁门店", "单体门店", "电商"]
    return [
        [
            f"C{number:04d}",
            f"{rng.choice(cities)}{firm}{rng.choice(goods)}商行（示例）",
            rng.choice(kinds),
            sellers[number % len(sellers)].number,
        ]
        for number, firm in enumerate(firms, 1)
    ]


def trading_orders(rng: Random, customers: list[list]) -> list[list]:
    """Orders with number, date, customer, salesperson, amount and state; more customers every month."""
    orders = []
    for index, month in enumerate(MONTHS):
        last = min(month.replace(day=28) + dt.timedelta(days=2), LIVE_DAY)
        known = customers[: 88 + 8 * index]
        for customer in known:
            for _ in range(rng.choice((0, 0, 1, 1, 2) if index < 4 else (0, 0, 0, 1, 2))):
                amount = Decimal(rng.randrange(300_000, 4_200_000)) / 100
                orders.append([invent.day_between(rng, month, last), customer, amount])
    orders.sort(key=lambda order: (order[0], order[1][0]))
    return [
        [f"DD{day:%y%m}{serial:04d}", day, customer[0], customer[1], customer[3], amount,
         "已取消" if serial % 47 == 0 else "已完成"]
        for serial, (day, customer, amount) in enumerate(orders, 1)
    ]  # fmt: skip


def month_totals(orders: list[list]) -> dict[tuple[str, dt.date], Decimal]:
    totals: dict[tuple[str, dt.date], Decimal] = {}
    for _, day, _, _, seller, amount, state in orders:
        if state == "已完成":
            key = seller, day.replace(day=1)
            totals[key] = totals.get(key, Decimal(0)) + amount
    return totals


def trading_targets(orders: list[list], sellers: list[Employee]) -> list[list]:
    """Last month + 30 % by finance alone up to October; + 15 % agreed in negotiation for November."""
    totals, rows = month_totals(orders), []
    for before, month in pairwise(MONTHS):
        growth = Decimal("1.15") if month == MONTHS[-1] else Decimal("1.30")
        for seller in sellers:
            base = totals.get((seller.number, before), Decimal(0))
            target = max((base * growth / 100).quantize(Decimal(1)) * 100, Decimal(50_000))
            rows.append([seller.number, seller.name, f"{month:%Y-%m-%d}", base, int(target)])
    return rows


def trading(folder: Path) -> None:
    staff, rng = people(TRADING), seeded("trading orders")
    sellers = [each for each in staff if each.title == "外勤销售代表"]
    customers = trading_customers(rng, sellers)
    orders = trading_orders(rng, customers)
    write_csv(
        folder / "org_units.csv",
        ["部门编码", "部门名称", "上级部门编码", "类型", "法人实体"],
        ([code, name, parent, kind, TRADING.legal_entity] for code, name, parent, kind in TRADING.units),
        encoding="gb18030",
    )
    trading_employees(folder / "employees.xlsx", staff)
    write_csv(
        folder / "customers.csv",
        ["客户编号", "客户名称", "客户类型", "负责人工号"],
        customers,
        encoding="gb18030",
    )
    write_csv(
        folder / "orders.csv",
        ["订单号", "下单日期", "客户编号", "客户名称", "销售员工号", "订单金额", "状态"],
        ([number, invent.untidy_date(day, 1), *rest] for number, day, *rest in orders),
        encoding="gb18030",
    )
    write_csv(
        folder / "targets.csv",
        ["工号", "姓名", "期间开始日期", "上月订单金额", "目标值"],
        trading_targets(orders, sellers),
        encoding="utf-8-sig",
    )


# --- the R&D company ------------------------------------------------------------------------------


def research_row(serial: int, each: Employee) -> list:
    return [
        invent.untidy_number(each.number, serial, every=14),
        invent.untidy_name(each.name, serial),
        each.sex,
        invent.untidy_date(each.birth_on, serial),
        each.id_card,
        invent.untidy_phone(each.phone, serial),
        each.email,
        each.unit,
        each.title,
        invent.untidy_date(each.hired_on, serial + 2),
        each.manager,
        each.kind,
    ]


def research_units(path: Path) -> None:
    sheet = Sheet(path, "组织架构", [12, 16, 14, 10, 12])
    sheet.page.merge_range(0, 0, 0, 4, "云杉智研组织架构（2026年11月）", sheet.title)
    for column, text in enumerate(["部门编码", "部门名称", "上级部门编码", "类型", "法人实体"]):
        sheet.page.write(1, column, text, sheet.heading)
    sheet.rows(
        2, ([code, name, parent, kind, RESEARCH.legal_entity] for code, name, parent, kind in RESEARCH.units)
    )
    sheet.close()


def add_workdays(day: dt.date, count: int) -> dt.date:
    """Last day of ``count`` workdays beginning with ``day``; no holiday falls into the time planned here."""
    while True:
        count -= day.weekday() < 5
        if count == 0:
            return day
        day += dt.timedelta(days=1)


def research_plan(staff: list[Employee]) -> list[list]:
    """Stages of the quarter's two projects; the first has the story's 10, 20, 10 and 5 days."""
    by_title = {title: [each for each in staff if each.title == title] for title in {e.title for e in staff}}
    owners = ("产品经理", "高级软件工程师", "测试工程师", "运维工程师")
    stages, rows = ("需求", "开发", "测试", "上线"), []
    for index, (project, days) in enumerate((("星图平台", (10, 20, 10, 5)), ("听潮助手", (8, 24, 8, 5)))):
        start = dt.date(2026, 10, 12)
        for stage, title, count in zip(stages, owners, days, strict=True):
            end = add_workdays(start, count)
            owner = by_title[title][index]
            rows.append([f"P{index + 1}", project, stage, count, start, end, owner.number, owner.name])
            start = add_workdays(end, 2)
    return rows


def research_projects(path: Path, rows: list[list]) -> None:
    """The project name stands once, merged over its stages, as people lay out a plan."""
    sheet = Sheet(path, "四季度项目计划", [10, 14, 10, 12, 13, 13, 12, 10])
    sheet.page.merge_range(0, 0, 0, 7, "2026年第四季度项目计划", sheet.title)
    header = ["项目编号", "项目名称", "阶段", "计划工作日", "开始日期", "结束日期", "负责人工号", "负责人"]
    for column, text in enumerate(header):
        sheet.page.write(1, column, text, sheet.heading)
    sheet.rows(2, rows)
    for first in range(0, len(rows), 4):
        for column in (0, 1):
            sheet.page.merge_range(2 + first, column, 5 + first, column, rows[first][column], sheet.heading)
    sheet.close()


def research(folder: Path) -> None:
    staff = people(RESEARCH)
    research_units(folder / "org_units.xlsx")
    write_csv(
        folder / "employees.csv",
        ["员工编号", "员工姓名", "性别", "生日", "身份证号", "联系电话", "电子邮箱", "所在部门", "岗位",
         "入司日期", "汇报对象工号", "合同类型"],
        (research_row(index, each) for index, each in enumerate(staff, 1)),
        encoding="gb18030",
    )  # fmt: skip
    research_projects(folder / "projects.xlsx", research_plan(staff))


# --- the manufacturer -----------------------------------------------------------------------------


def manufacturer_employees(path: Path, staff: list[Employee]) -> None:
    """Two heading rows: single ones merged downwards, groups merged across."""
    sheet = Sheet(path, "在职人员", [6, 10, 10, 6, 13, 22, 15, 14, 14, 12, 13, 12])
    sheet.page.merge_range(0, 0, 0, 11, "苏州磐石机械制造有限公司（示例）在职人员一览表", sheet.title)
    for column, text in enumerate(["序号", "工号", "姓名", "性别"]):
        sheet.page.merge_range(1, column, 2, column, text, sheet.heading)
    for left, right, text in ((4, 6, "个人信息"), (7, 11, "岗位信息")):
        sheet.page.merge_range(1, left, 1, right, text, sheet.heading)
    low = ["出生年月日", "身份证号", "手机", "所属部门", "岗位", "用工性质", "入厂日期", "上级工号"]
    for column, text in enumerate(low, 4):
        sheet.page.write(2, column, text, sheet.heading)
    sheet.rows(3, (manufacturer_row(index, each) for index, each in enumerate(staff, 1)))
    sheet.rows(3 + len(staff), [["合计", f"{len(staff)}人"], ["制表人：人力行政部"]])
    sheet.page.freeze_panes(3, 3)
    sheet.close()


def manufacturer_row(serial: int, each: Employee) -> list:
    return [
        serial,
        invent.untidy_number(each.number, serial, every=21),
        invent.untidy_name(each.name, serial),
        each.sex,
        typed_or_real(each.birth_on, serial + 1),
        invent.untidy_id_card(each.id_card, serial),
        invent.untidy_phone(each.phone, serial),
        each.unit,
        each.title,
        each.kind,
        typed_or_real(each.hired_on, serial),
        each.manager,
    ]


def manufacturer_units(path: Path) -> None:
    sheet = Sheet(path, "组织架构", [12, 16, 14, 10, 12])
    sheet.page.merge_range(0, 0, 0, 4, "磐石机械组织架构表", sheet.title)
    for column, text in enumerate(["编码", "名称", "上级编码", "类型", "法人实体"]):
        sheet.page.write(1, column, text, sheet.heading)
    entity = MANUFACTURER.legal_entity
    sheet.rows(2, ([code, name, parent, kind, entity] for code, name, parent, kind in MANUFACTURER.units))
    sheet.close()


def manufacturer_equipment() -> list[list]:
    """Machine number, name, unit, in use since, rated pieces a day."""
    parks = (
        ("机加工一线", "数控车床", 6, 40),
        ("机加工二线", "加工中心", 6, 32),
        ("装配一线", "压装机", 3, 60),
        ("装配二线", "压装机", 3, 60),
        ("装配三线", "总装台", 2, 48),
        ("喷涂一组", "喷涂机", 2, 90),
        ("喷涂二组", "烘干炉", 2, 90),
    )
    rng, rows = seeded("manufacturer equipment"), []
    for unit, name, count, rate in parks:
        for _ in range(count):
            since = invent.day_between(rng, dt.date(2015, 1, 1), dt.date(2025, 12, 31))
            rows.append([f"EQ{len(rows) + 1:03d}", name, unit, f"{since:%Y/%m/%d}", rate])
    return rows


def manufacturer_output(staff: list[Employee]) -> list[list]:
    """Month, worker, planned and good pieces, maintenance due and done: one row a worker and month."""
    rng, rows = seeded("manufacturer output"), []
    workers = [each for each in staff if each.title in ("数控操作工", "装配工", "喷涂工")]
    for month, workdays in (
        (dt.date(2026, 8, 31), 21),
        (dt.date(2026, 9, 30), 22),
        (dt.date(2026, 10, 31), 18),
    ):
        for worker in workers:
            planned = 8 * workdays
            good = sum(rng.choice((6, 7, 7, 8, 8, 8, 8, 9)) for _ in range(workdays))
            due = rng.choice((2, 4, 4))
            done = due - rng.choice((0, 0, 0, 1))
            rows.append(
                [month.isoformat(), worker.number, worker.name, worker.unit, planned, good, due, done]
            )
    return rows


def manufacturer(folder: Path) -> None:
    staff = people(MANUFACTURER)
    manufacturer_units(folder / "org_units.xlsx")
    manufacturer_employees(folder / "employees.xlsx", staff)
    write_csv(
        folder / "shifts.csv",
        ["班次", "上班时间", "下班时间", "休息分钟"],
        [["常白班", "08:00", "17:00", 60], ["早班", "07:00", "15:00", 30], ["中班", "15:00", "23:00", 30],
         ["夜班", "23:00", "07:00", 30]],
        encoding="gb18030",
    )  # fmt: skip
    write_csv(
        folder / "equipment.csv",
        ["设备编号", "设备名称", "所属产线", "投用日期", "额定日产"],
        manufacturer_equipment(),
        encoding="gb18030",
    )
    write_csv(
        folder / "output.csv",
        ["统计日期", "工号", "姓名", "产线", "计划产量", "合格产量", "应保养次数", "完成保养次数"],
        manufacturer_output(staff),
        encoding="gb18030",
    )


def main(target: Path) -> None:
    for company, write in ((TRADING, trading), (RESEARCH, research), (MANUFACTURER, manufacturer)):
        folder = target / company.folder
        folder.mkdir(parents=True, exist_ok=True)
        write(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
