"""npm in `frontend/`, with the Node of this environment: `python -m config.npm run build`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"


def environment() -> dict[str, str]:
    """Return the variables of this process; programs of its environment come before others.

    npm starts the `node` that it finds in PATH, which may be an old one, or none.
    """
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    return os.environ | {"PATH": os.pathsep.join(folders)}


def command(*args: str) -> list[str]:
    """Return what runs npm with these arguments; end with a line where there is no npm."""
    npm = shutil.which("npm", path=environment()["PATH"])
    if npm is None:
        raise SystemExit('npm is not installed. Run: .venv/bin/python -m pip install -e ".[dev]"')
    return [npm, *args]


def run(*args: str) -> int:
    """Run npm in `frontend/` and return its exit code."""
    return subprocess.call(command(*args), cwd=FRONTEND, env=environment())  # noqa: S603


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
