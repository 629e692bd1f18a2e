"""`manage.py dev`: bring the database up to date and serve the site."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV


{% include 'templates/shared/django/dev-migrate.py' %}


class Command(BaseCommand):
    help = "Migrates the database and serves the site on this machine, with debug pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "addrport", nargs="?", default="127.0.0.1:8000", help="port, or address:port"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(f"`dev` cannot run with {settings.SETTINGS_MODULE}. Use gunicorn.")
        where = options["addrport"]
        if settings.SITE_URL == "http://localhost:8000":  # nobody has set another
            settings.SITE_URL = f"http://localhost:{where.rpartition(':')[2]}"
        # `runserver` starts this command again to watch the files; once is enough for the rest.
        if DJANGO_AUTORELOAD_ENV not in os.environ:
            migrate()
            host = f"127.0.0.1:{where}" if where.isdigit() else where
            self.stdout.write(f"Site:   http://{host}/")
            self.stdout.write(f"Admin:  http://{host}/{settings.ADMIN_PATH}/")
            self.stdout.write("To make the first administrator: python manage.py createsuperuser")
        call_command("runserver", where)
