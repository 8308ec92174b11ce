"""Review cycles, scorecards and scores that open down to their evidence."""
