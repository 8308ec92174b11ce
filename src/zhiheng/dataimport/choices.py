"""Enumerations with labels, and the sentences that belong to the codes of the calculation."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", _("已上传")
    MAPPED = "mapped", _("待检查")
    CHECKED = "checked", _("已检查")
    COMMITTED = "committed", _("已导入")
    UNDONE = "undone", _("已撤销")


class IssueSeverity(models.TextChoices):
    """Errors block the import, repairs ask for consent, warnings inform."""

    ERROR = "error", _("错误")
    WARNING = "warning", _("提醒")
    REPAIR = "repair", _("修正建议")


REFUSALS: Mapping[str, Any] = {
    "empty_file": _("文件是空的，请选择有内容的表格。"),
    "too_large": _("文件有 {megabytes} MB，超过 {limit} MB 的上限。请拆分后分批导入。"),
    "wrong_type": _("这是 {found} 文件，不是表格。请上传 .xlsx、.xls 或 .csv 文件。"),
    "markup_as_sheet": _(
        "这个文件的内容是网页或 XML，只是扩展名像表格。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
    ),
    "binary": _("文件里有二进制内容，无法当作表格读取。请上传 .xlsx、.xls 或 .csv 文件。"),
    "password": _("工作簿设了密码，无法读取。请在 Excel 或 WPS 中取消密码后再上传。"),
    "truncated": _("文件不完整，可能没有下载或上传完。请重新获取文件后再上传。"),
    "damaged": _("工作簿已损坏，无法读取。请用 Excel 或 WPS 打开并另存为 .xlsx 后再上传。"),
    "bomb": _("文件解压后超过 {megabytes} MB，不像正常的表格，已拒绝读取。"),
    "sheet_too_large": _(
        "工作表的已用区域有 {rows} 行、{columns} 列，太大了。请删除多余的空白行列后再上传。"
    ),
    "too_many_rows": _("工作表超过 {limit} 行，请拆分后分批导入。"),
    "too_many_columns": _("工作表有 {columns} 列，超过 {limit} 列的上限。"),
    "empty_sheet": _("文件里没有任何数据。"),
    "no_sheet": _("工作簿里没有可见的工作表。"),
    "no_such_sheet": _("工作簿里没有名为「{sheet}」的工作表。"),
    "broken_characters": _(
        "第 {line} 行有无法识别的字符，文件可能被截断或转码出错。请另存为 UTF-8 编码后再上传。"
    ),
    "unknown_encoding": _("第 {line} 行的编码无法识别。请把文件另存为 UTF-8 或 GBK 编码后再上传。"),
    "open_quote": _("从第 {line} 行开始的引号没有结束，无法分列。请检查这一行的引号。"),
}
"""Sentences for :class:`~zhiheng.dataimport.calc.refusal.FileRefused`, by code."""

ISSUES: Mapping[str, Any] = {
    "required": _("必填，不能为空"),
    "column_missing": _("文件里没有必填的列「{field}」"),
    "formula_error": _("公式出错，没有值"),
    "too_long": _("共 {length} 个字符，超过 {limit} 个字符的上限"),
    "digits_lost": _("数字以数值格式保存，第 {digits} 位以后的数字已经丢失。请把该列设为文本格式后重新填写"),
    "full_width": _("含有全角字符或多余空格"),
    "invisible": _("含有看不见的字符 {characters}，将被删除"),
    "empty_name": _("只含有看不见的字符 {characters}"),
    "name_spaces": _("姓名中间有空格"),
    "markup_in_name": _("姓名里有特殊字符 {characters}，将按普通文字保存"),
    "date_format": _("日期写法不统一"),
    "short_year": _("年份只有两位，请确认世纪"),
    "date_serial": _("日期保存成了数字"),
    "date_incomplete": _("日期不完整，请写明年、月、日"),
    "date_ambiguous": _("无法确定是 {first} 还是 {second}，请按 年-月-日 填写"),
    "date_out_of_range": _("年份 {year} 不在 1900 到 2199 之间"),
    "no_such_month": _("没有 {month} 月"),
    "no_such_day": _("{year} 年 {month} 月没有 {day} 日（该月共 {days} 天）"),
    "no_such_time": _("没有 {time} 这个时刻"),
    "not_a_date": _("不是日期，请写成 2026-02-28 的形式"),
    "time_dropped": _("只保留日期，时刻 {time} 将被舍去"),
    "not_a_number": _("不是数字"),
    "not_whole": _("应为整数"),
    "thousands": _("千位分隔符的位置不对"),
    "number_too_large": _("数字太大"),
    "number_format": _("数字带有单位或分隔符"),
    "percent": _("百分数将按小数保存"),
    "rounded": _("小数位数过多，将四舍五入"),
    "below_minimum": _("小于允许的最小值 {minimum}"),
    "above_maximum": _("大于允许的最大值 {maximum}"),
    "not_boolean": _("请填写「是」或「否」"),
    "choice_similar": _("与选项不完全一致"),
    "not_a_choice": _("不在可选值之内：{allowed}"),
    "id_card_character": _("身份证号第 {position} 位的「{character}」不正确"),
    "id_card_length": _("身份证号应为 18 位，现为 {length} 位"),
    "id_card_region": _("身份证号开头的「{region}」不是有效的地区代码"),
    "id_card_birth": _("身份证号中的出生日期 {birth} 不存在"),
    "id_card_checksum": _("身份证号校验位应为「{expected}」，现为「{found}」，请核对各位数字"),
    "id_card_extended": _("15 位身份证号将升为 18 位"),
    "id_card_format": _("身份证号写法不统一"),
    "birth_differs": _("与身份证号中的出生日期 {says} 不一致"),
    "sex_differs": _("与身份证号中的性别「{says}」不一致"),
    "phone_invalid": _("不是有效的电话号码"),
    "phone_length": _("电话号码共 {length} 位，位数不对或号段不存在"),
    "phone_several": _("有多个电话号码，只保留第一个"),
    "email_character": _("邮箱里不能有「{character}」"),
    "email_invalid": _("不是有效的邮箱地址"),
    "email_format": _("邮箱写法不统一"),
    "repeated": _("与 {says} 重复"),
    "same_phone": _("电话与 {says} 相同，可能是同一个人"),
    "same_card": _("身份证号与 {says} 相同，可能是同一个人"),
    "same_sound_and_birth": _("姓名读音和出生日期与 {says} 相同，可能是同一个人"),
    "same_name_similar_phone": _("与 {says} 同名，电话只差一位，可能是同一个人"),
    "repeated_header": _("第 {row} 行与表头相同，已跳过"),
    "total_row": _("第 {row} 行像合计或备注，已跳过"),
}
"""Sentences for issues, by code; the cell's address is put in front."""


class _Keep(dict):
    """Leaves unknown placeholders as they are."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def sentence(texts: Mapping[str, Any], code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code with its parameters; the code itself where there is none."""
    return string.Formatter().vformat(str(texts.get(code, code)), (), _Keep(params))
