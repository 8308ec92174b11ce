"""Settings, environment, URLs and the server entry points. Nothing imports this package."""
