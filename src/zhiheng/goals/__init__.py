"""Goals with their targets and live progress."""
