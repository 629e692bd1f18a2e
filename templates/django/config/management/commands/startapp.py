"""`manage.py startapp`: Django's own, and what it writes passes the checks of this project."""

import subprocess
import sys
from typing import Any

from django.core.management.commands import startapp


class Command(startapp.Command):
    def handle(self, **options: Any) -> None:  # type: ignore[override] # as Django's own
        super().handle(**options)
        folder = options["directory"] or options["name"]
        for tool in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
            subprocess.run([sys.executable, "-m", "ruff", *tool, folder], check=False)  # noqa: S603
