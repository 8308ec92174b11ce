"""How allauth is fitted in: the company comes with the sign-up, and mail trouble stops nobody."""

from __future__ import annotations

import logging

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter."""

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send a mail; a broken mail server is logged and does not stop the sign-up."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("mail %s was not sent", template_prefix)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Return where a new owner starts: the dashboard names the first steps."""
        return reverse("dashboard")
