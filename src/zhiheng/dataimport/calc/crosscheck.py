"""Checks across cells: the ID card against birth date and sex, repeated keys, one person entered twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from pypinyin import lazy_pinyin

from zhiheng.dataimport.calc.issue import SCHEMA, column_letter
from zhiheng.dataimport.calc.target import ROW, Field

_SEX_OF_VALUE = {"男": "男", "male": "男", "m": "男", "女": "女", "female": "女", "f": "女"}
_MOBILE_LENGTH = 14
_MAX_NAMESAKES = 50


def cross_check(frame: pl.DataFrame, fields: Sequence[Field], columns: Mapping[str, int]) -> pl.DataFrame:
    """Issues between the ID card and the birth date and sex in the same row.

    ``columns`` gives the position in the sheet (from 0) of every field that the file has.
    """
    by_meaning = {field.person_meaning: field for field in fields if field.name in columns}
    card = by_meaning.get("id_card")
    if card is None:
        return pl.DataFrame(schema=SCHEMA)
    number = pl.col(card.name)
    found = []
    if birth := by_meaning.get("birth_date"):
        born = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
        wrong = frame.with_columns(says=born.cast(pl.String)).filter(born != pl.col(birth.name))
        found.append(_issues(wrong, birth, columns, "warning", "birth_differs", "says"))
    if sex := by_meaning.get("sex"):
        is_male = number.str.slice(16, 1).cast(pl.Int32, strict=False) % 2 == 1
        says = pl.when(is_male).then(pl.lit("男")).when(~is_male).then(pl.lit("女"))
        stated = pl.col(sex.name).str.to_lowercase().replace_strict(_SEX_OF_VALUE, default=None)
        wrong = frame.with_columns(says=says).filter(says != stated)
        found.append(_issues(wrong, sex, columns, "warning", "sex_differs", "says"))
    return _joined(found)


def repeated_keys(
    frame: pl.DataFrame,
    fields: Sequence[Field],
    keys: Sequence[Sequence[str]],
    columns: Mapping[str, int],
) -> pl.DataFrame:
    """Errors on all rows but the first that hold the same value of a unique field or of a key."""
    found = []
    by_name = {field.name: field for field in fields}
    for key in [*((field.name,) for field in fields if field.unique), *keys]:
        if any(name not in columns for name in key):
            continue
        filled = frame.drop_nulls(list(key))
        first = filled.with_columns(_first=pl.col(ROW).min().over(list(key))).filter(
            pl.col(ROW) > pl.col("_first")
        )
        says = first.with_columns(says=_address(columns[key[0]], "_first"))
        found.append(_issues(says, by_name[key[0]], columns, "error", "repeated", "says", propose=False))
    return _joined(found)


def similar_persons(frame: pl.DataFrame, fields: Sequence[Field], columns: Mapping[str, int]) -> pl.DataFrame:
    """Warnings on rows that are probably a person of an earlier row.

    Signs: the same phone or (unless the field is unique anyway) ID card; names that sound alike and the same
    birth date; the same name and a phone that differs in one digit.
    """
    by_meaning = {
        field.person_meaning: field.name
        for field in fields
        if field.name in columns and not (field.unique and field.kind == "id_card")
    }
    name = by_meaning.get("name")
    if name is None:
        return pl.DataFrame(schema=SCHEMA)
    people = _people(frame, by_meaning)
    pairs = [
        _first_of(people, ["phone"], "same_phone"),
        _first_of(people, ["card"], "same_card"),
        _first_of(people, ["sound", "born"], "same_sound_and_birth"),
        _one_digit_off(people),
    ]
    found = pl.concat(pairs).sort(ROW, "_first").unique(ROW, keep="first", maintain_order=True)
    rows = frame.join(found, on=ROW, how="inner").with_columns(says=_address(columns[name], "_first"))
    field = next(item for item in fields if item.name == name)
    return _issues(rows, field, columns, "warning", pl.col("_code"), "says", propose=False)


def _people(frame: pl.DataFrame, by_meaning: Mapping[str, str]) -> pl.DataFrame:
    """Row, name, sound of the name, phone, birth date and card of all rows that have a name."""
    people = frame.select(
        ROW,
        name=pl.col(by_meaning["name"]),
        phone=_or_null(by_meaning, "phone"),
        born=_or_null(by_meaning, "birth_date"),
        card=_or_null(by_meaning, "id_card"),
    ).drop_nulls("name")
    names = people["name"].unique().to_list()
    sounds = pl.DataFrame(
        {"name": names, "sound": [sound_of(text) for text in names]},
        schema_overrides={"name": pl.String, "sound": pl.String},
    )
    return people.join(sounds, on="name", how="left", maintain_order="left")


def _or_null(by_meaning: Mapping[str, str], meaning: str) -> pl.Expr:
    return pl.col(by_meaning[meaning]).cast(pl.String) if meaning in by_meaning else pl.lit(None, pl.String)


def sound_of(name: str) -> str:
    """Pinyin without tones and spaces, lower case: 张伟 and 章炜 sound the same."""
    return "".join(lazy_pinyin(name)).replace(" ", "").lower()


def _first_of(people: pl.DataFrame, key: list[str], code: str) -> pl.DataFrame:
    """Rows whose key was already in an earlier row."""
    return _later_rows(people.drop_nulls(key).select(ROW, *key), key, code)


def _later_rows(rows: pl.DataFrame, key: list[str], code: str) -> pl.DataFrame:
    return (
        rows.with_columns(_first=pl.col(ROW).min().over(key))
        .filter(pl.col(ROW) > pl.col("_first"))
        .select(ROW, "_first", _code=pl.lit(code))
    )


def _one_digit_off(people: pl.DataFrame) -> pl.DataFrame:
    """Namesakes with mobile numbers equal but for one digit: every digit is blanked out in turn."""
    namesakes = people.drop_nulls("phone").filter(
        (pl.col("phone").str.len_bytes() == _MOBILE_LENGTH)
        & pl.len().over("name").is_between(2, _MAX_NAMESAKES)
    )
    blanked = [
        namesakes.select(
            ROW,
            "name",
            masked=pl.concat_str(
                pl.col("phone").str.slice(0, place), pl.lit("?"), pl.col("phone").str.slice(place + 1)
            ),
        )
        for place in range(3, _MOBILE_LENGTH)
    ]
    return _later_rows(pl.concat(blanked), ["name", "masked"], "same_name_similar_phone")


def _address(column: int, row: str) -> pl.Expr:
    return pl.concat_str(pl.lit(column_letter(column)), pl.col(row).cast(pl.String))


def _issues(
    rows: pl.DataFrame,
    field: Field,
    columns: Mapping[str, int],
    severity: str,
    code: str | pl.Expr,
    says: str,
    *,
    propose: bool = True,
) -> pl.DataFrame:
    """Issues for the given rows; the column ``says`` becomes the message parameter and the proposal."""
    return rows.select(
        row=pl.col(ROW).cast(pl.UInt32),
        column=pl.lit(columns[field.name], pl.Int32),
        field=pl.lit(field.name),
        severity=pl.lit(severity),
        code=pl.lit(code) if isinstance(code, str) else code,
        original=pl.col(field.name).cast(pl.String),
        proposed=pl.col(says) if propose else pl.lit(None, pl.String),
        params=pl.concat_str(pl.lit('{"says": "'), pl.col(says), pl.lit('"}')),
        message=pl.lit(""),
    )


def _joined(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(found) if found else pl.DataFrame(schema=SCHEMA)
