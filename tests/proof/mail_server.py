"""A mail server that keeps what it is given: small, on loopback, and spoken to over SMTP."""

from __future__ import annotations

import re
import socketserver
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from threading import Thread
from threading import enumerate as threads
from typing import Self


class Conversation(socketserver.StreamRequestHandler):
    """One client's session."""

    server: Mailbox

    def handle(self) -> None:
        with suppress(ConnectionResetError):  # a client that found no TLS here
            self.converse()

    def converse(self) -> None:
        self.say(b"220 ready")
        while line := self.rfile.readline().strip():
            match line.upper().split(b" ")[0].split(b":")[0]:
                case b"EHLO":
                    self.say(b"250-ready\r\n250 AUTH PLAIN")
                case b"AUTH":
                    self.server.credentials.append(line.split(b" ")[2])
                    self.say(b"235 welcome")
                case b"DATA":
                    self.say(b"354 go on")
                    # A line that begins with a dot comes with another before it.
                    lines = iter(self.rfile.readline, b".\r\n")
                    self.server.messages.put(b"".join(one.removeprefix(b".") for one in lines))
                    self.say(b"250 kept")
                case b"QUIT":
                    self.say(b"221 goodbye")
                    return
                case b"STARTTLS":
                    self.say(b"502 no TLS here")
                case _:
                    self.say(b"250 fine")

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class Mailbox(socketserver.ThreadingTCPServer):
    """The server; as a context, it runs in a thread of its own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.messages: Queue[bytes] = Queue()
        self.credentials: list[bytes] = []

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def wait(self) -> None:
        """Wait until everything that was sent so far is here."""
        for thread in threads():
            if thread.name == "mail":
                thread.join()

    def clear(self) -> None:
        """Throw away what came before."""
        self.wait()
        self.messages = Queue()

    def is_empty(self) -> bool:
        """Tell whether there is nothing, and nothing on its way."""
        self.wait()
        return self.messages.empty()

    def message(self) -> EmailMessage:
        """Wait for the next message, and take it out."""
        return message_from_bytes(self.messages.get(timeout=5), policy=policy.default)

    def link(self) -> str:
        """Return the path of the link in the next message."""
        found = re.search(r"https://localhost(/\S+)", text_of(self.message()))
        assert found
        return found[1]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return what a message says: as plain text, or as HTML."""
    body = message.get_body((kind,))  # type: ignore[arg-type]  # one of the three it knows
    assert body is not None
    return str(body.get_content())
