"""Systems that can be connected, as data: one JSON file a system."""
