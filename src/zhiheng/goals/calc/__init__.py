"""Pure calculations of goals."""
