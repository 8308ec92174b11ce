"""How names are read and found."""

from __future__ import annotations

import pytest

from zhiheng.people.calc.pinyin import DOUBLE_SURNAMES, SURNAME_READINGS, search_text, search_words


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("张三", "张三 zhangsan zs"),
        ("单雄信", "单雄信 shanxiongxin sxx"),
        ("曾国藩", "曾国藩 zengguofan zgf"),
        ("仇英", "仇英 qiuying qy"),
        ("解晓东", "解晓东 xiexiaodong xxd"),
        ("查良镛", "查良镛 zhaliangyong zly"),
        ("尉迟恭", "尉迟恭 yuchigong ycg"),
        ("万俟卨", "万俟卨 moqixie mqx"),
        ("令狐冲", "令狐冲 linghuchong lhc"),
        ("欧阳 锋", "欧阳 锋 ouyangfeng oyf"),
        ("单于", "单于 shanyu sy"),  # a given name must remain, so this is 单 with the name 于
        ("覃长乐", "覃长乐 qinchangle qcl tanchangle tcl"),
        ("Ken Sánchez", "ken sanchez ks"),
        ("Madonna", "madonna"),
    ],
)
def test_what_a_name_is_found_by(name, found_by):
    assert search_text(name) == found_by


def test_number_and_email_are_searched_too():
    assert search_text("李四", "Ｅ００1", "Li.Si@Example.com") == "李四 lisi ls e001 li.si@example.com"


def test_nothing_gives_nothing():
    assert search_text("") == ""
    assert search_words("  ") == []


def test_a_search_is_split_into_plain_words():
    assert search_words(" Sánchez　ＫＥＮ ") == ["sanchez", "ken"]


def test_tables_of_surnames_are_well_formed():
    assert all(
        len(key) == 1 and all(read.isalpha() for read in reads) for key, reads in SURNAME_READINGS.items()
    )
    assert all(len(key) == 2 and len(reads) == 2 for key, reads in DOUBLE_SURNAMES.items())
