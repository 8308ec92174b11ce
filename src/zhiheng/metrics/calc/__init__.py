"""Pure calculations of metrics."""
