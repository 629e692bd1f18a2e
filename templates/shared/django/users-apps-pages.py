from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"
    staff_menu = [("Admin", "admin:index")]

    def ready(self) -> None:
        from users import signals  # noqa: F401, PLC0415
