"""`stackgen` and `python -m stackgen`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line; `--version` alone is answered before anything is imported."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from stackgen.template.source import version

        sys.stdout.write(f"stackgen {version()}\n")
        return
    gc.disable()  # A short life: collecting costs a tenth of it and frees nothing that is needed.
    try:
        from stackgen.cli.app import run

        code = run(arguments)
    except KeyboardInterrupt:  # Before or after the moments in which `run` can catch it itself.
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
