"""What gunicorn reads by itself when it starts in this folder."""

# Threads, so that one slow client does not hold a worker; the database pool has a connection each.
worker_class = "gthread"
threads = 4
timeout = 30
# The socket would be made in the home folder, which may be read-only.
control_socket_disable = True
# Only Django's settings say which forwarded headers count (TRUSTED_PROXY_COUNT).
forwarded_allow_ips = ""
