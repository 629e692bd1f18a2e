"""Which framework the answers speak for, and why: pure, from data alone."""
