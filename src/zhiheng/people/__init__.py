"""Persons, employments, assignments and positions, effective-dated."""
