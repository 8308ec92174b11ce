"""Rosters: shifts, work calendars, who works which shift on which day."""
