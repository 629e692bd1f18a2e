"""The production server: `gunicorn wsgi:app` reads this file; flags of the command line win."""

import os
import subprocess
import sys
from typing import Any

from structlog.processors import JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name

workers = 2
worker_class = "gthread"
threads = 4
# A socket for remote control, in a home that a service account may not have.
control_socket_disable = True
# Which proxies to trust is for TRUSTED_PROXY_COUNT alone to say.
forwarded_allow_ips = ""
# Lines of the same form as the application's.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": ProcessorFormatter,
            "foreign_pre_chain": [add_logger_name, add_log_level, TimeStamper("iso", utc=True)],
            "processors": [
                ProcessorFormatter.remove_processors_meta,
                format_exc_info,
                JSONRenderer(),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True}},
}


def on_starting(_server: Any) -> None:
    """Check the application as it will run; stop before the first worker if it is unsafe."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check", "--deploy"]
    environment = {**os.environ, "FLASK_SKIP_DOTENV": "1"}
    check = subprocess.run([*command, "--fail-level", "error"], env=environment, check=False)
    if check.returncode:
        sys.exit(check.returncode)
