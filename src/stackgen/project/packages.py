"""The packages that a project installs, of either framework and with any option.

`pip install -e .` of a project with such a name finds itself in the place of the package. The list
is a test's to keep: it resolves what rendered projects need (`tests/proof/test_packages.py`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stackgen.errors import SourceError

_PACKAGED = Path(__file__).with_name("packages.txt")


@cache
def installed_packages() -> frozenset[str]:
    """Return their names, as PEP 503 normalises them.

    Raises:
        SourceError: The list of this installation cannot be read.
    """
    try:
        return frozenset(_PACKAGED.read_text(encoding="utf-8").split())
    except (OSError, ValueError) as error:
        raise SourceError(
            f"`{_PACKAGED.name}` cannot be read: {error}. Install stackgen again."
        ) from error
