"""Approvals: who has to agree to a request, in which order, and what they said."""
