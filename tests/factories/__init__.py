"""Builders of test data; each returns the thing it makes and has sensible defaults."""

from tests.factories.tenancy import make_legal_entity, make_org_unit, make_tenant

__all__ = ["make_legal_entity", "make_org_unit", "make_tenant"]
