"""What a failed command says, and whose doing it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackgen.verification.causes import machine_cause
from stackgen.verification.process import Ended


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("npm error code ECONNREFUSED", "The package index cannot be reached"),
        ("npm error code ENOTFOUND", "The package index cannot be reached"),
        ("npm error code E503", "The package index does not answer as one"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "The package index does not answer as one"),
        ("npm error code EBADENGINE", ""),
        ("npm error code EINTEGRITY", ""),
    ],
)
def test_npm_is_understood_where_it_installs(said: str, cause: str, tmp_path: Path) -> None:
    ended = Ended(1, f"{said}\nnpm error A complete log of this run can be found in: log\n")
    found = machine_cause(ended, tmp_path, installs=True)
    assert found.startswith(cause) if cause else found == ""
    assert machine_cause(ended, tmp_path, installs=False) == "", "a test may print anything"
