"""What stands between the application and a hostile request: headers, https, proxies, origin."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import redirect
from werkzeug.wsgi import get_current_url, get_host

from app.config import Settings
from app.extensions import csrf
from app.probes import PROBES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
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
YEAR = 31_536_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def init_app(app: Flask) -> None:
    """Protect `app`; the middleware added here must be the outermost."""
    settings: Settings = app.config["SETTINGS"]
    app.before_request(check_origin)
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    if settings.production:
        app.wsgi_app = HttpsOnly(app.wsgi_app, settings)  # type: ignore[method-assign]
    app.wsgi_app = Headers(app.wsgi_app, settings)  # type: ignore[method-assign]
    if settings.trusted_proxy_count:
        # Addresses are counted from the right, where the proxies of this site write. A proxy
        # overwrites the scheme. No proxy may name another host, port or path.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxy_count, x_proto=1, x_host=0, x_prefix=0
        )


class Headers:
    """WSGI middleware that adds the security headers to every response, whoever made it."""

    def __init__(self, wsgi_app: "WSGIApplication", settings: Settings) -> None:
        self.wsgi_app = wsgi_app
        self.hsts = []
        if settings.production and settings.hsts_seconds:
            value = f"max-age={settings.hsts_seconds}; includeSubDomains"
            if settings.hsts_seconds >= YEAR:
                value += "; preload"
            self.hsts = [("Strict-Transport-Security", value)]

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Pass the request on with a new nonce, and add what the response does not set itself."""
        environ[NONCE] = nonce = secrets.token_urlsafe(16)
        policy = ("Content-Security-Policy", POLICY.format(nonce=nonce))
        # Browsers ignore HSTS over http, and its standard forbids it there.
        hsts = self.hsts if environ["wsgi.url_scheme"] == "https" else []
        added = [policy, *HEADERS, *hsts]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            present = {name.lower() for name, _value in headers}
            headers.extend(header for header in added if header[0].lower() not in present)
            # Flask names the cookie here once a view has read the session: the page has a token
            # or messages of one visitor, which no cache may give to another.
            if ("Vary", "Cookie") in headers and "cache-control" not in present:
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, *error)

        return self.wsgi_app(environ, start)


class HttpsOnly:
    """WSGI middleware that sends plain http to https, on the same host."""

    def __init__(self, wsgi_app: "WSGIApplication", settings: Settings) -> None:
        self.wsgi_app = wsgi_app
        self.hosts = settings.allowed_hosts

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Redirect what came over http; a foreign host gets the application's own refusal."""
        if environ["wsgi.url_scheme"] == "https" or environ["PATH_INFO"] in PROBES:
            return self.wsgi_app(environ, start_response)
        try:
            get_host(environ, self.hosts)
        except SecurityError:
            return self.wsgi_app(environ, start_response)
        url = get_current_url(environ, trusted_hosts=self.hosts)
        response = redirect(url.replace("http://", "https://", 1), code=308)
        return response(environ, start_response)


def csp_nonce() -> str:
    """Return the nonce that lets a `<script>` or `<style>` of this response run."""
    nonce: str = request.environ[NONCE]
    return nonce


def check_origin() -> None:
    """Refuse a request that changes something, unless a page of this site has sent it.

    It needs the CSRF token of the visitor's session, and the browser must not name another site as
    its origin: a token that leaked is of no use elsewhere. Raises `CSRFError`.
    """
    if request.method in SAFE_METHODS:
        return
    csrf.protect(apply_exemptions=True)
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if origin is None and site is None and request.is_secure:
        referrer = urlsplit(request.headers.get("Referer", ""))
        origin = f"{referrer.scheme}://{referrer.netloc}"
    if site not in {None, "same-origin", "none"}:
        raise CSRFError("The request comes from another site.")
    if origin not in {None, request.host_url.rstrip("/")}:
        raise CSRFError("The request comes from another origin.")
