"""What stands between the application and a hostile request: headers, https, hosts, origins."""

import re
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import redirect
from werkzeug.wsgi import get_current_url

View = TypeVar("View")
FEATURES = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
    *("gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
)
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in FEATURES)),
]
NONCE = "app.csp_nonce"
FOREIGN = "app.foreign_host"
# They answer any host and over plain http.
PROBES = {"/livez", "/readyz"}
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
# A name or an address, the dot that may end it, and a port.
HOST = re.compile(r"([a-z0-9.-]+?|\[[0-9a-f:.]+\])\.?(:[0-9]+)?")


def init_app(app: Flask) -> None:
    """Protect `app`; the middleware added here must be the outermost."""
    app.jinja_env.globals["csp_nonce"] = lambda: request.environ[NONCE]
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
        policy = app.config["CONTENT_SECURITY_POLICY"]
        if not self.settings.production:
            policy = policy | {"report-uri": ["/csp-report/"]}
        self.policy = "; ".join(" ".join([name, *allowed]) for name, allowed in policy.items())
        self.hsts = []
        if self.settings.production and self.settings.hsts_seconds:
            preload = "; preload" if self.settings.hsts_preload else ""
            value = f"max-age={self.settings.hsts_seconds}; includeSubDomains{preload}"
            self.hsts = [("Strict-Transport-Security", value)]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[NONCE] = nonce = secrets.token_urlsafe(16)
        policy = ("Content-Security-Policy", self.policy.replace("{nonce}", nonce))
        secure = environ["wsgi.url_scheme"] == "https"
        # Browsers ignore HSTS over http, and its standard forbids it there.
        added = [policy, *HEADERS, *(self.hsts if secure else ())]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            present = {name.lower() for name, _value in headers}
            headers += [header for header in added if header[0].lower() not in present]
            # Flask names the cookie here once a view has read the session: the page has a token
            # or messages of one visitor, which no cache may give to another.
            varies = any(name == "Vary" and "Cookie" in value for name, value in headers)
            if varies and "cache-control" not in present:
                headers.append(("Cache-Control", "no-store"))
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


class SameOriginCSRF(CSRFProtect):
    """Flask-WTF's check of the token; besides, no browser may name another site as the origin.

    A token that leaked is of no use elsewhere. Views marked with `exempt` are spared both.
    """

    def exempt(self, view: View) -> View:
        return super().exempt(view)  # type: ignore[no-any-return]

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method in SAFE:
            return
        super().protect(apply_exemptions)
        if not g.get("csrf_valid"):
            return
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        if origin is None and site is None and request.is_secure:
            referrer = urlsplit(request.headers.get("Referer", ""))
            origin = f"{referrer.scheme}://{referrer.netloc}"
        if site not in {None, "same-origin", "none"}:
            raise CSRFError("The request comes from another site.")
        # A page that tells nobody its address (`no-referrer`) sends no origin either.
        hidden = origin == "null" and site == "same-origin"
        if origin not in {None, request.host_url.rstrip("/")} and not hidden:
            raise CSRFError("The request comes from another origin.")
