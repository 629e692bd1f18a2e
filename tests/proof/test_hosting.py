"""What stands in `deploy/`: looked over by the tools that it is for, and in front of a project."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from newcomer import (
    SECRET,
    Answer,
    Project,
    clone,
    free_port,
    run,
    serving,
    shell,
)
from tls_front import make_certificate

HOST = "localhost"
MOST_EXPOSED = 3.0
"""What `systemd-analyze security` may say, from 0 to 10."""
THREADS = 8
"""How many requests a project works on: two workers of four threads."""
CARELESS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CARELESS.check_hostname, CARELESS.verify_mode = False, ssl.CERT_NONE
FORMS = {"django": "/accounts/login/", "flask": "/notes/new/"}
"""A page whose form is read before anything else is done with it."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FORGED = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http", "X-Request-ID": "forged-id"}


def needs(program: str) -> str:
    """Where a program is; Debian keeps some off the path of a user."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, and a check in CI must have it.")
        pytest.skip(f"{program} is not installed")
    return found


@dataclass
class Released:
    """A project where a server would have it, with the variables of `deploy/.env.example`."""

    path: Path
    unit: str
    variables: dict[str, str]
    port: int

    @property
    def pid_file(self) -> Path:
        return self.path.with_name("gunicorn.pid")

    def deploys(self, name: str) -> str:
        return (self.path / "deploy" / name).read_text()


@pytest.fixture(scope="module")
def released(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """A clone with its steps of production done, in other places than those of its files."""
    folder = tmp_path_factory.mktemp("released")
    path = clone(project, folder / "copy")
    (path / ".venv").symlink_to(project.path / ".venv")
    name = project.path.name
    lines = (path / "deploy/.env.example").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    empty = {name for name, value in variables.items() if not value}
    assert empty <= {"SECRET_KEY", "ADMIN_PATH"}
    variables |= dict.fromkeys(empty, SECRET)
    variables = {
        key: value.replace(f"/var/lib/{name}", str(folder)).replace("www.example.com", HOST)
        for key, value in variables.items()
    }
    unit = (path / "deploy/gunicorn.service").read_text().replace(f"/srv/{name}", str(path))
    for step in project.result["next"]["production"][2:-1]:
        shell(step, path, **variables)
    return Released(path, unit, variables, free_port())


# --- by the tools' own checkers ------------------------------------------------------------


def test_the_unit_is_clean_and_gives_little_away(released: Released, tmp_path: Path) -> None:
    analyze = needs("systemd-analyze")
    unit = tmp_path / "acme-shop.service"
    unit.write_text(released.unit)
    done = run(analyze, "verify", str(unit), cwd=tmp_path)
    assert done.stdout == ""
    said = run(analyze, "security", "--offline=true", str(unit), cwd=tmp_path).stdout
    exposure = re.search(r"Overall exposure level for .*: ([\d.]+)", said)
    assert exposure, said
    assert float(exposure[1]) <= MOST_EXPOSED


def test_the_variables_are_read_by_systemd_as_they_are_meant(released: Released) -> None:
    """No quote, blank or backslash, which systemd, Compose and a shell take each in their way."""
    for line in released.deploys(".env.example").splitlines():
        assert re.fullmatch(r"#.*|[A-Z][A-Z0-9_]*=[\w./:@-]*", line), line


def as_it_is_called(caddy: str) -> dict[str, str]:
    """What a machine sets for the site, as its comment says: Debian's Caddy is older."""
    said = run(caddy, "version", cwd=Path.cwd()).stdout
    version = tuple(map(int, re.findall(r"\d+", said)[:3]))
    return {"REQUEST_BUFFERS": "buffer_requests"} if version < (2, 6, 4) else {}


def test_caddy_takes_its_site(released: Released, tmp_path: Path) -> None:
    words = ("validate", "--adapter", "caddyfile", "--config")
    path = str(released.path / "deploy/Caddyfile")
    variables = {"HOME": str(tmp_path), **as_it_is_called(needs("caddy"))}
    said = run(needs("caddy"), *words, path, cwd=tmp_path, **variables).stdout
    assert "Valid configuration" in said
    assert run(needs("caddy"), "fmt", path, cwd=tmp_path).stdout == released.deploys("Caddyfile")


# --- in front of a project -----------------------------------------------------------------


class Front(NamedTuple):
    """A proxy: the ports of http and https."""

    plain: int
    secure: int


def nginx_site(released: Released, folder: Path, front: Front) -> str:
    """The site with the ports of this run; the machine may have no IPv6."""
    certificate, key = make_certificate(HOST, folder)
    site = "\n".join(
        line for line in released.deploys("nginx.conf").splitlines() if "[::]" not in line
    )
    for before, after in {
        "listen 80;": f"listen 127.0.0.1:{front.plain};",
        "listen 443 ": f"listen 127.0.0.1:{front.secure} ",
        "www.example.com;": f"{HOST};",
        "/etc/letsencrypt/live/www.example.com/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/www.example.com/privkey.pem": str(key),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{released.port}",
    }.items():
        assert before in site
        site = site.replace(before, after)
    return site


@contextmanager
def nginx(released: Released, folder: Path) -> Iterator[Front]:
    """nginx as Debian configures it, with the site and a folder of its own."""
    program, front = needs("nginx"), Front(free_port(), free_port())
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"user root;\ndaemon off;\nerror_log stderr;\npid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{\naccess_log /dev/null;\n{places}{nginx_site(released, folder, front)}\n}}\n"
    )
    said = run(program, "-t", "-c", str(configuration), cwd=folder).stdout
    assert "test is successful" in said
    assert "warn" not in said
    with serving(f"{program} -c {configuration}", folder, front.secure):
        yield front


@contextmanager
def caddy(released: Released, folder: Path) -> Iterator[Front]:
    """Caddy with an authority of its own, which this machine is not told to trust."""
    program, front = needs("caddy"), Front(free_port(), free_port())
    configuration = folder / "Caddyfile"
    configuration.write_text(
        f"{{\n\tskip_install_trust\n\tadmin off\n\thttp_port {front.plain}\n}}\n"
        + released.deploys("Caddyfile")
    )
    variables = {
        **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder)),
        "SITE_URL": f"https://{HOST}:{front.secure}",
        "UPSTREAM": f"127.0.0.1:{released.port}",
        **as_it_is_called(program),
    }
    command = f"{program} run --adapter caddyfile --config {configuration}"
    with serving(command, folder, front.secure, **variables):
        _wait_for_its_certificate(front)
        yield front


def _wait_for_its_certificate(front: Front) -> None:
    """Caddy listens before it has made one."""
    for _ in range(100):
        with contextlib.suppress(ssl.SSLError), contextlib.closing(connect(front)) as connection:
            connection.connect()
            return
        time.sleep(0.1)
    pytest.fail("Caddy has no certificate after 10 seconds.")


@pytest.fixture(scope="module")
def log(released: Released) -> Iterator[Path]:
    """gunicorn as the unit starts it; yields the file of its log."""
    (command,) = re.findall(r"(?m)^ExecStart=(.*)$", released.unit)
    variables = {**released.variables, "PORT": str(released.port)}
    command += f" --pid {released.pid_file}"
    with serving(command, released.path, released.port, **variables) as printed:
        yield printed


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def front(
    request: pytest.FixtureRequest,
    released: Released,
    log: Path,  # noqa: ARG001 - it serves
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    with request.param(released, tmp_path_factory.mktemp("front")) as started:
        yield started


def ask(
    front: Front,
    path: str = "/",
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask the proxy over TLS, as somebody who minds no certificate."""
    connection = connect(front)
    try:
        connection.request(method, path, body, {"Host": HOST, **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))
    finally:
        connection.close()


def connect(front: Front) -> http.client.HTTPSConnection:
    return http.client.HTTPSConnection(HOST, front.secure, timeout=30, context=CARELESS)


def test_host_scheme_and_address_are_what_the_proxy_knows(front: Front, log: Path) -> None:
    answer = ask(front, headers=FORGED)
    assert answer.status == 200, "it is https, whatever the client says"
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert answer.headers.get_all("X-Request-ID") != ["forged-id"]
    (line,) = [
        each for each in log.read_text().splitlines() if answer.headers["X-Request-ID"] in each
    ]
    assert "6.6.6.6" not in line
    assert re.search(r'"address": "(127\.0\.0\.1|::1)"', line)


def test_http_is_sent_to_https(front: Front) -> None:
    connection = http.client.HTTPConnection(HOST, front.plain, timeout=30)
    connection.request("GET", "/notes/?a=b")
    answer = connection.getresponse()
    connection.close()
    assert answer.status in {301, 308}
    assert re.fullmatch(rf"https://{HOST}(:\d+)?/notes/\?a=b", answer.headers["Location"])


def test_what_is_too_large_is_refused(front: Front, project: Project) -> None:
    form = FORMS[project.framework]
    refused = ask(front, form, method="POST", body=b"a" * 7_000_000, headers=FORM)
    assert refused.status in {413, 502}, "Debian's Caddy says 502"
    assert ask(front).status == 200


@pytest.mark.parametrize("front", [nginx], ids=["nginx"], indirect=True)
def test_nginx_lets_the_project_answer_what_is_a_little_too_large(
    front: Front, project: Project, log: Path
) -> None:
    form = FORMS[project.framework]
    refused = ask(front, form, method="POST", body=b"a" * 5_500_000, headers=FORM)
    assert refused.status == 413
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    before = log.read_text().count(form)
    refused = ask(front, form, method="POST", body=b"a" * 7_000_000, headers=FORM)
    assert refused.status == 413
    assert log.read_text().count(form) == before, "a worker has seen it"


def test_slow_clients_hold_no_worker(front: Front, project: Project) -> None:
    """More of them than there are threads send half a form each; others are answered."""
    form = FORMS[project.framework]
    cookies = ask(front, form).headers.get_all("Set-Cookie") or []
    slow = [connect(front) for _ in range(THREADS + 4)]
    for connection in slow:
        connection.putrequest("POST", form)
        connection.putheader("Origin", f"https://{HOST}")
        connection.putheader("Cookie", "; ".join(line.partition(";")[0] for line in cookies))
        connection.putheader("Content-Type", FORM["Content-Type"])
        connection.putheader("Content-Length", "1000")
        connection.endheaders(b"a" * 10)
    time.sleep(0.5)
    began = time.monotonic()
    assert [ask(front).status for _ in range(4)] == [200] * 4
    assert time.monotonic() - began < 10
    for connection in slow:
        connection.close()


def test_a_reload_loses_no_request(front: Front, log: Path, released: Released) -> None:
    master = int(released.pid_file.read_text())
    started = log.read_text().count("Booting worker")
    seen: Counter[object] = Counter()
    stop = threading.Event()

    def visit() -> None:
        while not stop.is_set():
            for method in ("GET", "POST"):
                try:
                    answer = ask(front, method=method, body=b"a=b" if method == "POST" else None)
                    seen[(method, answer.status)] += 1
                except OSError as error:
                    seen[repr(error)] += 1

    visitors = [threading.Thread(target=visit) for _ in range(THREADS)]
    for visitor in visitors:
        visitor.start()
    for _ in range(2):
        time.sleep(1)
        os.kill(master, signal.SIGHUP)
        started += 2
        deadline = time.monotonic() + 30
        while log.read_text().count("Booting worker") < started and time.monotonic() < deadline:
            time.sleep(0.1)
    time.sleep(2)
    stop.set()
    for visitor in visitors:
        visitor.join()
    assert log.read_text().count("Booting worker") >= started
    assert set(seen) == {("GET", 200), ("POST", 405)} or set(seen) == {("GET", 200), ("POST", 403)}
    assert min(seen.values()) >= THREADS
