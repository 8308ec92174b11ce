"""API schemas of files."""

from datetime import datetime
from uuid import UUID

from ninja import Schema


class FileOut(Schema):
    """A stored file, without its bytes."""

    id: UUID
    name: str
    kind: str
    size: int
    sha256: str
    created_at: datetime
