"""A small TLS front, as a server has one: it ends TLS and says who asked, whatever they claim."""

from __future__ import annotations

import http.client
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# What concerns one connection alone and is never passed on.
HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
OVERWRITTEN = {"x-forwarded-for", "x-forwarded-proto"}


@contextmanager
def tls_front(backend: int, host: str, folder: Path) -> Iterator[int]:
    """Serve https for `host` in front of the port `backend`; yields the port of the front."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate(host, folder))
    with _Front(backend, context) as front:
        thread = threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield front.server_address[1]
        finally:
            front.shutdown()
            thread.join()


def make_certificate(host: str, folder: Path) -> tuple[Path, Path]:
    """Make a certificate that signs itself; returns its file and that of its key."""
    certificate, key = folder / "front.crt", folder / "front.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


class _Front(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, backend: int, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.backend = backend
        self.context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the thread of the connection: a silent client keeps nobody waiting."""
        request.settimeout(30)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser closes connections whenever it likes."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Front

    def _pass_on(self) -> None:
        left_out = HOP_BY_HOP | OVERWRITTEN
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in left_out}  # fmt: skip
        headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.client_address[0]}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        backend = http.client.HTTPConnection("127.0.0.1", self.server.backend, timeout=30)
        try:
            backend.request(self.command, self.path, body or None, headers)
            answer = backend.getresponse()
            content = answer.read()
        finally:
            backend.close()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        if answer.status not in {204, 304}:
            length = answer.headers["Content-Length"] if self.command == "HEAD" else len(content)
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass_on  # noqa: N815

    def log_message(self, format: str, *_: Any) -> None:  # noqa: A002
        """Keep quiet: the server behind has a log of its own."""
