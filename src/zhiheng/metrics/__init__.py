"""Metric definitions and the observations computed from records."""
