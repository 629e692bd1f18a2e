"""Settings of a developer's machine: `.env`, debug pages, SQLite in the project's folder."""

import os
from pathlib import Path

from config.environment import env, load_dotenv
from config.logs import logging_settings

load_dotenv(Path(__file__).resolve().parents[2])
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
os.environ.setdefault("DATABASE_URL", "sqlite:///db.sqlite3")
os.environ.setdefault("EMAIL_URL", "console:")

from config.settings.base import *

DEBUG = True
LOGGING = logging_settings(env.str("LOG_LEVEL", "INFO"), json=False)
