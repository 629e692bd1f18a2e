"""Files of a work tree, changed all or none."""
