"""Pure calculation of worklog."""
