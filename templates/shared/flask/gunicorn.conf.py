"""What gunicorn reads by itself when it starts in this folder; flags of the command line win."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

# Read as a file: workers that start anew after a change must find nothing of the application here.
logs = runpy.run_path(str(Path(__file__).with_name("app") / "logs.py"))

# gunicorn minds PORT and WEB_CONCURRENCY by itself, but this file would win over the latter.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
keepalive = 75  # longer than a balancer in front, commonly 60 seconds
# So that one slow client does not hold a worker{{ '; the database pool has a connection each' if database != 'none' else '' }}.
worker_class = "gthread"
threads = 4
# The control socket would be made in the home folder, which a service may not have.
control_socket_disable = True
# Which forwarded headers count is for TRUSTED_PROXY_COUNT alone to say.
forwarded_allow_ips = ""
logconfig_dict = logs["logging_settings"]("INFO", json=True)
# No file has been read into the environment here: all of it counts.
os.environ["FLASK_SKIP_DOTENV"] = "1"


def on_starting(server: Any) -> None:
    """Check the application that will be served; stop before the first worker if it is unsafe."""
    command = [sys.executable, "-m", "flask", "--app", server.app.app_uri, "check", "--deploy"]
    check = subprocess.run(
        [*command, "--fail-level", "error"], capture_output=True, text=True, check=False
    )
    if check.returncode:
        sys.exit(check.stderr)
