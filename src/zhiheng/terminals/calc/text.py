"""Text as terminals write and read it: GB2312 on Chinese firmware, else UTF-8, with NUL bytes here and there."""

from __future__ import annotations

from typing import Literal

Encoding = Literal["gb18030", "utf-8"]
_LONG = "\u0800"  # letters from here on take three bytes in UTF-8, which Chinese text is not by chance
CHINESE = "83"
"""What a terminal with simplified Chinese menus calls its language."""


def encoding_of_language(language: str) -> Encoding:
    """Return the encoding that the protocol names for a language; firmware does not always keep to it."""
    return "gb18030" if language.strip() == CHINESE else "utf-8"


def decode(content: bytes, usual: Encoding = "utf-8") -> tuple[str, Encoding | None]:
    """Return a text and the encoding it was in; ``None`` when both would do or none does.

    ``usual`` decides about the few texts that are Chinese in the one and rare letters in the other.
    """
    bare = content.replace(b"\0", b"")
    utf8, chinese = _try(bare, "utf-8"), _try(bare, "gb18030")
    if bare.isascii():
        return bare.decode("ascii"), None
    if utf8 is None:
        return (chinese, "gb18030") if chinese is not None else (bare.decode("utf-8", "replace"), None)
    if chinese is not None and usual == "gb18030" and all(char < _LONG for char in utf8):
        return chinese, "gb18030"
    return utf8, "utf-8"


def encode(text: str, encoding: Encoding) -> bytes:
    """Return a text for a terminal; letters that GBK does not have become question marks."""
    return text.encode("gbk", "replace") if encoding == "gb18030" else text.encode("utf-8", "replace")


def clean(value: str) -> str:
    """Return a value fit for a field of a command: without what would end the field or the command."""
    return "".join(char if char.isprintable() else " " for char in value).strip()


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
