"""`manage.py api_schema`: write `openapi.json` anew after a change of the API."""

from typing import Any

from django.core.management.base import BaseCommand

from api import schema
from config.environment import BASE_DIR


class Command(BaseCommand):
    help = "Writes the description of the API to openapi.json."

    def handle(self, *args: Any, **options: Any) -> None:
        path = BASE_DIR / "openapi.json"
        path.write_text(schema.text(), encoding="utf-8")
        self.stdout.write(f"{path} is written.")
