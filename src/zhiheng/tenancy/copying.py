"""Reading many rows at once as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import polars as pl
from django.db import connection


def copied_frame(statement: str, params: Sequence[object], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the rows of a SELECT as a frame whose columns are those of ``schema``, in its order.

    COPY hands rows over as text that the frame reads in one go, several times as fast as row by row. Lists
    are not possible; join them in the statement.
    """
    with connection.cursor() as cursor:
        query = cursor.mogrify(statement, params)
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
            content = BytesIO(b"".join(copy))
    if not content.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(content, has_header=False, schema=schema)
