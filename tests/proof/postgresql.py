"""A PostgreSQL server of the test run's own, on loopback, gone when the run ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from newcomer import free_port, run


def _programs() -> Path | None:
    """Debian keeps the server's programs off PATH, a folder a version."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """Start a server with its data in a folder of its own; yields the URL of an empty database."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and a check in CI must have it.")
        pytest.skip("PostgreSQL is not installed (Debian's package: postgresql)")
    # Not in a folder of pytest's: each pytest that a generated project starts closes these anew.
    with tempfile.TemporaryDirectory(prefix="stackgen-postgresql-") as folder:
        yield from _serve(programs, Path(folder))


def new_database(project: Path, server: str, name: str) -> str:
    """Make an empty database beside the server's own, by a project's psycopg; return its URL."""
    connection = f"psycopg.connect('{server}', autocommit=True)"
    code = f"import psycopg; {connection}.execute('CREATE DATABASE {name}')"
    run(".venv/bin/python", "-c", code, cwd=project)
    return server.replace("/shop", f"/{name}")


def _serve(programs: Path, folder: Path) -> Iterator[str]:
    # PostgreSQL refuses to run as root, and then wants to own its folder.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    data, port = folder / "data", free_port()
    if user:
        shutil.chown(folder, "postgres")

    def call(program: str, *words: str) -> None:
        subprocess.run(
            [*user, str(programs / program), *words],
            cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    call("initdb", "--auth=trust", "--username=proof", "--no-sync", f"--pgdata={data}")
    # Its data need not outlive the machine: nothing waits for the disk.
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        **dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit"), "off"),
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    call("pg_ctl", "start", "--wait", f"--pgdata={data}", f"--options={options}",
         f"--log={folder}/log")  # fmt: skip
    try:
        call("createdb", "--host=127.0.0.1", f"--port={port}", "--username=proof", "shop")
        yield f"postgresql://proof@127.0.0.1:{port}/shop"
    finally:
        call("pg_ctl", "stop", "--mode=immediate", f"--pgdata={data}")
