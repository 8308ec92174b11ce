"""Benchmarks: each module prints JSON lines and is run as `python -m bench.NAME`."""
