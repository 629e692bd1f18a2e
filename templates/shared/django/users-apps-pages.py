from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"
    staff_menu = [("Admin", "admin:index")]
{{ '' if accounts else '    account_menu = [("Change password", "users:password_change")]\n' }}
    def ready(self) -> None:
        from users import signals  # noqa: F401, PLC0415
