"""Work log: visits, expenses, timesheets, and the effective share of working time."""
