"""Pure parts of integrations."""
