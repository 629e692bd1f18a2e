"""Paths that nothing can be at: every command says so in one line, and none in a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run

LONG = "x" * 300

COMMANDS = {
    "new": "new PATH --defaults",
    "new-standard": "new shop --defaults --standard PATH",
    "new-answers": "new shop --answers PATH",
    "update": "update PATH",
    "undo": "update PATH --undo",
    "dry-run": "update PATH --dry-run --json",
    "adopt": "adopt PATH",
    "verify": "verify PATH",
    "discover": "status --discover PATH",
    "audit-standard": "audit --standard PATH",
    "fetch": "standard fetch PATH",
    "check": "standard check PATH",
    "init": "standard init PATH/acme",
}
SEVERAL = {
    "status": "status PATH",
    "forecast": "status PATH --forecast",
    "table": "status PATH --table",
    "audit": "audit PATH",
    "sarif": "audit PATH --sarif",
}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "loop").symlink_to("loop")
    return {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CACHE", "CONFIG", "STATE")}


@pytest.mark.parametrize("call", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("path", [LONG, f"{LONG}/x", "loop", "loop/x"], ids=["1", "2", "3", "4"])
def test_a_path_that_cannot_be_looked_up_is_refused(
    tmp_path: Path, home: dict[str, str], call: str, path: str
) -> None:
    done = run(*call.replace("PATH", path).split(), cwd=tmp_path, **home)
    assert done.returncode == 2
    assert done.stderr.startswith("stackgen: `")
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) < 450
    assert [entry.name for entry in tmp_path.iterdir()] == ["loop"]


@pytest.mark.parametrize("call", SEVERAL.values(), ids=SEVERAL)
@pytest.mark.parametrize("path", [LONG, "loop"], ids=["long", "loop"])
def test_of_several_it_is_the_error_of_one(
    tmp_path: Path, home: dict[str, str], call: str, path: str
) -> None:
    done = run(*call.replace("PATH", path).split(), cwd=tmp_path, **home)
    assert done.returncode == 3
    assert "cannot be reached" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "where", ["~nobody-of-that-name/x", "~nobody-of-that-name", "~nobody-of@1"]
)
@pytest.mark.parametrize(
    "call", ["new shop --defaults --standard", "audit --standard", "standard fetch"]
)
def test_a_home_that_nobody_knows_is_refused(
    tmp_path: Path, home: dict[str, str], call: str, where: str
) -> None:
    done = run(*call.split(), where, cwd=tmp_path, **home)
    assert done.returncode == 2
    assert done.stderr.startswith(f"stackgen: `{where}` cannot be where a standard is: nobody here")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("where", ["~nobody-of-that-name/x", f"/{LONG}"], ids=["home", "long"])
def test_the_same_in_a_configuration_names_the_file(
    tmp_path: Path, home: dict[str, str], where: str
) -> None:
    file = tmp_path / "CONFIG/stackgen/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[standards]\nacme = "{where}"\n')
    done = run("standard", "fetch", "acme", cwd=tmp_path, **home)
    assert done.returncode == 2
    assert done.stderr.startswith(f"stackgen: `{file}`: `")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "call",
    ["update", "update --undo", "status", "status --table", "audit", "audit --sarif", "verify"],
)
def test_a_current_directory_that_is_gone(tmp_path: Path, home: dict[str, str], call: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    done = subprocess.run(
        [
            "sh",
            "-c",
            script,
            "sh",
            str(gone),
            sys.executable,
            "-P",
            "-m",
            "stackgen",
            *call.split(),
        ],
        env={"PATH": "/usr/bin:/bin", **home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {2, 3}
    assert "current directory does not exist any more" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
