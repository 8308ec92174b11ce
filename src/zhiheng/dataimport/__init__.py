"""Import of spreadsheets: read, map, check, repair, commit, undo."""
