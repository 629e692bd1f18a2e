"""`stackgen` and `python -m stackgen`."""

import sys


def main() -> None:
    """Run the command line; `--version` alone is answered before anything is imported."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from stackgen.source import version

        sys.stdout.write(f"stackgen {version()}\n")
        return
    from stackgen.cli import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
