"""Working time, leave and pay against cases worked out by hand.

ZHIHENG_VECTORS names another folder to take them from; without the file there nothing is run.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhiheng.leave.calc.annual import Absences, entitled_days, forfeit, part_year_days
from zhiheng.payroll.calc.absence import METHODS, MonthDays, holiday_pay, wage_by_method
from zhiheng.payroll.calc.minimum_wage import WageParts, deduction_limit, guard_minimum_wage
from zhiheng.payroll.calc.overtime import (
    NATIONAL,
    OvertimeHours,
    check_month_cap,
    comprehensive_overtime,
    irregular_overtime,
    irregular_rule,
    overtime_pay,
    set_off_time_off,
)
from zhiheng.payroll.calc.severance import economic_compensation, untaken_leave_pay
from zhiheng.payroll.calc.sick import sick_coefficient, sick_pay
from zhiheng.payroll.calc.working_time import working_time
from zhiheng.rosters.calc.calendar import calendar_totals, day_type, month_totals, overtime_multiple

FOLDER = Path(os.environ.get("ZHIHENG_VECTORS") or Path(__file__).parent.parent / "vectors")
FILE = FOLDER / "time_and_pay.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"] if FILE.is_file() else []
TODAY = dt.date(2026, 6, 1)

Case = dict[str, Any]


def _decimal(case: Case, name: str, default: str = "0") -> Decimal:
    return Decimal(case.get(name) or default)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _hours(case: Case) -> OvertimeHours:
    return OvertimeHours(*(_decimal(case, name) for name in ("hours_150", "hours_200", "hours_300")))


def constants(case: Case, expected: Case) -> Case:
    found = working_time(case["year"])
    return {
        "work_days_year": found.work_days_year,
        "work_days_quarter": found.work_days_quarter,
        "work_days_month": found.work_days_month,
        "pay_days_month": found.pay_days_month,
        "hours_month_pay": found.pay_hours_month,
        "work_hours_year": found.work_hours_year,
    }


def calendar_year(case: Case, expected: Case) -> Case:
    return calendar_totals(case["year"])


def calendar_month(case: Case, expected: Case) -> Case:
    return month_totals(case["month"])


def kind_of_day(case: Case, expected: Case) -> Case:
    kind = day_type(case["date"])
    return {"type": kind, "overtime_multiple": overtime_multiple(kind)}


def pay_of_overtime(case: Case, expected: Case) -> Case:
    pay = overtime_pay(Decimal(case["monthly_base"]), _hours(case))
    return {"amount": str(pay.amount), "hourly": str(pay.hourly)}


def time_off_in_lieu(case: Case, expected: Case) -> Case:
    left = set_off_time_off(_hours(case), Decimal(case["time_off_in_lieu_hours"])).payable
    return {"pay_150_hours": left.at_150, "pay_200_hours": left.at_200, "pay_300_hours": left.at_300}


def overtime_cap(case: Case, expected: Case) -> Case:
    hours = Decimal(case["month_hours_150_plus_200"])
    found = check_month_cap(hours, Decimal(case["cap"]))
    return {
        "over_cap": found.is_over,
        "excess_hours": found.excess_hours,
        "still_payable": found.payable_hours == hours,
    }


def irregular_hours(case: Case, expected: Case) -> Case:
    """The expectation for holidays is a sentence: each of its two statements is checked against the rules."""
    worked = OvertimeHours(
        _decimal(case, "weekday_extra_hours"),
        _decimal(case, "rest_day_hours"),
        _decimal(case, "holiday_hours"),
    )
    rules = [irregular_rule(city, TODAY) for city in case["city"].split("|")]
    paid = [irregular_overtime(worked, rule) for rule in rules]
    assert len({(each.at_150, each.at_200) for each in paid}) == 1
    found: Case = {"pay_150": paid[0].at_150, "pay_200": paid[0].at_200, "pay_300": paid[0].at_300}
    sentence = expected.get("pay_300")
    if sentence and "local rule" in sentence:
        local, national = sentence.split(";")
        assert "300%" in local
        assert all(
            rule.jurisdiction in local.lower()
            and each.at_300 == worked.at_300
            and ("(K," in local) == (rule.grade == "K")
            for rule, each in zip(rules, paid, strict=True)
        )
        nothing = irregular_overtime(worked, irregular_rule(NATIONAL, TODAY))
        assert national.strip() == "national rule: none"
        assert nothing == OvertimeHours()
        del found["pay_300"]
    return found


def comprehensive_hours(case: Case, expected: Case) -> Case:
    hours = comprehensive_overtime(
        Decimal(case["standard_hours"]),
        Decimal(case["actual_hours_total"]),
        _decimal(case, "of_which_statutory_holiday_hours"),
    )
    amount = overtime_pay(Decimal(case["monthly_base"]), hours).amount
    return {"hours_150": hours.at_150, "hours_300": hours.at_300, "amount": str(amount)}


def absence_pay(case: Case, expected: Case) -> Case:
    days = MonthDays(
        scheduled=Decimal(case["scheduled_workdays"]),
        paid=Decimal(case["paid_days"]),
        attended=Decimal(case["attended_days"]),
        holidays=_decimal(case, "paid_holidays_in_employment"),
    )
    monthly = Decimal(case["monthly"])
    return {method: str(wage_by_method(monthly, days, method)) for method in METHODS}


def annual_leave_days(case: Case, expected: Case) -> Case:
    found = part_year_days(
        Decimal(case["entitlement"]),
        hired_on=_day(case["hire"]),
        last_on=_day(case["leave"]),
        taken=_decimal(case, "taken"),
    )
    return {"calendar_days": found.calendar_days, "unrounded": str(found.exact), "days": found.days}


def annual_leave_entitlement(case: Case, expected: Case) -> Case:
    return {"days": entitled_days(Decimal(case["cumulative_years"]))}


def pay_of_untaken_leave(case: Case, expected: Case) -> Case:
    pay = untaken_leave_pay(Decimal(case["avg_month_excl_overtime"]), Decimal(case["days"]))
    return {"total_300": str(pay.total), "extra_200_on_top_of_salary": str(pay.extra)}


def pay_while_sick(case: Case, expected: Case) -> Case:
    names = ("base", "sick_workdays", "coefficient", "min_wage")
    pay = sick_pay(*(Decimal(case[name]) for name in names))
    return {"sick_pay": str(pay.amount), "deduction_from_salary": str(pay.deduction)}


def _ends(span: str) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest number of a span such as ``<1``, ``1-3``, ``>=3``."""
    little = Decimal("0.01")
    if span.startswith("<"):
        return Decimal(0), Decimal(span.strip("<=")) - (0 if "=" in span else little)
    if span.startswith(">"):
        least = Decimal(span.strip(">=")) + (0 if "=" in span else little)
        return least, least + 30
    least, most = map(Decimal, span.split("-"))
    return least, most - little


def sick_rule(case: Case, expected: Case) -> Case:
    months = _ends(case["continuous_months"])
    found = []
    for span in case["service_years"]:
        every = {sick_coefficient(case["city"], years, length) for years in _ends(span) for length in months}
        assert len(every) == 1, f"{span} is not one band"
        found.append(every.pop())
    return {"coefficients": found}


def annual_leave_forfeit(case: Case, expected: Case) -> Case:
    """Rule as sentences: each limit must cost the leave, a little less must not, and each consequence must follow."""
    *sick, personal = case["service"].split(";")
    lost = []
    for part in sick:
        years, limit = re.fullmatch(r"\s*(\d+)(?:-\d+)?y\+?:.*>=(\d+)(?: months)?", part).groups()
        below = Absences(sick_months=Decimal(limit) - Decimal("0.1"))
        assert forfeit(Decimal(years), below, is_taken=False) == forfeit(
            Decimal(years), Absences(), is_taken=False
        )
        lost.append((Decimal(years), Absences(sick_months=Decimal(limit))))
    days = int(re.search(r"personal leave >=(\d+) days with pay kept", personal).group(1))
    assert not forfeit(Decimal(5), Absences(paid_personal_days=Decimal(days - 1)), is_taken=False).this_year
    lost.append((Decimal(5), Absences(paid_personal_days=Decimal(days))))
    clauses = {
        "no annual leave that year": all(forfeit(*each, is_taken=False).this_year for each in lost),
        "if already taken, none next year": all(forfeit(*each, is_taken=True).next_year for each in lost),
    }
    return {"rule": "; ".join(clause for clause, is_so in clauses.items() if is_so)}


def minimum_wage_guard(case: Case, expected: Case) -> Case:
    names = ("gross", "overtime_pay", "special_allowances", "statutory_benefits", "personal_si_hf")
    found = guard_minimum_wage(
        WageParts(*(_decimal(case, name) for name in names)),
        Decimal(case["min_wage"]),
        are_contributions_excluded=case["si_hf_excluded_from_comparison"],
    )
    return {"ok": found.is_enough, "top_up": str(found.top_up), "compared": str(found.compared)}


def limit_of_deduction(case: Case, expected: Case) -> Case:
    return {"max_deduction": str(deduction_limit(Decimal(case["month_wage"]), Decimal(case["min_wage"])))}


def compensation(case: Case, expected: Case) -> Case:
    found = economic_compensation(
        int(case["full_years"]),
        int(case["extra_months"]),
        Decimal(case["avg12"]),
        Decimal(case["local_avg_month"]),
    )
    return {"months": found.months, "amount": str(found.amount)}


def pay_of_holiday(case: Case, expected: Case) -> Case:
    assert case["case"] == "monthly-paid employee on a statutory holiday not worked"
    found = holiday_pay(Decimal(8700))
    is_included = found.extra == 0
    is_kept = found.deduction == 0
    return {"pay": "; ".join(["included in salary"] * is_included + ["no deduction"] * is_kept)}


KINDS: dict[str, Callable[[Case, Case], Case]] = {
    "constants": constants,
    "calendar_totals": calendar_year,
    "calendar_month": calendar_month,
    "day_type": kind_of_day,
    "overtime_pay": pay_of_overtime,
    "overtime_rule": time_off_in_lieu,
    "overtime_cap": overtime_cap,
    "irregular_hours": irregular_hours,
    "comprehensive_hours": comprehensive_hours,
    "absence_pay": absence_pay,
    "annual_leave_days": annual_leave_days,
    "annual_leave_entitlement": annual_leave_entitlement,
    "untaken_leave_pay": pay_of_untaken_leave,
    "sick_pay": pay_while_sick,
    "sick_rule": sick_rule,
    "annual_leave_forfeit": annual_leave_forfeit,
    "minimum_wage_guard": minimum_wage_guard,
    "deduction_limit": limit_of_deduction,
    "economic_compensation": compensation,
    "holiday_pay": pay_of_holiday,
}


def _same(found: object, expected: object) -> bool:
    """Compare as written; numbers of days and hours, which have no fixed decimals, by their value."""
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    if isinstance(found, Decimal):
        return isinstance(expected, str | int) and found == Decimal(expected)
    return type(found) is type(expected) and found == expected


@pytest.mark.skipif(not VECTORS, reason="no time_and_pay.json in the folder of vectors")
@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_vector(vector: Case) -> None:
    calculate = KINDS.get(vector["kind"])
    assert calculate, f"unknown kind {vector['kind']}"
    expected = vector["expected"]
    found = calculate(vector["input"], expected)
    if vector["kind"] == "irregular_hours" and "pay_300" not in found:
        expected = {name: value for name, value in expected.items() if name != "pay_300"}
    assert expected.keys() <= found.keys()
    wrong = {name: (found[name], value) for name, value in expected.items() if not _same(found[name], value)}
    assert not wrong


def test_every_kind_has_a_case_of_its_own() -> None:
    if FILE.parent == Path(__file__).parent.parent / "vectors":
        assert {vector["kind"] for vector in VECTORS} == set(KINDS)
