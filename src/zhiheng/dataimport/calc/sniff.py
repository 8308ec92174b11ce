"""Which kind of file is this? Decided by its content; the name is only mentioned in messages."""

from __future__ import annotations

from typing import Literal

from zhiheng.dataimport.calc.archive import member_names
from zhiheng.dataimport.calc.refusal import FileRefused

FileType = Literal["xlsx", "xls", "text"]

MAX_BYTES = 64 * 1024 * 1024
"""Largest file accepted, in bytes; the limit of the file store."""

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BIFF_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS, _FIRST_RECORDS = 0x2F, 4
_BIFF_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

_KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "GZip"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta", b"<head")
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def check_size(size: int) -> None:
    """Refuse a file by its size in bytes, before any of it is read."""
    if size == 0:
        raise FileRefused("empty_file")
    if size > MAX_BYTES:
        raise FileRefused("too_large", megabytes=-(-size // 2**20), limit=MAX_BYTES // 2**20)


def sniff(content: bytes) -> FileType:
    """The type of the file, or :class:`FileRefused` naming what it is instead."""
    check_size(len(content))
    if content.startswith(b"PK"):
        return _sniff_zip(content)
    if content.startswith(OLE_MAGIC):
        return _sniff_ole(content)
    for magic, label in _KNOWN:
        if content.startswith(magic):
            raise FileRefused("wrong_type", found=label)
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_MARKUP):
        raise FileRefused("markup_as_sheet")
    if head.startswith((b"{", b"[{")):
        raise FileRefused("wrong_type", found="JSON")
    if b"\x00" in content[:4096] and not _looks_like_utf16(content):
        raise FileRefused("binary")
    return "text"


def _sniff_zip(content: bytes) -> FileType:
    names = member_names(content)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise FileRefused("wrong_type", found="XLSB")
    if any(name.startswith("word/") for name in names):
        raise FileRefused("wrong_type", found="Word")
    if any(name.startswith("ppt/") for name in names):
        raise FileRefused("wrong_type", found="PowerPoint")
    if "content.xml" in names and "mimetype" in names:
        raise FileRefused("wrong_type", found="OpenDocument")
    raise FileRefused("wrong_type", found="ZIP")


def _sniff_ole(content: bytes) -> FileType:
    if _ENCRYPTED in content:
        raise FileRefused("password")
    if any(stream in content for stream in _BIFF_STREAMS):
        if _has_file_password(content):
            raise FileRefused("password")
        return "xls"
    if len(content) < 2048:
        raise FileRefused("truncated")
    raise FileRefused("wrong_type", found="Word 97 / OLE")


def _has_file_password(content: bytes) -> bool:
    """True when one of the first records of the BIFF stream is FILEPASS: the rest is encrypted."""
    place = content.find(_BIFF_START)
    for _record in range(_FIRST_RECORDS):
        if place < 0 or place + 4 > len(content):
            return False
        if int.from_bytes(content[place : place + 2], "little") == _FILEPASS:
            return True
        place += 4 + int.from_bytes(content[place + 2 : place + 4], "little")
    return False


def _looks_like_utf16(content: bytes) -> bool:
    """True with a byte order mark, or when only one half of the byte pairs has zeros (digits, commas)."""
    if content.startswith(_UTF16_BOMS):
        return True
    sample = content[:4096]
    low, high = sample[0::2], sample[1::2]
    zeros_low, zeros_high = low.count(0), high.count(0)
    return min(zeros_low, zeros_high) == 0 and max(zeros_low, zeros_high) * 5 >= len(high)
