"""What the session of a signed-in user keeps for access."""

# The tenant the user chose; only ever a wish, checked against their memberships on every request.
TENANT_SESSION_KEY = "tenant_id"
