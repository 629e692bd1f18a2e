"""The pages made in the browser: where the built page is served, how, and what it is told."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from config import checks
from config.settings import production
from notes.models import Note
from pages import client as pages
from tests.conftest import Browser
from users.middleware import SEEN, SIGNED_IN
from users.models import User

SCRIPT = "/static/assets/index-Cq1xYz2w.js"


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    """A server reads its page once; each test here has one of its own."""
    yield
    pages._filled.cache_clear()


@pytest.fixture
def unbuilt(settings: LazySettings, tmp_path: Path) -> None:
    settings.CLIENT_ROOT = tmp_path / "dist"


@pytest.mark.parametrize(
    "address", ["/", "/notes/", "/notes/1/", "/notes/1/edit/", "/nowhere", "/a/b/"]
)
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("accept", ["text/html,*/*;q=0.8", "*/*"])
def test_the_page_is_at_every_address_that_is_not_the_servers(
    client: Client, address: str, method: str, accept: str
) -> None:
    response = getattr(client, method)(address, headers={"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert (SCRIPT in response.text) is (method == "get")


def test_the_page_is_the_same_for_all_and_sets_no_cookie(client: Client, member: Browser) -> None:
    answers = [reader.get("/") for reader in (client, member)]
    assert answers[0].text == answers[1].text
    for response in answers:
        assert not response.cookies
        assert response["Cache-Control"] == "no-cache"
    again = client.get("/", headers={"If-None-Match": answers[0]["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_no_session_is_looked_at_for_the_page(member: Browser) -> None:
    """A cookie that is renewed could be kept with the page, and given to somebody else."""
    session = member.session
    session[SIGNED_IN] = session[SEEN] = int(time.time()) - 3600
    session.save()
    assert not member.get("/notes/").cookies
    assert member.session[SEEN] == session[SEEN]
    assert member.get("/site.json").cookies


@pytest.mark.parametrize("address", ["/", "/notes/", "/nowhere"])
def test_the_page_needs_no_database(client: Client, settings: LazySettings, address: str) -> None:
    """Not even for the cookie of a session that has ended: it stays until a view looks at it."""
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    response = client.get(address)
    assert response.status_code == 200
    assert response["Vary"] == "Accept"
    assert not response.cookies


def test_the_page_keeps_the_policy(client: Client) -> None:
    response = client.get("/")
    policy = response["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= set(policy)
    assert not re.search(r"<style|style=|<script>|\son\w+=", response.text)


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere.txt",
        "/a.b/c",
        "/%2eenv",
        "/a/%2e%2e/b",
        "/a//b",
        "/notes//",
        "/index.html",
        "/api/nowhere/",
        "/accounts/nowhere/",
        "/static/nowhere",
        "/static/index.html",
        "/static/assets/nowhere.js",
        "/static/assets/../index.html",
        "/static/assets/%2e%2e/index.html",
        "/media",
        "/livez/nowhere",
        "/office/nowhere/",
    ],
)
def test_the_servers_own_addresses_are_no_pages(client: Client, address: str) -> None:
    response = client.get(address, headers={"Accept": "text/html"}, follow=True)
    assert SCRIPT not in response.text
    assert response.status_code == 404 or response.request["PATH_INFO"] == "/accounts/login/"


@pytest.mark.parametrize("accept", ["application/json", "application/json, */*", "image/png"])
def test_programs_find_no_page(client: Client, accept: str) -> None:
    response = client.get("/nowhere", headers={"Accept": accept})
    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")
    if "json" in accept:
        assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_find_no_page(method: str) -> None:
    browser = Browser(checks_csrf=True)
    assert getattr(browser, method)("/nowhere").status_code == 404
    assert getattr(browser, method)("/notes/").status_code == 405


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "</title><script>alert(1)</script>",
            "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        ('Us & "/static/site.css"', "Us &amp; &quot;/static/site.css&quot;"),
    ],
)
def test_what_names_the_site_is_data(
    client: Client, settings: LazySettings, text: str, shown: str
) -> None:
    settings.SITE_NAME = settings.SITE_DESCRIPTION = text
    page = client.get("/").text
    assert f"<title>{shown}</title>" in page
    assert f'<meta name="description" content="{shown}" />' in page
    assert page.count("<script") == 1


@pytest.mark.usefixtures("unbuilt")
def test_an_unbuilt_page_says_what_to_run(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 503
    assert "python -m config.npm run build" in response.text
    with pytest.raises(ImproperlyConfigured, match=r"Run: python -m config\.npm ci"):
        pages.check_built()


@pytest.mark.django_db
@pytest.mark.usefixtures("unbuilt")
def test_a_server_without_its_page_is_not_ready(client: Client) -> None:
    assert [message.msg for message in checks.ready()] == [pages.NOT_BUILT]
    assert client.get("/readyz").status_code == 503


def test_the_page_is_read_once_and_in_development_anew(
    client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.CLIENT_ROOT = tmp_path
    for text, debug, seen in (("1", False, "1"), ("2", False, "1"), ("3", True, "3")):
        (tmp_path / "index.html").write_text(text)
        settings.DEBUG = debug
        assert pages.built() == seen


@pytest.mark.django_db
def test_built_files_are_kept_for_good(client: Client) -> None:
    response = client.get(SCRIPT)
    assert response.status_code == 200
    assert response["Cache-Control"].endswith("public, immutable")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" not in client.get("/static/site.css")["Cache-Control"]
    response.close()


def test_built_files_keep_their_names_and_are_compressed(
    client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    built, collected = tmp_path / "dist", tmp_path / "collected"
    shutil.copytree(settings.CLIENT_ROOT, built)
    (built / "assets" / "index-Ab1.css").write_text(
        "a { background: url(/static/nowhere.svg) }" * 9
    )
    folders = [settings.BASE_DIR / "static", ("assets", built / "assets")]
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(
        STATIC_ROOT=str(collected),
        STATICFILES_DIRS=folders,
        STATICFILES_FINDERS=finders,
        STORAGES=production.STORAGES,
    ):
        with pytest.raises(ImproperlyConfigured, match="Static files are not collected"):
            pages.check_built()
        call_command("collectstatic", interactive=False, verbosity=0)
        pages.check_built()
        (style,) = re.findall(r'href="/static/(site\.\w{12}\.css)"', client.get("/").text)
    names = {path.name for path in (collected / "assets").iterdir()}
    assert names == {
        f"index-{name}{end}" for name in ("Ab1.css", "Cq1xYz2w.js") for end in ("", ".gz")
    }
    assert (collected / style).exists()
    assert not (collected / "index.html").exists()


def test_what_the_page_is_told(client: Client, member: Browser, office: Browser) -> None:
    response = client.get("/site.json")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    stranger = response.json()
    assert stranger["menu"] == stranger["accountMenu"] == []
    assert (stranger["signIn"], stranger["signOut"]) == ("/accounts/login/", None)
    known = member.get("/site.json").json()
    assert known.keys() == stranger.keys()
    assert known["menu"] == [{"label": "Notes", "url": "/notes/"}]
    assert {"label": "Change password", "url": "/accounts/password/change/"} in known["accountMenu"]
    assert (known["signIn"], known["signOut"]) == ("/accounts/login/", "/accounts/logout/")
    page = " ".join(member.get("/accounts/password/change/").text.split())
    for entry in known["menu"] + known["accountMenu"]:
        assert re.search(rf'href="{entry["url"]}"[^>]*>{entry["label"]}</a>', page)
    assert {"label": "Admin", "url": "/office/"} in office.get("/site.json").json()["menu"]


def test_the_page_signs_out_by_the_header(user: User) -> None:
    browser = Browser(checks_csrf=True)
    browser.force_login(user)
    token = browser.get("/api/v1/session/").json()["csrf_token"]
    headers = {"Host": "testserver", "Origin": "https://testserver"}
    assert browser.post("/accounts/logout/", headers=headers).status_code == 403
    headers["X-CSRFToken"] = token
    assert browser.post("/accounts/logout/", headers=headers)["Location"] == "/"
    assert browser.get("/api/v1/session/").json()["user"] is None


def test_a_note_has_an_address(office: Browser) -> None:
    note = Note.objects.create(owner=office.user, title="Milk")
    assert note.get_absolute_url() == f"{reverse('notes:list')}{note.pk}/"
    found = office.get(f"/office/notes/note/?q={note.title}")
    assert str(note) in found.text
