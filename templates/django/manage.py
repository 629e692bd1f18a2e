#!/usr/bin/env python
"""Django's command line: development settings here, those of production on a server."""

import os
import sys

from django.core.management import execute_from_command_line

from config.environment import make_dotenv, settings_module


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
    if os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.development":
        make_dotenv()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
