"""`manage.py unlock`: whoever has to wait may try again at once."""

from typing import Any

from django.core.management.base import BaseCommand

from throttle.models import Attempts


class Command(BaseCommand):
    help = "Forgets every failed attempt to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        Attempts.objects.all().delete()
        self.stdout.write("Whoever was locked out may try again.")
