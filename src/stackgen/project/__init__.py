"""One project: what was decided for it, made, recorded, and changed since."""
