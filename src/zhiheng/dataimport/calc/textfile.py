"""CSV and tab-separated text: encoding, delimiter, rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from zhiheng.dataimport.calc.refusal import FileRefused

DELIMITERS = (",", "\t", ";", "|", "，")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_LINES = 50
_SAMPLE_CHARACTERS = 100_000
_QUOTED = re.compile(r'"[^"]*"')
_LONGEST_CELL_LINES = 200


def detect_encoding(content: bytes) -> str:
    """Name of the codec: UTF-8 or UTF-16, each with or without mark, or GB18030 (which includes GBK).

    FileRefused names the line when the bytes fit none of them.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return name
    if b"\x00" in content[:4096]:
        sample = content[:4096]
        return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _encoding_beside_utf8(content, error.start)
    return "utf-8"


def _encoding_beside_utf8(content: bytes, first_fault: int) -> str:
    """GB18030, unless the file is UTF-8 with a few broken bytes or nothing we know."""
    line = content.count(b"\n", 0, first_fault) + 1
    lenient = content.decode("utf-8", errors="replace")
    foreign = sum(character > "\x7f" for character in lenient)
    if lenient.count("\ufffd") * 20 < foreign:
        raise FileRefused("broken_characters", line=line)
    try:
        content.decode("gb18030")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused("unknown_encoding", line=line) from error
    return "gb18030"


def decode(content: bytes) -> tuple[str, str]:
    """Text and the name of its encoding."""
    encoding = detect_encoding(content)
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise FileRefused("truncated") from error


def detect_delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most columns of equal number."""
    lines = _QUOTED.sub("", text[:_SAMPLE_CHARACTERS]).splitlines()[:_SAMPLE_LINES]
    scores = {delimiter: _delimiter_score(lines, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _delimiter_score(lines: list[str], delimiter: str) -> float:
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (width - 1) * rows / max(len(lines), 1)


def read_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of a CSV text. A quote that is never closed is refused with the line where it opens."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 0
    try:
        for row in reader:
            if reader.line_num - line > _LONGEST_CELL_LINES:
                raise FileRefused("open_quote", line=line + 1)
            line = reader.line_num
            yield row
    except csv.Error as error:
        raise FileRefused("open_quote", line=line + 1) from error
