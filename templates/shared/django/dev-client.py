"""`manage.py dev`: bring the database up to date, serve the site, and Vite before it."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands import runserver
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from config import ports, vite


class Server(runserver.Command):
    def on_bind(self, server_port: int) -> None:
        """Tell nothing: the address to open is Vite's."""


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
        # `runserver` starts this command again to watch the files; once is enough for the rest.
        if DJANGO_AUTORELOAD_ENV in os.environ:
            call_command(Server(), where)
            return
        migrate()
        try:
            self.serve(where)
        except vite.Ended as reason:
            raise CommandError(str(reason)) from None

    def serve(self, where: str) -> None:
        port = ports.free_port()
        if settings.SITE_URL == "http://localhost:8000":  # nobody has set another
            os.environ["SITE_URL"] = f"http://localhost:{port}"
        host = f"127.0.0.1:{where}" if where.isdigit() else where
        paths = [f"/{path}" if "." in path else f"/{path}/" for path in settings.SERVER_PATHS]
        words = ("--port", str(port), "--host", ports.HOST)
        with vite.running(*words, BACKEND=f"http://{host}", BACKEND_PATHS=",".join(paths)):
            self.stdout.write(f"Site:   http://{ports.HOST}:{port}/")
            self.stdout.write(f"Admin:  http://{ports.HOST}:{port}/{settings.ADMIN_PATH}/")
            self.stdout.write("To make the first administrator: python manage.py createsuperuser")
            call_command(Server(), where)
