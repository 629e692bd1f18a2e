"""The process environment, and the folder of the project with its `.env` of development."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values, find_dotenv

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env"


{% include 'templates/shared/flask/environment-process.py' %}
