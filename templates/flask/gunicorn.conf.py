"""The production server: `gunicorn wsgi:app` reads this file; flags of the command line win."""

import os
import subprocess
import sys
from typing import Any

workers = 2
worker_class = "gthread"
threads = 4
# A socket for remote control, in a home that a service account may not have.
control_socket_disable = True
# Which proxies to trust is for TRUSTED_PROXY_COUNT alone to say.
forwarded_allow_ips = ""


def on_starting(_server: Any) -> None:
    """Check the application as it will run; stop before the first worker if it is unsafe."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check", "--deploy"]
    environment = {**os.environ, "FLASK_SKIP_DOTENV": "1"}
    check = subprocess.run([*command, "--fail-level", "error"], env=environment, check=False)
    if check.returncode:
        sys.exit(check.returncode)


def post_worker_init(worker: Any) -> None:
    """Let what the server says about a worker join the application's log."""
    worker.log.error_log.handlers.clear()
    worker.log.error_log.propagate = True
