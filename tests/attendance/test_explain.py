"""The trace of a day in words, and as a picture."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from tests.attendance.calc.test_day import FLEX, NIGHT, OFFICE, REST, at, settle

from zhiheng.attendance.calc.facts import DayInput
from zhiheng.attendance.explain import clock, duration, explained, verdicts
from zhiheng.attendance.picture import picture_of
from zhiheng.rosters.calc.shift import Policy, Shift


def told(found):
    return [line.text for line in verdicts(found.trace)]


@pytest.mark.parametrize(
    ("found", "texts"),
    [
        (settle(OFFICE, "09:04", "18:00", policy={"late_grace": 5}),
         ["应 09:00 到岗，实际 09:04，晚 4 分钟；在 5 分钟宽限内，不计", "出勤 8 小时"]),
        (settle(OFFICE, "09:06", "17:30", policy={"late_grace": 5, "grace_mode": "deduct"}),
         ["应 09:00 到岗，实际 09:06，晚 6 分钟；扣除宽限 5 分钟，计迟到 1 分钟",
          "应 18:00 下班，实际 17:30，早 30 分钟；计早退 30 分钟", "出勤 7 小时 29 分"]),
        (settle(OFFICE), ["09:00–12:00、13:00–18:00 没有打卡，也没有请假或外出，计旷工 8 小时"]),
        (settle(OFFICE, "08:55"), ["缺下班卡：8 小时待处理，补卡后重新计算"]),
        (settle(OFFICE, "17:55"),
         ["应 18:00 下班，实际 17:55，早 5 分钟；计早退 5 分钟", "缺上班卡：7 小时 55 分待处理，补卡后重新计算"]),
        (settle(OFFICE, "05:00", "23:30"),
         ["不在时段内的打卡：05:00、23:30。已保留，请人事核对是否属于其他班次", "只有时段外的打卡，8 小时待处理，不直接算旷工"]),
        (settle(OFFICE, "18:00", leave=("09:00-12:00",)), ["请假 09:00–12:00，抵扣出勤 3 小时", "出勤 5 小时"]),
        (settle(OFFICE, "08:55", outing=("14:00-18:00",)), ["外出 14:00–18:00，视同出勤", "出勤 8 小时"]),
        (settle(OFFICE, is_trip=True), ["出差，全天视同出勤", "出勤 8 小时"]),
        (settle(OFFICE, "08:58", "20:10", policy={"ot_start": at("18:30")}, approved=("18:30-20:30",)),
         ["出勤 8 小时", "加班在审批时段内按打卡计算：批准 18:30–20:30，打卡 18:30–20:10；结算 150% 1 小时 30 分"]),
        (settle(OFFICE, "08:58", "20:10", policy={"ot_mode": "approved"}, approved_minutes=60),
         ["出勤 8 小时", "加班按审批计算：批准时长 1 小时，打卡 18:00–20:10；结算 150% 1 小时", "1 小时 10 分有打卡但没有审批，已保留并提示人事核实"]),
        (settle(REST, "09:00", day_types=("REST_DAY", "WORKDAY")), ["缺下班卡，不能计算加班"]),
        (settle(REST, "17:55", approved=("09:00-18:00",), day_types=("REST_DAY", "WORKDAY")), ["缺上班卡，不能计算加班"]),
        (settle(Shift(free_mode="standard", day_start=at("05:00")), "09:00", "19:00"), ["出勤 10 小时"]),
    ],
)  # fmt: skip
def test_what_came_of_a_day_in_words(found, texts):
    assert told(found) == texts


def test_all_steps_in_order():
    found = settle(OFFICE, "12:00", leave=("09:00-12:00",), policy={"ot_mode": "punched"})

    assert [line.text for line in explained(found.trace)] == [
        "07:00 至 22:00 的打卡计入这一天",
        "时段内打卡：12:00",
        "班次：09:00–12:00、13:00–18:00",
        "请假 09:00–12:00，抵扣出勤 3 小时",
        "12:00 上班",
        "缺下班卡：5 小时待处理，补卡后重新计算",
    ]


def test_waived_punches_free_hours_and_flexible_ones_are_explained():
    waived = settle(OFFICE, "13:30", leave=("09:00-12:00", "14:00-18:00"))
    free = settle(Shift(free_mode="strict", day_start=at("05:00")), "09:00")
    texts = [
        line.text
        for found in (waived, free, settle(FLEX, "09:10"), settle(REST))
        for line in explained(found.trace)
    ]

    for text in (
        "请假或外出到下班时间为止，不需要下班卡",
        "自由工时，按打卡先后两两配对计算；05:00 以前的打卡算前一天",
        "弹性班：08:00 至 10:00 之间上班；按首次打卡，当天应出勤 09:10–12:00、13:00–18:10",
        "当天没有排班",
        "时段内没有打卡",
    ):
        assert text in texts


def test_a_waived_arrival_is_explained():
    found = settle(OFFICE, "18:00", outing=("09:00-11:00",))

    assert "请假或外出从上班时间开始，不需要上班卡" in [line.text for line in explained(found.trace)]


def test_times_of_other_dates_are_said():
    assert [clock(minute) for minute in (-30, 75, 1530)] == ["前一日 23:30", "01:15", "次日 01:30"]
    assert [duration(minutes) for minutes in (5, 60, 95)] == ["5 分钟", "1 小时", "1 小时 35 分"]


def test_the_same_in_english():
    with override("en"):
        assert told(settle(OFFICE, "09:10", "18:00")) == [
            "Due at 09:00, came at 09:10: 10 min late; counted as 10 min late",
            "Worked 7 h 50 min",
        ]


def picture(shift, *punches, **given):
    day = DayInput(shift, Policy(), tuple(map(at, punches)), **given)
    return picture_of(day, settle(shift, *punches, **given), 360)


def test_the_picture_of_a_late_day():
    found = picture(OFFICE, "09:10", "18:00")

    assert [(bar.kind, bar.title) for bar in found.plan] == [("plan", "09:00–12:00"), ("plan", "13:00–18:00")]
    assert [(bar.kind, bar.title) for bar in found.bars] == [
        ("late", "09:00–09:10"), ("worked", "09:10–12:00"), ("worked", "13:00–18:00"),
    ]  # fmt: skip
    assert [(mark.text, mark.kind) for mark in found.punches] == [("09:10", "used"), ("18:00", "used")]
    assert [mark.text for mark in found.hours] == ["08:00", "10:00", "12:00", "14:00", "16:00", "18:00"]
    assert all(14 <= bar.x <= 346 for bar in found.bars)


def test_the_picture_of_a_night_marks_midnight():
    found = picture(NIGHT, "21:55", "06:03+1")

    assert "midnight" in {mark.kind for mark in found.hours}
    assert found.hours[-1].text == "06:00"
