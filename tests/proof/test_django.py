"""What a Django project does for its developers and servers, in processes of its own."""

from __future__ import annotations

import json
import re
import socketserver
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import postgresql
import pytest
from newcomer import (
    Installed,
    Project,
    clone,
    fetch,
    free_port,
    newer_python,
    run,
    serving,
    shell,
)

pytestmark = pytest.mark.parametrize("project", ["django"], indirect=True)
PRODUCTION = {"DJANGO_SETTINGS_MODULE": "config.settings.production"}


@pytest.fixture
def copy(project: Project, tmp_path: Path) -> Path:
    """A clone with the environment of the project, and without `.env`."""
    folder = clone(project, tmp_path / "copy")
    (folder / ".venv").symlink_to(project.path / ".venv")
    return folder


def python(code: str, cwd: Path, **variables: str) -> str:
    return run(".venv/bin/python", "-c", code, cwd=cwd, **variables).stdout


# --- manage.py -----------------------------------------------------------------------------


def settings_of(copy: Path, **variables: str) -> str:
    """The settings that `manage.py` runs with; `check` imports them."""
    code = "from django.conf import settings; print(settings.SETTINGS_MODULE)"
    words = (".venv/bin/python", "manage.py", "shell", "-v", "0", "-c", code)
    return run(*words, cwd=copy, **variables).stdout.split()[-1]


def test_a_server_runs_production_by_itself(project: Project, copy: Path) -> None:
    assert settings_of(copy, **project.production) == "config.settings.production"
    assert not (copy / ".env").exists(), "a server gets no .env"
    incomplete = run(
        ".venv/bin/python", "manage.py", "check", cwd=copy, check=False,
        **{**project.production, "ADMIN_PATH": ""},
    )  # fmt: skip
    assert incomplete.returncode
    assert "ADMIN_PATH is not set" in incomplete.stdout
    assert not (copy / ".env").exists()


def test_a_developer_gets_a_private_env_file(project: Project, copy: Path) -> None:
    assert settings_of(copy) == "config.settings.development"
    made = copy / ".env"
    text = made.read_text()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert re.search(r"(?m)^SECRET_KEY=\S{64}$", text)
    assert re.search(r"(?m)^ADMIN_PATH=\w{16}$", text)
    # A developer who has production's variables at hand still develops.
    assert settings_of(copy, **project.production) == "config.settings.development"
    assert made.read_text() == text


def test_development_needs_nothing_but_its_secrets(copy: Path) -> None:
    settings_of(copy)
    ask = "print(s.DEBUG, s.ALLOWED_HOSTS, s.SITE_URL, s.DATABASES['default']['NAME'])"
    said = python(f"import config.settings.development as s; {ask}", copy)
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    assert said == f"True {hosts} http://localhost:8000 {copy}/db.sqlite3\n"
    development = "config.settings.development"
    assert "Subject: Hello" in python(SEND, copy, DJANGO_SETTINGS_MODULE=development)


def test_only_the_secrets_of_the_project_are_filled_in(copy: Path) -> None:
    given = "ADMIN_PATH=mine\nSECRET_KEY=\nSENTRY_DSN=\nDATABASE_URL= \n"
    (copy / ".env").write_text(given)
    python("import config.settings.development", copy)
    assert (copy / ".env").read_text() == given, "importing settings writes nothing"
    settings_of(copy)
    filled = (copy / ".env").read_text()
    assert re.fullmatch(given.replace("KEY=", r"KEY=\S{64}"), filled)
    assert stat.S_IMODE((copy / ".env").stat().st_mode) == 0o600


def test_dev_serves_where_it_is_told_and_tells_where(copy: Path) -> None:
    port = free_port()
    for where in (str(port), f"127.0.0.1:{port}"):
        with serving(f".venv/bin/python -u manage.py dev {where}", copy, port) as log:
            assert fetch(f"http://127.0.0.1:{port}/").status == 200
            admin = re.search(rf"Admin:  (http://127.0.0.1:{port}/\w+/)", log.read_text())
            assert admin
            assert fetch(admin[1]).status == 302
            assert log.read_text().count("createsuperuser") == 1, "said once, not by the reloader"


def test_dev_refuses_to_run_in_production(project: Project, copy: Path) -> None:
    words = (".venv/bin/python", "manage.py", "dev")
    refused = run(*words, cwd=copy, check=False, **project.production, **PRODUCTION)
    assert refused.returncode
    assert "`dev` cannot run with config.settings.production" in refused.stdout


def test_development_tells_what_the_policy_blocked(copy: Path) -> None:
    body = {"effective-directive": "script-src", "blocked-uri": "https://cdn.example/a.js"}
    report = json.dumps({"csp-report": {**body, "document-uri": "/"}}).encode()
    port = free_port()
    with serving(f".venv/bin/python -u manage.py dev {port}", copy, port) as log:
        home = fetch(f"http://127.0.0.1:{port}/")
        assert "report-uri /csp-report/" in home.headers["Content-Security-Policy"]
        told = fetch(
            f"http://127.0.0.1:{port}/csp-report/", method="POST", data=report,
            Content_Type="application/csp-report",
        )  # fmt: skip
        assert told.status == 204
        assert "https://cdn.example/a.js" in log.read_text()


# --- static files --------------------------------------------------------------------------


def test_static_files_are_hashed_and_compressed(project: Project, copy: Path) -> None:
    variables = {**project.production, "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3"}
    *prepare, serve = project.result["next"]["production"]
    for command in prepare:
        if "manage.py" in command:
            shell(command, copy, **variables)
    port = free_port()
    with serving(serve.replace(":8000", f":{port}"), copy, port, **variables):
        site = f"http://127.0.0.1:{port}"
        page = fetch(f"{site}/", X_Forwarded_Proto="https", Host="shop.example")
        sheet = re.search(r'href="(/static/site\.[0-9a-f]{12}\.css)"', page.body)
        assert sheet
        head = fetch(
            f"{site}{sheet[1]}", method="HEAD", X_Forwarded_Proto="https", Host="shop.example",
            Accept_Encoding="gzip",
        )  # fmt: skip
        assert head.status == 200
        assert head.headers["Content-Encoding"] == "gzip"
        assert "immutable" in head.headers["Cache-Control"]
        robots = fetch(f"{site}/robots.txt", X_Forwarded_Proto="https", Host="shop.example")
        assert robots.body == "User-agent: *\nAllow: /\n"


# --- databases -----------------------------------------------------------------------------

SETTINGS = """
import json, sys
from pathlib import Path
from config.database import database_settings
print(json.dumps([database_settings(url, Path("/srv/site")) for url in sys.argv[1:]]))
"""


def database_settings(project: Project, *urls: str) -> list[dict[str, Any]]:
    said = run(".venv/bin/python", "-c", SETTINGS, *urls, cwd=project.path).stdout
    return [dict(entry) for entry in json.loads(said)]


def test_addresses_of_databases(project: Project) -> None:
    names = {
        "sqlite:///db.sqlite3": "/srv/site/db.sqlite3",
        "sqlite:////var/lib/db.sqlite3": "/var/lib/db.sqlite3",
        "sqlite://:memory:": ":memory:",
        "postgres://me@%2Frun%2Fpg/site": "site",
        "postgresql+psycopg://me@%2Frun%2Fpg/site": "site",
        "postgresql://me:p%40ss@db:5433/site?sslmode=require": "site",
    }
    found = database_settings(project, *names)
    assert [entry["NAME"] for entry in found] == list(names.values())
    assert [entry["HOST"] for entry in found[3:]] == ["/run/pg", "/run/pg", "db"]
    assert (found[-1]["USER"], found[-1]["PASSWORD"], found[-1]["PORT"]) == ("me", "p@ss", 5433)
    assert found[-1]["CONN_MAX_AGE"] == 0
    assert found[-1]["CONN_HEALTH_CHECKS"] is True
    assert found[-1]["OPTIONS"]["sslmode"] == "require"
    given = ("sqlite:///db?timeout=5", "postgres://db/a?connect_timeout=9")
    sqlite, postgres = database_settings(project, *given)
    assert int(sqlite["OPTIONS"]["timeout"]) == 5
    assert int(postgres["OPTIONS"]["connect_timeout"]) == 9


COUNT = """
import django
django.setup()
from django.db import connection, transaction
for _ in range(50):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM line")
        (last,) = cursor.fetchone()
        cursor.execute("INSERT INTO line VALUES (%s)", [last + 1])
"""


def test_four_writers_share_one_sqlite_file(project: Project, tmp_path: Path) -> None:
    """Each process reads before it writes, which is what "database is locked" comes from."""
    url = f"sqlite:///{tmp_path}/db.sqlite3"
    variables = {**project.production, **PRODUCTION, "DATABASE_URL": url}
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        database.execute("CREATE TABLE line (number INTEGER UNIQUE)")
        database.execute("INSERT INTO line VALUES (0)")
        database.commit()
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(python, COUNT, project.path, **variables) for _ in range(4)]:
            done.result()
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        assert database.execute("SELECT max(number) FROM line").fetchone() == (200,)


SHOW = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "search_path"):
        cursor.execute("SHOW " + name)
        print(*cursor.fetchone())
print(connection.vendor, connection.settings_dict["NAME"])
connection.close_pool()
"""


@pytest.fixture(scope="module")
def server(project: Project, uv: str) -> Iterator[str]:
    install = (uv, "pip", "install", "--quiet", "--python", ".venv")
    run(*install, "-e", ".[postgresql]", cwd=project.path)
    with postgresql.server() as url:
        yield url


def test_options_of_the_address_are_added(project: Project, server: str) -> None:
    """What the user says goes before the time-out of statements; `?options=` takes it away."""
    for query, said in {
        "": ["30s", '"$user", public'],
        "?options=-csearch_path%3Dfoo": ["30s", "foo"],
        "?options=-cstatement_timeout%3D5000": ["5s", '"$user", public'],
        "?options=": ["0", '"$user", public'],
    }.items():
        variables = {**project.production, **PRODUCTION, "DATABASE_URL": server + query}
        assert python(SHOW, project.path, **variables).splitlines()[:2] == said, query


def test_development_uses_postgresql_once_there_is_a_database(
    installed: Installed, project: Project, tmp_path: Path, server: str
) -> None:
    copy = tmp_path / "acme-shop"
    installed.new(copy, "--set", "database=postgresql", framework=project.framework)
    (copy / ".venv").symlink_to(project.path / ".venv")
    address = urlsplit(server)
    found = {
        "PGHOST": address.hostname or "",
        "PGPORT": str(address.port),
        "PGUSER": address.username or "",
        "PGPASSWORD": address.password or "",
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
    }
    vendor = SHOW.partition("with")[0] + "print(connection.vendor)"
    said = python(vendor, copy, **found).splitlines()
    assert "createdb acme_shop" in said[0]
    assert said[-1] == "sqlite"
    postgresql.new_database(copy, server, "acme_shop")
    assert python(SHOW, copy, **found).splitlines()[-1] == "postgresql acme_shop"


# --- mail ----------------------------------------------------------------------------------


class Conversation(socketserver.StreamRequestHandler):
    """A mail server's half of a session."""

    def handle(self) -> None:
        with suppress(ConnectionResetError):
            self.wfile.write(b"220 ready\r\n")
            for line in iter(self.rfile.readline, b""):
                if line.strip().upper() == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                    self.server.mails.append(mail.decode())
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def mails() -> Iterator[list[str]]:
    """The mails that a server on loopback has got; the first entry is its address."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.mails = [f"smtp://127.0.0.1:{server.server_address[1]}"]
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.mails
        server.shutdown()


SEND = """
import django
django.setup()
from django.core.mail import send_mail
send_mail("Hello", "There.", None, ["ada@example.com"])
"""
BACKEND = """
import django
django.setup()
from django.core import mail
backend = mail.get_connection() if django.VERSION < (6, 1) else mail.mailers.default
print(type(backend).__module__, backend.host, backend.port, backend.username, backend.password,
      backend.use_tls, backend.use_ssl, backend.timeout)
"""


@pytest.mark.parametrize("release", ["5.2", "6.1"])
def test_mail_is_sent(
    project: Project, tmp_path: Path, mails: list[str], release: str, uv: str
) -> None:
    """Django 5.2 and what follows it read other settings; neither warns of what was given."""
    copy = clone(project, tmp_path / "copy")
    if release == "5.2":
        (copy / ".venv").symlink_to(project.path / ".venv")
    elif newer := newer_python():
        run(uv, "venv", "--quiet", "--python", newer, ".venv", cwd=copy)
        install = (uv, "pip", "install", "--quiet", "--python", ".venv")
        run(*install, "-e", ".", cwd=copy)
        run(*install, f"django=={release}.*", cwd=copy)
    else:
        pytest.skip("no Python 3.12 or later on this machine")
    variables = {**project.production, **PRODUCTION, "PYTHONWARNINGS": "error::DeprecationWarning"}
    python(SEND, copy, **variables, EMAIL_URL=mails[0])
    assert "From: noreply@shop.example" in mails[1]
    assert "To: ada@example.com" in mails[1]
    url = "submission://me:s3cret@mail.example.com:587"
    said = python(BACKEND, copy, **variables, EMAIL_URL=url).split()
    words = ["mail.example.com", "587", "me", "s3cret", "True", "False", "10"]
    assert said == ["django.core.mail.backends.smtp", *words]
    patient = python(BACKEND, copy, **variables, EMAIL_URL=url, EMAIL_TIMEOUT="25").split()
    assert patient[-1] == "25"
    hush = python("import config.settings.production", copy, **variables, EMAIL_URL="console:")
    assert hush == ""
