"""Where the template is, which version it has, and where its history is."""

import sys
from pathlib import Path

from stackgen.errors import SourceError

# The first one is written into new projects. A former one stays valid: a move strands no project.
PUBLIC_URLS: tuple[str, ...] = ("https://stackgen.invalid/stackgen.git",)

_PACKAGE = Path(__file__).resolve().parent


def version() -> str:
    """Return the version of the installed stackgen, as PEP 440 writes it.

    Raises:
        SourceError: the package is neither built nor installed, so that nothing knows its version.
    """
    try:
        return (_PACKAGE / "version.txt").read_text(encoding="ascii").strip()
    except FileNotFoundError:  # only a wheel has it: this is an editable installation
        return _installed_version()


def tag() -> str:
    """Return the release tag that the installed template carries in its history."""
    return f"v{version()}"


def template_root() -> Path:
    """Return the folder that holds `copier.yml` and `templates/`: of the wheel, or of the checkout.

    Raises:
        SourceError: this installation has no template.
    """
    for folder in (_PACKAGE / "_template", _PACKAGE.parents[1]):
        if (folder / "copier.yml").is_file() and (folder / "templates").is_dir():
            return folder
    raise SourceError(f"`{_PACKAGE}` holds no template. Install stackgen again.")


def history() -> Path:
    """Return a git repository of the template's release tags: the wheel's bundle, or the checkout.

    Raises:
        SourceError: this installation has none: it can make projects, but not update them.
    """
    root = template_root()
    for path in (root / "templates.bundle", root / ".git"):
        if path.exists():
            return root if path.name == ".git" else path
    raise SourceError(
        f"`{root}` holds neither `templates.bundle` nor a git repository, so the template has no "
        "history. Install stackgen from a wheel, or from a clone."
    )


def _installed_version() -> str:
    # `importlib.metadata` alone would cost four times what starting Python does. The name of the
    # folder is `<name>-<version>.dist-info`: "Recording installed projects", packaging.python.org.
    for folder in sys.path:
        for path in Path(folder).glob("stackgen-*.dist-info"):
            return path.stem.removeprefix("stackgen-")
    raise SourceError("stackgen is not installed, so it has no version. Install it with pip.")
