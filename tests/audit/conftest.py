"""What the tests of the audit log share."""

from __future__ import annotations

import pytest
from tests.factories import make_tenant


@pytest.fixture
def tenant(db):
    return make_tenant("甲公司")
