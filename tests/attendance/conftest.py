from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.attendance.people import Yard, make_yard

from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def yard(db: None) -> Iterator[Yard]:
    """The small company, with its tenant in force."""
    made = make_yard()
    with tenant_context(made.tenant.id):
        yield made
