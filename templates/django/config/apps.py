from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Makes `config/management/commands` and the checks known."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415
