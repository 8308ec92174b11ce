"""Uploads are received whole up to a bound, and measured beyond it."""

from __future__ import annotations

from django.test import RequestFactory

from zhiheng.webkit import uploads


def received(content: bytes):
    handler = uploads.BoundedUploadHandler(RequestFactory().post("/"))
    handler.new_file("file", "a.xlsx", "application/octet-stream", len(content))
    for start in range(0, len(content), 4):
        handler.receive_data_chunk(content[start : start + 4], start)
    return handler.file_complete(len(content))


def test_a_small_file_arrives_whole():
    file = received(b"0123456789")
    assert (file.size, file.read()) == (10, b"0123456789")


def test_a_large_file_keeps_its_size_and_not_its_bytes(monkeypatch):
    monkeypatch.setattr(uploads, "KEPT_BYTES", 8)
    file = received(b"0123456789abcdef")
    assert (file.size, file.read()) == (16, b"01234567")


def test_the_handler_is_the_one_in_use(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["zhiheng.webkit.uploads.BoundedUploadHandler"]
