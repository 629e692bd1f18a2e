"""Many projects at once: where they are, how far they lag, and what an update would do."""
