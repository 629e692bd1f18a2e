"""Results in words, for a terminal or as Markdown."""
