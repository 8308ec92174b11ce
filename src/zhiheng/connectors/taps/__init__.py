"""Connectors that come with the product: programs that run in a box and print messages. Standard library only.

Each is run by path with ``--config FILE --state FILE``; ``config`` has ``settings`` (what the connection's form asked
for), ``feeds`` (the streams wanted, ``null``: all), ``window`` (``{"from", "to"}`` of a re-pull, or ``null``) and, for
``rest``, ``manifest``. What they print is described in `zhiheng.connectors.calc.messages`. Whatever goes wrong ends the
program with one line on stderr that says what to do.
"""
