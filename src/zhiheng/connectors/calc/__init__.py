"""Pure calculations of connectors."""
