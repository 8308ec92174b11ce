"""Guessing which column is which field."""

from tests.dataimport.targets import PERSON_FIELDS

from zhiheng.dataimport.calc.header import Column
from zhiheng.dataimport.calc.mapping import Guess, fingerprint, guess_mapping, similarity
from zhiheng.dataimport.calc.target import Field


def guesses(*headers: str, remembered=None) -> list[str | None]:
    columns = [Column(index, header) for index, header in enumerate(headers)]
    return [guess.field for guess in guess_mapping(columns, PERSON_FIELDS, remembered)]


def test_labels_synonyms_names_and_levels():
    assert guesses("员工编号", "姓 名（必填）", "联系方式/手机", "Born On", "无关") == [
        "employee_no", "name", "phone", "born_on", None,
    ]  # fmt: skip


def test_each_field_is_given_away_once_to_its_best_column():
    columns = [Column(0, "联系方式/手机"), Column(1, "手机")]
    assert guess_mapping(columns, PERSON_FIELDS) == [
        Guess(0, "联系方式/手机", None, 0), Guess(1, "手机", "phone", 100),
    ]  # fmt: skip


def test_words_that_only_look_alike_are_kept_apart():
    assert guesses("离职日期", "紧急联系人手机") == [None, None]
    assert guesses("员工手机号码") == ["phone"]
    assert similarity("Departmnet", Field("department", "部门")) == 90
    assert similarity("Age", Field("sex", "性别")) == 0


def test_remembered_mapping_goes_first():
    assert guesses("编号", "手机", "邮箱", remembered={"编号": "position", "手机": "", "邮箱": "gone"}) == [
        "position", None, None,
    ]  # fmt: skip


def test_fingerprint_ignores_the_order():
    one, two = [Column(0, "a"), Column(1, "b")], [Column(0, "b"), Column(1, "a")]
    assert fingerprint(one) == fingerprint(two) != fingerprint(one[:1])
