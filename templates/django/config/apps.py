"""The project's own application."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Makes `config/management/commands` known."""

    name = "config"
