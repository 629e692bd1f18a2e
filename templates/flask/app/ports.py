"""The address of Vite in development."""

import os
import socket
from contextlib import suppress

from app.vite import Ended

HOST = "127.0.0.1"
USUAL_PORT = 5173


def free_port() -> int:
    """Return the port that Vite has where nobody else does, or any that is free."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe, suppress(OSError):
            if os.name == "posix":  # what an earlier Vite has not closed yet is no obstacle
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    raise Ended(f"No port of {HOST} is free.")
