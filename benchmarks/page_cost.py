"""Measures what a project adds to the cost of a page, beside the bare framework.

    python -m pip install . uv
    python benchmarks/page_cost.py [rounds]

Processor time in microseconds a request, within the process: the WSGI application is called as a
server behind a TLS proxy calls it, and its log goes to a file. The two bare applications are what
`Flask(__name__)` and `startproject` give; they render the front page of the projects, by the
projects' own templates and with the same values, so that what differs is what the projects do
around a page. The four take turns, so that a busy machine slows all alike.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FLASK = """
from flask import Flask, render_template
from jinja2 import FileSystemLoader
app = Flask(__name__, static_folder="{project}/app/static")
app.secret_key = "measured"
folders = ["{project}/app/templates", "{project}/app/pages/templates"]
app.jinja_loader = FileSystemLoader(folders)
app.jinja_env.globals.update(
    brand="Flask Shop",
    site_description="A web application.",
    menu=lambda: [{{"label": "Notes", "url": "/notes/", "current": ""}}],
    menu_templates=[],
)
app.add_url_rule("/notes/", "notes.index", lambda: "")
app.add_url_rule("/", "pages.home", lambda: render_template("pages/home.html"))
"""
DJANGO = """
from django.shortcuts import render
from django.urls import include, path

def home(request):
    values = {"brand": "Django Shop", "site_description": "A web application.", "menu": []}
    return render(request, "pages/home.html", values)

accounts = [path("login/", home, name="sign_in"), path("logout/", home, name="sign_out")]
urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include((accounts, "users"))),
]
"""
MEASURE = """
import importlib, io, sys, time
sys.path.insert(0, "")
module, name = sys.argv[1].split(":")
start = time.process_time()
app = getattr(importlib.import_module(module), name)
loaded = time.process_time() - start

def request():
    said = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "www.example.org", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "www.example.org", "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7", "REMOTE_ADDR": "10.0.0.1",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    answer = app(environ, lambda status, headers, error=None: said.append(status))
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    assert said[0].startswith("200"), said
    return len(body)

size = request()
for _ in range(200):
    request()
start = time.process_time()
for _ in range(1000):
    request()
print(round((time.process_time() - start) * 1000), size, round(loaded * 1000))
"""


def main() -> None:
    """Print the least and the median cost of each of the four, and the ratio to its framework."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        cases = prepare(place)
        found: dict[str, list[list[int]]] = {name: [] for name in cases}
        for _ in range(rounds):
            for name, (project, application) in cases.items():
                said = run(place / project, "python", "-c", MEASURE, application)
                found[name].append([int(number) for number in said.split()])
    print(f"{'':16}{'least µs':>9}{'median':>8}{'bytes':>7}{'load ms':>9}{'of bare':>9}")
    for name, runs in found.items():
        costs, sizes, loads = zip(*runs, strict=True)
        if name.startswith("bare"):
            base = min(costs)
        print(
            f"{name:16}{min(costs):9}{statistics.median(costs):8.0f}{sizes[0]:7}"
            f"{min(loads):9}{min(costs) / base:9.2f}"
        )


def prepare(place: Path) -> dict[str, tuple[str, str]]:
    """Make the four applications; return the folder and the name of each."""
    for name in ("flask", "django"):
        new = ["stackgen", "new", f"{name}-shop", "--framework", name, "--quiet", "--no-git"]
        subprocess.run([Path(sys.executable).with_name(new[0]), *new[1:]], cwd=place, check=True)
        uv = str(Path(sys.executable).with_name("uv"))
        for command in (["venv", ".venv"], ["pip", "install", "--python", ".venv", "-e", "."]):
            subprocess.run(
                [uv, command[0], "--quiet", *command[1:]], cwd=place / f"{name}-shop", check=True
            )
    run(place / "flask-shop", "flask", "--app", "wsgi", "db", "upgrade")
    settings = ("--settings", "config.settings.production")
    run(place / "django-shop", "python", "manage.py", "migrate", *settings)
    run(place / "django-shop", "python", "manage.py", "collectstatic", "--noinput", *settings)

    bare = place / "bare_flask"
    bare.mkdir()
    (bare / ".venv").symlink_to(place / "flask-shop" / ".venv")
    (bare / "page.py").write_text(FLASK.format(project=place / "flask-shop"))

    bare = place / "bare_django"
    bare.mkdir()
    (bare / ".venv").symlink_to(place / "django-shop" / ".venv")
    run(bare, "django-admin", "startproject", "page", ".")
    (bare / "page" / "urls.py").write_text(DJANGO)
    configured = bare / "page" / "settings.py"
    text = configured.read_text().replace("DEBUG = True", "DEBUG = False")
    text = text.replace("ALLOWED_HOSTS = []", "ALLOWED_HOSTS = ['www.example.org']")
    templates = place / "django-shop" / "templates"
    configured.write_text(text.replace("'DIRS': []", f"'DIRS': ['{templates}']"))
    return {
        "bare Flask": ("bare_flask", "page:app"),
        "Flask project": ("flask-shop", "wsgi:app"),
        "bare Django": ("bare_django", "page.wsgi:application"),
        "Django project": ("django-shop", "config.wsgi:application"),
    }


def run(folder: Path, program: str, *arguments: str) -> str:
    """Run a program of the folder's environment, as in production, and return what it prints."""
    variables = {
        **os.environ,
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "www.example.org",
        "DATABASE_URL": "sqlite:///site.sqlite3",
        "ADMIN_PATH": "measured",
        "TRUSTED_PROXY_COUNT": "1",
    }
    variables.pop("DJANGO_SETTINGS_MODULE", None)
    with (folder / "errors.log").open("w") as log:
        command = [folder / ".venv" / "bin" / program, *arguments]
        done = subprocess.run(
            command, cwd=folder, env=variables, check=False, stdout=subprocess.PIPE, stderr=log
        )
    if done.returncode:
        sys.exit((folder / "errors.log").read_text())
    return done.stdout.decode()


SECRET = secrets.token_urlsafe(48)

if __name__ == "__main__":
    main()
