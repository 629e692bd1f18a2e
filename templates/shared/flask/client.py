"""The pages made in the browser: one built page for all their addresses, and what it asks first."""

from html import escape
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    current_app,
    g,
    render_template,
    request,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.access import {{ 'current_user, ' if accounts else '' }}public
from app.config import BUILD, SITE_DESCRIPTION, SITE_NAME
from app.errors import prefers_json
from app.menu import links
{% if accounts %}

# What `accounts/menu.html` shows before and after the pages that other parts add; a test compares.
FIRST_OF_ACCOUNT = {
    "Change password": "accounts.change",
    "Change e-mail": "accounts.email",
    "Sessions": "accounts.sessions",
    "Second factor": "accounts.factor",
}
LAST_OF_ACCOUNT = {"Delete account": "accounts.delete"}
{% endif %}

blueprint = Blueprint("client", __name__)


class Sessions(SecureCookieSessionInterface):
    """The usual sessions. The page is the same for all: no cookie of somebody goes with it."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return not g.get("is_page") and super().should_set_cookie(app, session)


def init_app(app: Flask) -> None:
    """Serve the built page and its files; in production it is read here, once."""
    settings = app.config["SETTINGS"]
    app.session_interface = Sessions()
    app.register_blueprint(blueprint)
    # Production has these files from `assets`, compressed and kept for good.
    folder = settings.client_root / "assets"
    app.register_blueprint(
        Blueprint("built", __name__, static_folder=folder, static_url_path="/static/assets")
    )
    app.before_request(show_page)
    if settings.production:
        app.extensions["client_page"] = filled(app)


def filled(app: Flask) -> str:
    """Return the built page with what names the site, and the names that its files have here.

    Raises `FileNotFoundError` where it is not built.
    """
    built = app.config["SETTINGS"].client_root / "index.html"
    text: str = built.read_text(encoding="utf-8")
    with app.app_context():
        for name in ("favicon.svg", "site.css"):
            address = url_for("static", filename=name, _external=False)
            text = text.replace(f'"/static/{name}"', f'"{address}"')
    # These come last: they are data, whatever they look like.
    text = text.replace("<title></title>", f"<title>{escape(SITE_NAME)}</title>", 1)
    described = 'name="description" content="'
    return text.replace(f'{described}"', f'{described}{escape(SITE_DESCRIPTION)}"', 1)


def name(app: Flask, address: str, endpoint: str) -> None:
    """Let `url_for` and the menu know a page that is made in the browser."""
    app.add_url_rule(address, endpoint, page, build_only=True)


def server_paths(app: Flask) -> set[str]:
    """Return the first segments of the addresses that the server answers itself."""
    rules = (rule for rule in app.url_map.iter_rules() if not rule.build_only)
    return {rule.rule.split("/")[1] for rule in rules} - {""}


def show_page() -> AnyResponse | None:
    """Answer a browser with the page where no view has the address."""
    if not isinstance(request.routing_exception, NotFound) or request.method not in {"GET", "HEAD"}:
        return None
    path = request.path
    if "." in path or "//" in path or path.split("/")[1] in server_paths(current_app):
        return None
    return page()


def takes_page() -> bool:
    """Tell whether a page is what the client asks for; who says nothing takes all."""
    accepted = request.accept_mimetypes
    return not prefers_json() and (not accepted or accepted["text/html"] > 0)


@public
def page() -> AnyResponse:
    """Return the page, which finds out from its address what it has to show; programs find nothing."""
    if not takes_page():
        after_this_request(keep_nowhere)
        raise NotFound
    try:
        text = current_app.extensions.get("client_page") or filled(current_app)
    except FileNotFoundError:
        said = render_template("error.html", status=503, title="No pages are built", advice=BUILD)
        return Response(said, 503)
    g.is_page = True
    response = Response(text)
    response.cache_control.no_cache = True
    response.add_etag()
    return response.make_conditional(request)


def keep_nowhere(response: Response) -> Response:
    """Let no cache tell a browser what a program was told."""
    response.cache_control.no_store = True
    return response


@blueprint.get("/site.json")
@public
def site() -> tuple[dict[str, Any], dict[str, str]]:
    """Tell the page what its frame shows: the site, and the menus of whoever asks."""
{% if accounts %}
    known = current_user.is_authenticated
{% endif %}
    shown = {
        "title": SITE_NAME,
        "description": SITE_DESCRIPTION,
        "menu": entries(),
        "accountMenu": {{ 'account_entries() if known else []' if accounts else '[]' }},
        "signIn": {{ 'url_for("accounts.login")' if accounts else 'None' }},
        "signOut": {{ 'url_for("accounts.logout") if known else None' if accounts else 'None' }},
    }
    return shown, {"Cache-Control": "no-store"}


def entries(menu: str = "main") -> list[dict[str, str]]:
    return [{"label": link.label, "url": link.url} for link in links(menu)]
{% if accounts %}


def account_entries() -> list[dict[str, str]]:
    return [*named(FIRST_OF_ACCOUNT), *entries("account"), *named(LAST_OF_ACCOUNT)]


def named(endpoints: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "url": url_for(name)} for label, name in endpoints.items()]
{% endif %}
