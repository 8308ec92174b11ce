"""Terminals: attendance devices that push punches (ZKTeco PUSH)."""
