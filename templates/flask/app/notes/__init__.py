"""Notes: the example of a feature, with a model, a form and its pages."""

from app.notes.views import blueprint

__all__ = ["blueprint"]
