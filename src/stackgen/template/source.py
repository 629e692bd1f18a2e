"""Where the template is, which version it has, and where its history is."""

import sys
from dataclasses import dataclass
from pathlib import Path

from stackgen.errors import SourceError

# The first one is written into new projects. A former one stays valid: a move strands no project.
PUBLIC_URLS: tuple[str, ...] = ("https://stackgen.invalid/stackgen.git",)

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A version of the template, and those before it.

    Attributes:
        root: The folder that holds `copier.yml` and `templates/` of this version.
        tag: Its release tag.
        history: A git bundle or repository that holds the earlier release tags; or none.
        urls: Its public addresses; the first is the present one.
    """

    root: Path
    tag: str
    history: Path | None
    urls: tuple[str, ...] = PUBLIC_URLS


def installed() -> Source:
    """Return the source that this installation brings.

    Raises:
        SourceError: it has no template, or no version.
    """
    root = template_root()
    return Source(root=root, tag=tag(), history=_history(root))


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
    found = _history(root)
    if found is None:
        raise SourceError(
            f"`{root}` holds neither `templates.bundle` nor a git repository, so the template has "
            "no history. Install stackgen from a wheel, or from a clone."
        )
    return found


def _history(root: Path) -> Path | None:
    bundle = root / "templates.bundle"
    if bundle.is_file():
        return bundle
    return root if (root / ".git").exists() else None


def _installed_version() -> str:
    # `importlib.metadata` alone would cost four times what starting Python does. The name of the
    # folder is `<name>-<version>.dist-info`: "Recording installed projects", packaging.python.org.
    for folder in sys.path:
        for path in Path(folder).glob("stackgen-*.dist-info"):
            return path.stem.removeprefix("stackgen-")
    raise SourceError("stackgen is not installed, so it has no version. Install it with pip.")
