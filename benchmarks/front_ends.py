"""Measures what a front end costs: to install, to build, to load, and what Lighthouse says of it.

    python -m pip install . uv
    python benchmarks/front_ends.py [FRONTEND...]

For each front end a project of each framework is made. The packages, the seconds and the sizes are
those of the first: `frontend/` is the same in both. `npm ci` runs twice, with an empty cache and
with what that left. Every project is then served as its production commands say, behind TLS, with
a page full of notes, and Lighthouse looks at `/` and `/notes/` from a desktop and from a phone, in
three runs each; where there is a sign-in, it is signed in. Needs Debian's `chromium` and `openssl`.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests" / "proof"))

from tls_front import tls_front

FRONT_ENDS = ("react", "vue", "angular", "htmx")
FRAMEWORKS = ("django", "flask")
HOST = "shop.example"
LIGHTHOUSE = "lighthouse@13"
PAGES = ("/", "/notes/")
FORMS = ("desktop", "mobile")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ROUNDS = 3
# An audit with fewer points is named.
ENOUGH = 0.9
BIN = Path(sys.executable).parent
# What a server is given; each project has a database of its own.
PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": HOST,
    "DATABASE_URL": "sqlite:///site.sqlite3",
    "ADMIN_PATH": "measured",
    "TRUSTED_PROXY_COUNT": "1",
}
# Writes thirty notes, and prints the cookie of who may read them, where that is not everybody.
FILL = {
    "django": """
import django
django.setup()
from django.conf import settings
from django.test import Client
from notes.models import Note
from users.models import User
owner = User.objects.create_user("ada@example.com")
for number in range(30):
    Note.objects.create(owner=owner, title=f"Note {number}", text="Two bottles")
browser = Client()
browser.force_login(owner)
name = settings.SESSION_COOKIE_NAME
print(f"{name}={browser.cookies[name].value}")
""",
    "flask": """
from wsgi import app
from app.extensions import db
from app.notes.models import Note
with app.app_context():
    for number in range(30):
        db.session.add(Note(title=f"Note {number}", text="Two bottles"))
    db.session.commit()
""",
}
# Looks at a page in a browser of its own, which has the cookie as if it had signed in.
LOOK = """
import lighthouse, { desktopConfig } from 'lighthouse'
import puppeteer from 'puppeteer-core'

const asked = JSON.parse(process.argv[2])
const browser = await puppeteer.launch({
  executablePath: asked.chromium,
  acceptInsecureCerts: true,
  args: ['--no-sandbox', `--host-resolver-rules=${asked.rules}`],
})
if (asked.cookie) {
  const [name, value] = asked.cookie.split('=')
  const domain = new URL(asked.url).hostname
  await browser.setCookie({ name, value, domain, path: '/', secure: true, httpOnly: true })
}
const options = {
  port: new URL(browser.wsEndpoint()).port,
  onlyCategories: asked.categories,
  disableStorageReset: true,
}
const config = asked.form === 'desktop' ? desktopConfig : undefined
const { lhr } = await lighthouse(asked.url, options, config)
await browser.close()
process.stdout.write(JSON.stringify(lhr))
"""


@dataclass
class Project:
    """A project with its environment, and what its author is told to run on a server."""

    path: Path
    framework: str
    production: list[str]

    def run(self, command: str, **variables: str) -> str:
        """Run a command in the folder, as in production, and return what it prints."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.path,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the variables of a server; programs of the project come before others."""
        inherited = {
            name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
        }
        places = os.pathsep.join([str(self.path / ".venv" / "bin"), inherited["PATH"]])
        return {**inherited, **PRODUCTION, "PATH": places, **variables}


def main() -> None:
    """Print a table of all front ends, and what keeps Lighthouse from giving more points."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for front_end in sys.argv[1:] or FRONT_ENDS:
            print(f"\n{front_end}")
            costs: dict[str, str] = {}
            for framework in FRAMEWORKS:
                project = make(place, framework, front_end)
                prepare(project, costs)
                if framework == FRAMEWORKS[0]:
                    for name, value in {**costs, **sizes(project)}.items():
                        print(f"  {name:24}{value}")
                with serving(project, place) as port:
                    look(project, port, place)


def make(place: Path, framework: str, front_end: str) -> Project:
    """Make a project, and its environment with what building the pages needs."""
    name = f"{front_end}-{framework}"
    words = ["new", name, "--framework", framework, "--set", f"frontend={front_end}", "--json"]
    made = subprocess.run(
        [BIN / "stackgen", *words, "--no-git"], cwd=place, check=True, stdout=subprocess.PIPE
    )
    commands = json.loads(made.stdout)["next"]["production"]
    project = Project(place / name, framework, commands)
    uv = BIN / "uv"
    project.run(f"{uv} venv --quiet .venv && {uv} pip install --quiet --editable '.[build]'")
    return project


def prepare(project: Project, costs: dict[str, str]) -> None:
    """Run the commands of production up to the server, which is last; note what npm's take."""
    cache = project.path.parent / "npm"
    for command in project.production[2:-1]:
        if command.endswith("npm ci") and not costs:
            shutil.rmtree(cache, ignore_errors=True)
            modules = project.path / "frontend/node_modules"
            for said in ("npm ci, empty cache", "npm ci, warm cache"):
                shutil.rmtree(modules, ignore_errors=True)  # It would be npm that removes it.
                costs[said] = timed(project, command, cache)
            installed = modules / ".package-lock.json"
            costs["packages"] = str(len(json.loads(installed.read_text())["packages"]))
        elif command.endswith("npm run build"):
            seconds = timed(project, command, cache)
            costs.setdefault("npm run build", seconds)
        else:
            project.run(command, npm_config_cache=str(cache))


def timed(project: Project, command: str, cache: Path) -> str:
    """Run a command of npm's with a cache; return the seconds that it took."""
    start = time.perf_counter()
    project.run(command, npm_config_cache=str(cache))
    return f"{time.perf_counter() - start:.1f} s"


def sizes(project: Project) -> dict[str, str]:
    """Return the size of what a browser gets from the build, by kind: as it is, and compressed."""
    found: dict[str, list[bytes]] = {}
    for path in (project.path / "frontend" / "dist").rglob("*"):
        if path.suffix in {".html", ".js", ".css"}:
            found.setdefault(path.suffix, []).append(path.read_bytes())
    return {
        f"{kind}, {len(files)} of it": f"{sum(map(len, files)) / 1000:.1f} kB, gzip "
        f"{sum(len(gzip.compress(file)) for file in files) / 1000:.1f} kB"
        for kind, files in sorted(found.items())
    }


@contextmanager
def serving(project: Project, place: Path) -> Iterator[int]:
    """Serve a project behind TLS; yields the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = project.production[-1].replace(":8000", f":{port}")
    with (place / "server.log").open("w") as log:
        server = subprocess.Popen(
            command.split(),
            cwd=project.path,
            env=project.environment(),
            stdout=log,
            stderr=log,
        )
        try:
            await_server(port, server, Path(log.name))
            with tls_front(port, HOST, place) as front:
                yield front
        finally:
            server.terminate()
            server.wait()


def await_server(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server listens; end with its log where it does not."""
    for _ in range(1800):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(log.read_text())


def look(project: Project, port: int, place: Path) -> None:
    """Print the points of each page in each form, and what has cost some."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    (project.path / "fill.py").write_text(FILL[project.framework])
    cookie = project.run("PYTHONPATH=. .venv/bin/python fill.py", **settings).strip()
    program = place / "lighthouse"
    if not program.exists():
        program.mkdir()
        command = f"cd {program} && npm install --silent --no-audit --no-fund {LIGHTHOUSE}"
        project.run(command, npm_config_cache=str(place / "npm"))
        (program / "look.mjs").write_text(LOOK)
    for page in PAGES:
        for form in FORMS:
            reports = [ask(project, port, place, page, form, cookie) for _ in range(ROUNDS)]
            print(
                f"  {project.framework:7} {page:8} {form:8}",
                *(f"{points(reports, name):4}" for name in CATEGORIES),
            )
            for line in sorted(set.intersection(*map(lost, reports))):
                print(f"      {line}")


def ask(
    project: Project, port: int, place: Path, page: str, form: str, cookie: str
) -> dict[str, Any]:
    """Let Lighthouse look at a page once, in a browser that knows of no other host."""
    rules = f"MAP {HOST}:443 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    asked = {
        "chromium": shutil.which("chromium"),
        "rules": rules,
        "cookie": cookie,
        "url": f"https://{HOST}{page}",
        "form": form,
        "categories": CATEGORIES,
    }
    done = subprocess.run(
        ["node", place / "lighthouse" / "look.mjs", json.dumps(asked)],
        env=project.environment(),
        check=True,
        stdout=subprocess.PIPE,
    )
    return dict(json.loads(done.stdout))


def points(reports: list[dict[str, Any]], category: str) -> int:
    """Return the points of a category: the least, but of the performance the most.

    What else the machine does costs points there, and never gives any.
    """
    found = [report["categories"][category]["score"] or 0 for report in reports]
    return round(100 * (max if category == "performance" else min)(found))


def lost(report: dict[str, Any]) -> set[str]:
    """Return what costs points in a report, of what counts in any category."""
    counting = {
        each["id"]
        for name in CATEGORIES
        for each in report["categories"][name]["auditRefs"]
        if each["weight"]
    }
    return {
        f"{name}: {audit['title']}"
        for name, audit in report["audits"].items()
        if name in counting and audit["score"] is not None and audit["score"] < ENOUGH
    }


if __name__ == "__main__":
    main()
