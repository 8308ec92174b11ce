"""Tenants, legal entities and org units, and the isolation that the database enforces between them."""
