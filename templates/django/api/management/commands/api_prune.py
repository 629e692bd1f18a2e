"""`manage.py api_prune`: forget what the API no longer needs; run it daily."""

from typing import Any

from django.core.management.base import BaseCommand

from api import idempotency, limits


class Command(BaseCommand):
    help = "Deletes counts of minutes that are over, and idempotency keys of the day before."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{limits.prune()} counts and {idempotency.prune()} keys are deleted.")
