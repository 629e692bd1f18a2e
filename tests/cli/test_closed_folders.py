"""Files and folders that may not be read: one line that names them, and never a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from standards import make_standard
from template_history import PERSON

# Whoever may read everything, as root, gives that up.
AS_ANYBODY = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)
IS_ROOT = os.geteuid() == 0

pytestmark = pytest.mark.skipif(
    IS_ROOT and not shutil.which("setpriv"), reason="root may read everything"
)

OVERLAY = {
    "standard.toml": 'name = "acme"\n[files]\nrequired = ["docs/owners.md"]\n',
    "overlay/common/docs/owners.md": "Ann\n",
}


def stackgen(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    home = {f"XDG_{kind}_HOME": str(cwd / kind) for kind in ("CACHE", "CONFIG", "STATE")}
    return subprocess.run(
        [*(AS_ANYBODY if IS_ROOT else ()), sys.executable, "-P", "-m", "stackgen", *words],
        cwd=cwd,
        env={**os.environ, **home, **PERSON},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Path]:
    folder = make_standard(tmp_path / "acme", OVERLAY)
    yield folder
    for path in (folder, folder / "overlay", folder / "overlay/common/docs/owners.md"):
        path.chmod(0o755)


@pytest.mark.parametrize(
    ("closed", "call"),
    [
        ("overlay", "new shop --defaults --standard acme"),
        ("overlay", "audit shop --standard acme"),
        ("overlay", "standard fetch acme"),
        ("overlay", "standard check acme"),
        ("overlay/common/docs/owners.md", "standard fetch acme"),
        ("overlay/common/docs/owners.md", "standard check acme"),
        ("", "standard fetch acme"),
        ("", "standard check acme"),
        ("", "audit shop --standard acme/sub"),
        ("", "standard check acme/sub"),
        ("", "standard init acme/sub"),
    ],
)
def test_a_standard_that_may_not_be_read(
    tmp_path: Path, acme: Path, closed: str, call: str
) -> None:
    (acme / closed).chmod(0)
    done = stackgen(*call.split(), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("stackgen: `")
    path = str(acme / closed) if closed else call.rsplit(maxsplit=1)[-1]
    assert path in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "call",
    ["adopt shop", "update shop", "verify shop", "standard check shop", "standard init shop"],
)
def test_a_folder_that_may_not_be_read_is_refused(tmp_path: Path, call: str) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    folder.chmod(0)
    done = stackgen(*call.split(), cwd=tmp_path)
    folder.chmod(0o755)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("stackgen: `")
    assert "shop`" in done.stderr
    assert "it may not be entered" in done.stderr
    assert "--help" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("call", ["status", "status --table", "audit", "audit --markdown"])
def test_of_several_projects_it_is_the_error_of_one(tmp_path: Path, call: str) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0)
    (tmp_path / "other").mkdir()
    done = stackgen(*call.split(), "closed", "other", cwd=tmp_path)
    folder.chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert "it may not be entered" in done.stdout
    assert "other" in done.stdout


@pytest.mark.parametrize("call", ["standard fetch acme", "new shop --defaults --standard acme"])
def test_what_is_kept_of_a_standard_and_may_not_be_read(
    tmp_path: Path, acme: Path, call: str
) -> None:
    assert stackgen("standard", "fetch", str(acme), cwd=tmp_path).returncode == 0
    (kept,) = (tmp_path / "CACHE/stackgen/standards").iterdir()
    kept.chmod(0)
    done = stackgen(*call.split(), cwd=tmp_path)
    kept.chmod(0o755)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith(f"stackgen: `{kept}` cannot be read: it may not be entered.")
    assert done.stderr.count("\n") == 1


def test_a_new_project_in_a_closed_folder(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0)
    done = stackgen("new", "closed", "--defaults", cwd=tmp_path)
    said = "stackgen: `closed` cannot be used: Permission denied. Choose another place.\n"
    assert (done.returncode, done.stderr) == (2, said)
