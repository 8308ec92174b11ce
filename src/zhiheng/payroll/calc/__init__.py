"""Pure payroll calculation."""
