"""The template as data: its options, where it is, its history, and rendering it."""
