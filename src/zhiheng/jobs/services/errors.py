"""How a job can end other than well."""

from __future__ import annotations


class JobError(Exception):
    """The work cannot be done, for a reason to tell people: the message is shown as it is."""


class Cancelled(Exception):
    """Somebody cancelled the job while it ran."""


class Interrupted(Exception):
    """The worker shuts down; the job goes on elsewhere."""


class AttemptAgain(Exception):
    """Tells the queue to try again after some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class JobFailed(Exception):
    """Tells the queue that the job failed; what happened is in the log under the error number."""
