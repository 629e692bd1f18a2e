"""A repository that follows the template again: from what is in it to version and options."""
