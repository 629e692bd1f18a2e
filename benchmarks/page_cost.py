"""Measures what a page costs: bare Flask, its project, bare Django and its project, side by side.

    python -m pip install . uv
    python benchmarks/page_cost.py [rounds]

Processor time in microseconds a request, within the process: the WSGI application is called as a
server behind a TLS proxy calls it, and its log goes to a file. The two bare applications are what
`Flask(__name__)` and `startproject` give, with a front page of the size, the links and the base
template of the projects' own. The four take turns, so that a busy machine slows all alike.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ARTICLE = "<article><h2>A title</h2><p>{}</p></article>".format("Some words of a text. " * 12)
BASE = """<!doctype html><html lang="en"><head><title>{{% block title %}}{{% endblock %}}</title>
<link rel="icon" href="{icon}"><link rel="stylesheet" href="{sheet}"></head>
<body><a href="{home}">{{{{ brand }}}}</a><nav><a href="{notes}">Notes</a></nav>
<main>{{% block content %}}{{% endblock %}}</main><footer>{{{{ brand }}}}</footer></body></html>"""
PAGE = f"""{{% extends "base.html" %}}{{% block title %}}{{{{ brand }}}}{{% endblock %}}
{{% block content %}}<h1>{{{{ brand }}}}</h1>{ARTICLE * 3}{{% endblock %}}"""

FLASK = """
from flask import Flask, render_template
app = Flask(__name__)
app.secret_key = "measured"
app.add_url_rule("/notes/", "notes", lambda: "")
app.add_url_rule("/", "home", lambda: render_template("home.html", brand="shop"))
"""
DJANGO = """
from django.shortcuts import render
from django.urls import path
urlpatterns = [
    path("", lambda request: render(request, "home.html", {"brand": "shop"}), name="home"),
    path("notes/", lambda request: None, name="notes"),
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
    """Print the least and the median cost of each of the four, and what a ratio needs."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        cases = prepare(place)
        found: dict[str, list[list[int]]] = {name: [] for name in cases}
        for _ in range(rounds):
            for name, (project, application) in cases.items():
                said = run(place / project, "python", "-c", MEASURE, application)
                found[name].append([int(number) for number in said.split()])
    base = min(cost for cost, _, _ in found["bare Django"])
    print(f"{'':16}{'least µs':>9}{'median':>8}{'bytes':>7}{'load ms':>9}{'of bare Django':>16}")
    for name, runs in found.items():
        costs = [cost for cost, _, _ in runs]
        loads = [load for _, _, load in runs]
        print(
            f"{name:16}{min(costs):9}{statistics.median(costs):8.0f}{runs[0][1]:7}"
            f"{min(loads):9}{min(costs) / base:16.2f}"
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

    bare = write(
        place / "bare_flask", "url_for('static', filename='{}')", "url_for('{}')", "{{ %s }}"
    )
    (bare / "page.py").write_text(FLASK)
    (bare / ".venv").symlink_to(place / "flask-shop" / ".venv")
    bare = place / "bare_django"
    bare.mkdir()
    (bare / ".venv").symlink_to(place / "django-shop" / ".venv")
    run(bare, "django-admin", "startproject", "page", ".")
    write(bare, "static '{}'", "url '{}'", "{%% %s %%}")
    (bare / "page" / "urls.py").write_text(DJANGO)
    base = bare / "templates" / "base.html"
    base.write_text("{% load static %}" + base.read_text())
    configured = bare / "page" / "settings.py"
    text = configured.read_text().replace("DEBUG = True", "DEBUG = False")
    text = text.replace("ALLOWED_HOSTS = []", "ALLOWED_HOSTS = ['www.example.org']")
    configured.write_text(text.replace("'DIRS': []", "'DIRS': [BASE_DIR / 'templates']"))
    return {
        "bare Flask": ("bare_flask", "page:app"),
        "Flask project": ("flask-shop", "wsgi:app"),
        "bare Django": ("bare_django", "page.wsgi:application"),
        "Django project": ("django-shop", "config.wsgi:application"),
    }


def write(folder: Path, static: str, link: str, tag: str) -> Path:
    """Write the front page of a bare application, in the words of its template language."""
    templates = folder / "templates"
    templates.mkdir(parents=True)
    links = {
        "icon": tag % static.format("favicon.svg"),
        "sheet": tag % static.format("site.css"),
        "home": tag % link.format("home"),
        "notes": tag % link.format("notes"),
    }
    (templates / "base.html").write_text(BASE.format(**links))
    (templates / "home.html").write_text(PAGE)
    return folder


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
            command, cwd=folder, env=variables, check=True, stdout=subprocess.PIPE, stderr=log
        )
    return done.stdout.decode()


SECRET = secrets.token_urlsafe(48)

if __name__ == "__main__":
    main()
