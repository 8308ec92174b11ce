"""The database engine: PostgreSQL with tenant isolation made by migrations themselves (ADR 0003)."""
