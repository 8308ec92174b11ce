"""Attendance against cases computed by hand. ZHIHENG_VECTORS names another folder to take them from."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.attendance.calc.both_paths import settle_both

from zhiheng.attendance.calc import month, zones
from zhiheng.attendance.calc.day import settle_day
from zhiheng.attendance.calc.facts import DayInput
from zhiheng.attendance.calc.free import free_hours
from zhiheng.rosters.calc.shift import Policy, Shift, policy_from_data, shift_from_data

FILE = Path(os.environ.get("ZHIHENG_VECTORS") or Path(__file__).parent.parent / "vectors") / "attendance.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"vectors": []}

Case = dict[str, Any]


def minutes(text: str) -> int:
    """Minutes of a clock time from 00:00 of the shift's date, seconds cut; "+1" is the next date."""
    clock, _, days = text.partition("+")
    hours, minute = clock.split(":")[:2]
    return int(days or 0) * 1440 + int(hours) * 60 + int(minute)


def clock(minute: int) -> str:
    days, rest = divmod(minute, 1440)
    return f"{rest // 60:02d}:{rest % 60:02d}" + (f"+{days}" if days else "")


def spans(pairs: Any) -> tuple[tuple[int, int], ...]:
    if pairs and isinstance(pairs[0], str):
        pairs = [pairs]
    return tuple((minutes(start), minutes(end)) for start, end in pairs or ())


def shift_of(data: Case) -> Shift:
    flex = data.get("flex")
    return shift_from_data(
        {
            "segments": spans(data.get("segments")),
            "breaks": spans(data.get("breaks") or data.get("break")),
            "flex": flex
            and {
                "earliest": minutes(flex["earliest"]),
                "latest": minutes(flex["latest"]),
                "required": flex["required"],
                "core": spans(flex.get("core")),
            },
        }
    )


def policy_of(data: Case) -> Policy:
    given = {**VECTORS.get("policy_defaults", {}), **data}
    if isinstance(given.get("ot_start"), str):
        given["ot_start"] = minutes(given["ot_start"])
    return policy_from_data({**given, "ot_breaks": spans(given.get("ot_breaks"))})


def day_of(case: Case) -> DayInput:
    context = case.get("context", {})
    known = {"policy", "leave", "outing", "approved", "approved_minutes", "day_types", "corrections", "trip"}
    assert set(context) <= known, f"unknown context: {set(context) - known}"
    kinds = context.get("day_types", {})
    return DayInput(
        shift=shift_of(case["shift"]),
        policy=policy_of(context.get("policy", {})),
        punches=tuple(map(minutes, [*case["punches"], *context.get("corrections", [])])),
        leave=spans(context.get("leave")),
        outing=spans(context.get("outing")),
        approved=spans(context.get("approved")),
        approved_minutes=context.get("approved_minutes") or 0,
        is_trip=bool(context.get("trip")),
        day_types=(kinds.get("0", "WORKDAY"), kinds.get("1", "WORKDAY")),
    )


def settle(case: Case) -> Case:
    found = settle_both(day_of(case))
    assert found.scheduled == sum(
        (found.worked, found.late, found.early, found.absent, found.leave, found.unresolved)
    )
    return {name: getattr(found, name, None) for name in case["expected"]}


def timezone(case: Case) -> Case:
    given = case["input"]
    moments = dt.datetime.fromisoformat(given["start"]), dt.datetime.fromisoformat(given["end"])
    return {
        "elapsed_minutes": zones.elapsed_minutes(*moments, given["zone"]),
        "wall_minutes": zones.wall_minutes(*moments, given["zone"]),
    }


def free(case: Case) -> Case:
    given = case["input"]
    found = free_hours(
        [minutes(each) for each in given["punches"]], given["mode"], minutes(given["day_start"]),
        VECTORS.get("policy_defaults", {}).get("dedupe", 2),
    )  # fmt: skip
    return {
        "worked": found.worked,
        "missing_out": found.is_out_missing,
        "previous_day": [clock(each) for each in found.previous_day],
    }


def _hours(minutes: int) -> str:
    return f"{(Decimal(minutes) / 60).normalize():f}"


def _late(given: Case) -> Case:
    found = month.count_late(given["late_minutes"], given["free_count"], given.get("free_max_minutes"))
    return {"counted": list(found.counted), "count": found.count, "minutes": found.minutes}


def _corrections(given: Case) -> Case:
    def wish(item: Any) -> month.Correction:
        days = [item] if isinstance(item, str) else list(item.values() if isinstance(item, dict) else item)
        return month.Correction(*map(dt.date.fromisoformat, days[:2]))

    wished = [wish(item) for item in given["requests"]]
    allowed, refused = month.corrections_within(
        wished, given.get("quota_per_month"), given.get("submit_within_days")
    )
    return {
        "accepted": [each.on.isoformat() for each in allowed],
        "rejected": [each.on.isoformat() for each in refused],
    }


def _cap(given: Case) -> Case:
    found = month.overtime_cap(
        given.get("ot_150_minutes", 0), given.get("ot_200_minutes", 0), given.get("ot_300_minutes", 0)
    )
    return {"total_hours": _hours(found.total_minutes), "over_cap_hours": _hours(found.over_minutes)}


def _comp_time(given: Case) -> Case:
    earned, used = (
        [(dt.date.fromisoformat(on), minutes) for on, minutes in given[name]] for name in ("earned", "used")
    )
    found = month.comp_time(earned, used, given["expire_months"])
    return {
        "remaining": found.remaining,
        "from_bucket": {on.isoformat(): minutes for on, minutes in found.from_bucket.items()},
    }


def _change(given: Case) -> Case:
    leave = [*spans(given["leave_approved_later"])]
    nine_to_six = shift_of({"segments": [["09:00", "12:00"], ["13:00", "18:00"]]})
    before = given["before"]
    now = settle_day(DayInput(nine_to_six, Policy(), leave=tuple(leave)))
    is_changed = any(getattr(now, name) != minutes for name, minutes in before.items())
    action = month.action_on_change(is_changed=is_changed, is_locked=given["month_locked"])
    return {"action": action.value}


MONTHLY: dict[str, Callable[[Case], Case]] = {
    "late_minutes": _late,
    "requests": _corrections,
    "ot_150_minutes": _cap,
    "earned": _comp_time,
    "month_locked": _change,
}


def monthly(case: Case) -> Case:
    return next(work for key, work in MONTHLY.items() if key in case["input"])(case["input"])


KINDS: dict[str, Callable[[Case], Case]] = {
    "day": settle, "timezone": timezone, "free_hours": free, "monthly": monthly
}  # fmt: skip


def in_order(found: Case) -> Case:
    """The flags of a day are a set; lists of them compare in one order."""
    return {**found, "flags": sorted(found["flags"])} if "flags" in found else found


@pytest.mark.skipif(not VECTORS["vectors"], reason="no such file in the folder of vectors")
@pytest.mark.parametrize("case", VECTORS["vectors"], ids=lambda case: case["id"])
def test_case(case):
    found = KINDS[case.get("kind", "day")](case)

    assert in_order({name: found[name] for name in case["expected"]}) == in_order(case["expected"]), case[
        "reasoning"
    ]
