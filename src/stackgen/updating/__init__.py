"""A project brought to another version of the template, or to other options."""
