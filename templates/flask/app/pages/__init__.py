"""The pages that belong to no feature: home."""

from app.pages.views import blueprint

__all__ = ["blueprint"]
