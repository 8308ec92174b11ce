"""A mail server that cannot be reached."""

from django.core.mail.backends.base import BaseEmailBackend


class BrokenBackend(BaseEmailBackend):
    """Refuses every connection."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError
