"""What gunicorn reads by itself when it starts in this folder; flags of the command line win."""

import os

from config.logs import logging_settings

# gunicorn itself minds PORT and WEB_CONCURRENCY, but a value in this file would win over the latter.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# Longer than a balancer in front keeps a connection that it may use again, commonly 60 seconds.
keepalive = 75
# Threads, so that one slow client does not hold a worker; the database pool has a connection each.
worker_class = "gthread"
threads = 4
# The control socket would be made in the home folder, which a service may not have.
control_socket_disable = True
# Which forwarded headers count is for TRUSTED_PROXY_COUNT alone to say.
forwarded_allow_ips = ""
# Lines of the same form as the application's.
logconfig_dict = logging_settings("INFO", json=True)
