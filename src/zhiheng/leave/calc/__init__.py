"""Pure calculation of leave."""
