"""The users application."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """Connects the log lines of sign-ins."""

    name = "users"

    def ready(self) -> None:
        """Import the receivers."""
        from users import signals  # noqa: F401, PLC0415
