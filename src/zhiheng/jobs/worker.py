"""The procrastinate application: retries, rescue of stalled jobs."""

from procrastinate import App


def configure(app: App) -> None:
    """Finish the procrastinate application once Django is ready."""
