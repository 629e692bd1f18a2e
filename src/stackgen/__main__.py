"""`stackgen` and `python -m stackgen`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line."""
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # Before or after the moments in which `run` can catch it itself.
        code = 130
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Return the exit code; `--version` alone is answered before anything is imported."""
    if arguments == ["--version"]:
        from stackgen.template.source import version

        sys.stdout.write(f"stackgen {version()}\n")
        return 0
    # Collecting costs a tenth of a short life, and frees nothing that it needs. One project takes
    # fewer objects than this; a look at hundreds of them must not keep them all.
    gc.set_threshold(200_000)
    if arguments[:1] == ["new"] and not {"-h", "--help"} & set(arguments):
        from stackgen.template.rendering import get_ready

        get_ready()  # While the rest is imported, and found out.
    from stackgen.cli.app import run

    return run(arguments)


if __name__ == "__main__":
    main()
