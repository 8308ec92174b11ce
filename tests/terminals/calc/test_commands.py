from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.terminals.calc import commands
from zhiheng.terminals.calc.commands import Ack, parse_acks

SINCE, UNTIL = dt.datetime(2026, 7, 1), dt.datetime(2026, 7, 2)


def test_texts():
    assert [
        commands.user_update("7", "张三", privilege=14, card="99"),
        commands.user_delete("7"),
        commands.face_update("7", b"\xff\xd8"),
        *commands.face_delete("7"),
        commands.query_users(),
        commands.query_users("7"),
        commands.query_punches(SINCE, UNTIL),
        commands.verify_count(SINCE, UNTIL),
        commands.set_option("Delay", "20"),
    ] == [
        "DATA UPDATE USERINFO PIN=7\tName=张三\tPri=14\tPasswd=\tCard=99\tGrp=1\tTZ=0000000100000000",
        "DATA DELETE USERINFO PIN=7",
        "DATA UPDATE BIOPHOTO PIN=7\tType=9\tSize=4\tContent=/9g=\tFormat=0",
        "DATA DELETE BIOPHOTO PIN=7",
        "DATA DELETE BIODATA Pin=7\tType=9",
        "DATA QUERY USERINFO",
        "DATA QUERY USERINFO PIN=7",
        "DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-02 00:00:00",
        "VERIFY SUM ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-02 00:00:00",
        "SET OPTION Delay=20",
    ]
    assert commands.command_line(12, "REBOOT") == "C:12:REBOOT\n"


def test_a_name_cannot_smuggle_a_command_in():
    assert "\n" not in commands.user_update("7", "x\nC:1:SHELL reboot")
    with pytest.raises(ValueError):
        commands.set_option("Delay=1\nC:2:SHELL", "x")


def test_nothing_here_opens_a_shell_moves_files_or_upgrades():
    text = "".join(map(str, vars(commands).values()))
    assert not {"SHELL", "PutFile", "GetFile", "UPGRADE", "CLEAR"} & set(text.split())


def test_answers_in_one_body():
    acks, lost = parse_acks("ID=1&Return=0&CMD=DATA\nID=2&Return=-1004&CMD=DATA\r\n\0")
    assert acks == [Ack(1, 0, "DATA"), Ack(2, -1004, "DATA")]
    assert lost == []


def test_an_answer_over_several_lines():
    acks, lost = parse_acks(
        "stray\nID=32\nReturn=0\nCMD=Shell\nContent=first\nReturn=5\nplain\nID=33&Return=x&CMD=LOG"
    )
    assert acks == [Ack(32, 0, "Shell", {}, "first\nReturn=5\nplain"), Ack(33, None, "LOG")]
    assert lost == ["stray"]


def test_information_follows_its_answer():
    acks, _ = parse_acks("ID=3&Return=0&CMD=INFO\n~DeviceName=X\nUserCount=2\nloose")
    assert acks == [Ack(3, 0, "INFO", {}, "~DeviceName=X\nUserCount=2\nloose")]


def test_a_count_comes_with_the_answer():
    acks, _ = parse_acks("ID=9&Return=0&CMD=VERIFY SUM&StartTime=2026-07-01 00:00:00&EndTime=x&AttlogSum=41")
    assert acks[0].values == {"STARTTIME": "2026-07-01 00:00:00", "ENDTIME": "x", "ATTLOGSUM": "41"}


lines = st.lists(
    st.one_of(
        st.text(max_size=20), st.sampled_from(["ID=1&Return=0&CMD=DATA", "ID=a", "Return=1", "Content=x"])
    )
)


@given(lines.map("\n".join))
def test_no_answer_is_too_strange_and_no_line_gets_lost(text):
    acks, lost = parse_acks(text)
    filled = [each for each in text.replace("\0", "").replace("\r", "\n").split("\n") if each.strip()]
    kept = sum(1 + len(each.extra.split("\n")) + 2 for each in acks) + len(lost)
    assert kept >= len(filled) - sum(
        each.upper().startswith(("RETURN", "CMD", "SN", "FILENAME")) for each in filled
    )
