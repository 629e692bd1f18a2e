"""Measures what the API of a project adds to a bare view that does the same work.

    python -m pip install . uv
    python benchmarks/api_cost.py [rounds [framework]]

Processor time in microseconds for a GET of a page of one, with a token. The bare view looks the
token up and asks the same two queries, and answers with the framework's JSON. The project's
application is measured without its layers of headers and logs, first without limits, then with
them; and whole. They take turns, so that a busy machine slows all alike.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ASK = """
def ask(application):
    said = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/notes/", "SCRIPT_NAME": "",
        "QUERY_STRING": "", "SERVER_NAME": "www.example.org", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "www.example.org",
        "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        "HTTP_AUTHORIZATION": f"Bearer {secret}", "REMOTE_ADDR": "10.0.0.1",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    answer = application(environ, lambda status, headers, error=None: said.append(status))
    b"".join(answer)
    getattr(answer, "close", lambda: None)()
    assert said[0].startswith("200"), said
"""
TAKE_TURNS = """
found = {name: [] for name in cases}
for _ in range(int(sys.argv[1])):
    for name, (application, *chosen) in cases.items():
        choose(*chosen)
        for _ in range(50):
            ask(application)
        start = time.process_time()
        for _ in range(300):
            ask(application)
        found[name].append((time.process_time() - start) / 300 * 1e6)
base = min(found["bare view"])
for name, costs in found.items():
    least, median = min(costs), statistics.median(costs)
    print(f"{name:28}{least:9.0f}{median:9.0f}{least / base:9.2f}")
"""
FLASK = (
    """
import io, statistics, sys, time
from datetime import UTC, datetime
from hashlib import sha256

sys.path.insert(0, "")
from flask import Flask, abort, jsonify, request
from sqlalchemy import func, or_, select

from app.api import tokens
from app.api.models import ApiToken
from app.database import close_session
from app.extensions import db
from app.notes.models import Note
from wsgi import app

with app.app_context():
    token, secret = tokens.make("measured", "write")
    db.session.add_all([token, Note(title="Milk", text="Two litres.")])
    db.session.commit()

bare = Flask("bare")
bare.extensions["sqlalchemy"] = app.extensions["sqlalchemy"]
bare.teardown_appcontext(close_session)

@bare.get("/api/v1/notes/")
def notes():
    digest = sha256(request.headers["Authorization"].split()[1].encode()).hexdigest()
    valid = or_(ApiToken.expires.is_(None), ApiToken.expires > datetime.now(UTC))
    known = select(ApiToken).where(ApiToken.digest == digest, ApiToken.revoked.is_(None), valid)
    if db.session.scalar(known) is None:
        abort(401)
    limit, offset = (request.args.get(name, least, int) for name, least in PAGE.items())
    found = db.session.scalars(select(Note).order_by(Note.id).limit(limit).offset(offset)).all()
    total = db.session.scalar(select(func.count()).select_from(select(Note).subquery()))
    items = [
        {"id": note.id, "title": note.title, "text": note.text, "created": note.created.isoformat()}
        for note in found
    ]
    return jsonify({"items": items, "count": total})

PAGE = {"limit": 20, "offset": 0}
inner = Flask.wsgi_app.__get__(app)
settings = app.config["SETTINGS"]

"""
    + ASK
    + """
cases = {
    "bare view": (bare.wsgi_app, 0),
    "the API": (inner, 0),
    "with its limits": (inner, 10**9),
    "whole, with headers and log": (app.wsgi_app, 10**9),
}
def choose(limit):
    settings.api_limit_token = settings.api_limit_network = limit
"""
    + TAKE_TURNS
)
DJANGO = (
    """
import io, os, statistics, sys, time
from hashlib import sha256

sys.path.insert(0, "")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.test import override_settings
from django.urls import path

settings.DATABASES["default"]["CONN_MAX_AGE"] = None  # opening a file costs more than the rest
whole = get_wsgi_application()
from django.core.handlers.wsgi import WSGIHandler
from api.models import Token
from api.tokens import digest
from notes.models import Note
from users.models import User

secret = "api_measured"
user = User.objects.create_user("ada@example.com")
Token.objects.create(user=user, name="measured", digest=digest(secret))
Note.objects.create(owner=user, title="Milk", text="Two litres.")

def notes(request):
    given = sha256(request.headers["Authorization"].split()[1].encode()).hexdigest()
    token = Token.objects.select_related("user").get(digest=given)
    found = Note.objects.filter(owner=token.user).order_by("pk")
    items = [
        {"id": note.pk, "title": note.title, "text": note.text, "created": note.created}
        for note in found[0:20]
    ]
    return JsonResponse({"items": items, "count": found.count()})

urlpatterns = [path("api/v1/notes/", notes)]

def handler(middleware):
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()

bare, inner = handler([]), handler(["api.middleware.api_requests"])
"""
    + ASK
    + """
cases = {
    "bare view": (bare, 0, __name__),
    "the API": (inner, 0, settings.ROOT_URLCONF),
    "with its limits": (inner, 10**9, settings.ROOT_URLCONF),
    "whole, with headers and log": (whole, 10**9, settings.ROOT_URLCONF),
}
def choose(limit, urls):
    settings.API_LIMIT_TOKEN = settings.API_LIMIT_NETWORK = limit
    override_settings(ROOT_URLCONF=urls).enable()
"""
    + TAKE_TURNS
)
MIGRATE = ["python", "manage.py", "migrate", "-v0", "--settings", "config.settings.production"]
PARTS = {
    "django": (DJANGO, [MIGRATE]),
    "flask": (FLASK, [["flask", "--app", "wsgi", "db", "upgrade"]]),
}


def main() -> None:
    """Print the least and the median cost of each, and the ratio to the bare view."""
    rounds = sys.argv[1] if len(sys.argv) > 1 else "7"
    uv = str(Path(sys.executable).with_name("uv"))
    stackgen = Path(sys.executable).with_name("stackgen")
    for framework in sys.argv[2:] or PARTS:
        code, prepare = PARTS[framework]
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "shop"
            new = ["new", str(project), "--framework", framework, "--set", "api=true"]
            subprocess.run([stackgen, *new, "--quiet", "--no-git"], check=True)
            for command in (["venv", ".venv"], ["pip", "install", "--python", ".venv", "-e", "."]):
                subprocess.run([uv, command[0], "--quiet", *command[1:]], cwd=project, check=True)
            variables = {
                "SECRET_KEY": secrets.token_urlsafe(48),
                "ALLOWED_HOSTS": "www.example.org",
                "DATABASE_URL": f"sqlite:///{project}/site.sqlite3",
                "ADMIN_PATH": "office",
                "TRUSTED_PROXY_COUNT": "1",
                "FLASK_SKIP_DOTENV": "1",
                "PATH": str(project / ".venv" / "bin"),
            }
            print(f"{framework:28}{'least µs':>9}{'median':>9}{'of bare':>9}", flush=True)
            for command in (*prepare, ["python", "-c", code, rounds]):
                program = project / ".venv" / "bin" / command[0]
                with (project / "errors.log").open("w") as log:
                    subprocess.run(
                        [program, *command[1:]], cwd=project, env=variables, check=True, stderr=log
                    )


if __name__ == "__main__":
    main()
