"""The file as a whole cannot be read: one exception, with the code of the sentence to show."""

from __future__ import annotations

from typing import Any


class FileRefused(Exception):
    """Raised before anything is stored. ``code`` and ``params`` select the sentence shown to the user."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params
