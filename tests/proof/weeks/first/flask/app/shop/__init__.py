"""The shop."""

from app.shop.views import blueprint

__all__ = ["blueprint"]
