"""What every calculation shares: formulas, money, periods. Pure Python: no framework, no clock, no I/O."""
