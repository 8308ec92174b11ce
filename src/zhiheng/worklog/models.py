"""Tables of worklog."""
