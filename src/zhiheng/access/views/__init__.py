"""Settings pages of access."""
