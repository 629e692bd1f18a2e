"""What stands between the application and a hostile request: headers, https, hosts."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import redirect
from werkzeug.wsgi import get_current_url

FEATURES = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
    *("gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
)
NOTHING = ("default-src", "object-src", "base-uri", "form-action", "frame-ancestors")
HEADERS = [
    # No answer loads, runs or sends anything; the page of the documentation has its own policy.
    ("Content-Security-Policy", "; ".join(f"{directive} 'none'" for directive in NOTHING)),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in FEATURES)),
]
FOREIGN = "app.foreign_host"
# They answer any host and over plain http.
PROBES = {"/livez", "/readyz"}
# A name or an address, the dot that may end it, and a port.
HOST = re.compile(r"([a-z0-9.-]+?|\[[0-9a-f:.]+\])\.?(:[0-9]+)?")


def init_app(app: Flask) -> None:
    """Protect `app`; the middleware added here must be the outermost."""
    app.before_request(check_host)
    app.wsgi_app = Front(app)  # type: ignore[method-assign]
    if proxies := app.config["SETTINGS"].trusted_proxy_count:
        # Addresses are counted from the right, where the proxies of this site write. A proxy
        # overwrites the scheme. No proxy may name another host, port or path.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies)  # type: ignore[method-assign]


class Front:
    """WSGI middleware that sends plain http to https, and adds headers to every response."""

    def __init__(self, app: Flask) -> None:
        self.wsgi_app = app.wsgi_app
        self.settings = app.config["SETTINGS"]
        self.hsts = []
        if self.settings.production and self.settings.hsts_seconds:
            preload = "; preload" if self.settings.hsts_preload else ""
            value = f"max-age={self.settings.hsts_seconds}; includeSubDomains{preload}"
            self.hsts = [("Strict-Transport-Security", value)]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        secure = environ["wsgi.url_scheme"] == "https"
        # Browsers ignore HSTS over http, and its standard forbids it there.
        added = [*HEADERS, *(self.hsts if secure else ())]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            present = {name.lower() for name, _value in headers}
            headers += [header for header in added if header[0].lower() not in present]
            return start_response(status, headers, *error)

        host, allowed = known_host(environ.get("HTTP_HOST", ""), self.settings.allowed_hosts)
        probe = environ["PATH_INFO"] in PROBES
        environ["HTTP_HOST"] = host
        environ[FOREIGN] = not allowed and not probe
        answer: Callable[..., Iterable[bytes]] = self.wsgi_app
        # A foreign host gets the application's own refusal.
        if self.settings.production and not secure and not probe and allowed:
            url = get_current_url(environ).replace("http://", "https://", 1)
            answer = redirect(url, code=308)
        return answer(environ, start)


{% include 'templates/shared/flask/security-hosts.py' %}
