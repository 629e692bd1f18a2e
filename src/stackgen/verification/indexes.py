"""Package indexes that a lock names, and that only this machine is configured for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stackgen import foreign_toml

_REGISTRY = re.compile(r'\bregistry = "([^"]+)"')
_VARIABLES = (
    *("UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_INDEX_URL"),
    *("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"),
)
_KEYS = ("extra-index-url", "index", "index-url")


def warning(lock: Path) -> str:
    """Return in a sentence which indexes of a lock another machine may not know; empty for none.

    Args:
        lock: A lock of uv's, which has the address of an index with each package.

    Raises:
        OSError: It cannot be read.
    """
    addresses = {str(each) for each in _REGISTRY.findall(lock.read_text("utf-8"))}
    configured = {_host(address) for address in _configured()}
    hosts = sorted({_host(address) for address in addresses} & configured - {""})
    places = [f"`{host}`" for host in hosts]
    if any(not _host(address) for address in addresses):
        places.append("a folder")
    if not places:
        return ""
    return (
        f"Other machines: `{lock.name}` names {' and '.join(places)} of this machine's "
        "configuration. Lock without that if it is to be installed elsewhere, as by CI."
    )


def _host(address: str) -> str:
    """Return the host of an address, without the login."""
    with suppress(ValueError):
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    return ""


def _configured() -> Iterator[str]:
    for name in _VARIABLES:
        for word in os.environ.get(name, "").split():
            yield re.sub(r"^[\w.-]+=", "", word)  # uv lets an index have a name.
    for file in _files():
        # What uv cannot read either, it says itself.
        with suppress(OSError, ValueError):
            read = foreign_toml.loads(file.read_text("utf-8"))
            for part in (read, read.get("pip")):
                if isinstance(part, dict):
                    yield from _texts([part.get(key) for key in _KEYS])


def _files() -> Iterator[Path]:
    own = os.environ.get("UV_CONFIG_FILE")
    if own:
        yield Path(own)
    elif not os.environ.get("UV_NO_CONFIG"):
        personal = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or "~/.config"
        systems = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        for folder in (personal, *systems.split(os.pathsep), "/etc"):
            with suppress(RuntimeError):  # Nobody knows where their home is.
                yield Path(folder).expanduser() / "uv" / "uv.toml"


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(value.get("url"))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
