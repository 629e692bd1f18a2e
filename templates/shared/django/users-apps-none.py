from django.apps import AppConfig
from django.contrib.admin import apps


class UsersConfig(AppConfig):
    name = "users"
    default = True

    def ready(self) -> None:
        from users import signals  # noqa: F401, PLC0415


class OfficeConfig(apps.AdminConfig):
    """Django's admin, with the site of `users.site`."""

    default = False
    default_site = "users.site.Office"
