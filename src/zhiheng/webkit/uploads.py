"""Receiving uploads without letting one fill the disk."""

from __future__ import annotations

from django.core.files.uploadhandler import TemporaryFileUploadHandler

KEPT_BYTES = 128 * 1024 * 1024


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keep at most `KEPT_BYTES` of an upload, and its true size.

    The rest is read and dropped, so that the page can still say that the file is too large: whoever takes an
    upload looks at its size before its content.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < KEPT_BYTES:
            super().receive_data_chunk(raw_data, start)
