"""A team's standard: which options are set, which files are the team's own, and on whose word."""
