"""A visitor of a generated site in production: a browser's cookies and forms, or raw bytes."""

from __future__ import annotations

import contextlib
import re
import socket
import urllib.parse
from dataclasses import dataclass, field
from urllib.parse import urlencode

from newcomer import AS_PROXY, Answer, fetch

SITE = f"https://{AS_PROXY['Host']}"


@dataclass
class Visitor:
    """Somebody with a browser behind the proxy.

    `forwarded` is what the proxy passes on: whatever the visitor claims, then where they are.
    """

    address: str
    forwarded: str = AS_PROXY["X_Forwarded_For"]
    cookies: dict[str, str] = field(default_factory=dict)
    token: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page, and keep its cookies and the token of its form."""
        return self._keep(fetch(self.address + path, **{**self._headers(), **headers}))

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send a form as a browser does from a page of the site, unless `headers` say otherwise.

        An empty one is left out.
        """
        sent = {**self._headers(), "Origin": SITE, "Referer": f"{SITE}/", **headers}
        sent = {name: text for name, text in sent.items() if text}
        data = urlencode(fields).encode()
        return self._keep(fetch(self.address + path, method="POST", data=data, **sent))

    def fill_in(self, path: str, **fields: str) -> Answer:
        """Open the page of a form, and send it."""
        self.get(path)
        return self.post(path, {**self.token, **fields})

    def sign_in(self, email: str, password: str, **fields: str) -> Answer:
        """Use the sign-in page."""
        return self.fill_in("/accounts/login/", username=email, password=password, **fields)

    def _headers(self) -> dict[str, str]:
        headers = {**AS_PROXY, "X_Forwarded_For": self.forwarded}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        return headers

    def _keep(self, answer: Answer) -> Answer:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, text = line.partition(";")[0].partition("=")
            self.cookies[name] = text
        pattern = r'name="(csrf\w*)"[^>]* value="([^"]+)"'
        self.token = dict(re.findall(pattern, answer.body)) or self.token
        return answer


def statuses(address: str, message: bytes) -> list[int]:
    """Send bytes as they are, and return the status of each answer until the server hangs up."""
    parts = urllib.parse.urlsplit(address)
    said = b""
    with (
        socket.create_connection((parts.hostname, parts.port), timeout=3) as connection,
        contextlib.suppress(OSError),  # a server that refuses may hang up before it has read all
    ):
        with contextlib.suppress(OSError):
            connection.sendall(message)
        while chunk := connection.recv(65536):
            said += chunk
    return [int(status) for status in re.findall(rb"(?m)^HTTP/1\.[01] (\d{3})", said)]
