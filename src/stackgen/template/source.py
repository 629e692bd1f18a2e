"""Where the template is, which version it has, and where its history is."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
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
        tag: What projects of this version record.
        history: The bundle of a build, or the clone, that holds the earlier versions; or none.
        urls: Its public addresses; the first is the present one.
    """

    root: Path
    tag: str
    history: Path | None
    urls: tuple[str, ...] = PUBLIC_URLS


def installed() -> Source:
    """Return the source that this installation brings.

    Raises:
        SourceError: It has no template, or no version.
    """
    root = template_root()
    return Source(root=root, tag=tag(), history=_history(root))


def version() -> str:
    """Return the version of this stackgen, as PEP 440 writes it.

    Where it runs from a clone that is the version of what the clone holds now, and not of what it
    held when it was installed: the template is read from there, too.

    Raises:
        SourceError: Nothing knows the version: the package is neither built, nor installed, nor in
            a clone; or the releases that the clone names are malformed.
        RenderError: git failed.
    """
    try:
        return (_PACKAGE / "version.txt").read_text(encoding="ascii").strip()
    except FileNotFoundError:  # only a build has it
        return _clone_version(_PACKAGE.parents[1]) or _installed_version()


def tag() -> str:
    """Return what projects record that follow the installed version."""
    return f"v{version()}"


def template_root() -> Path:
    """Return the folder that holds `copier.yml` and `templates/`: of the wheel, or of the checkout.

    Raises:
        SourceError: This installation has no template.
    """
    for folder in (_PACKAGE / "_template", _PACKAGE.parents[1]):
        if (folder / "copier.yml").is_file() and (folder / "templates").is_dir():
            return folder
    raise SourceError(f"`{_PACKAGE}` holds no template. Install stackgen again.")


def history() -> Path:
    """Return what holds the earlier versions of the template: the build's bundle, or the clone.

    Raises:
        SourceError: This installation has none: it can make projects, but not update them.
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


@cache  # A process has one version, as its code is of one.
def _clone_version(root: Path) -> str | None:
    from stackgen.template.clone import find_clone
    from stackgen.template.objects import Objects
    from stackgen.template.versions import clone_version

    clone = find_clone(root) if (root / ".git").exists() else None
    return clone_version(clone, Objects(root)) if clone else None


def _installed_version() -> str:
    # `importlib.metadata` alone would cost four times what starting Python does. The name of the
    # folder is `<name>-<version>.dist-info`: "Recording installed projects", packaging.python.org.
    for folder in sys.path:
        for path in Path(folder).glob("stackgen-*.dist-info"):
            return path.stem.removeprefix("stackgen-")
    raise SourceError("stackgen is not installed, so it has no version. Install it with pip.")
