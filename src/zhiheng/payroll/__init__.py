"""Payroll: what a month of work is worth by law and agreement; only its calculation so far."""
