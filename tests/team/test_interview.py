"""An interview with a standard: what is locked is shown, with its reason, and not asked."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pexpect
import yaml
from standards import LOCKED, make_standard

LOCKS = (
    LOCKED
    + """
[options.framework]
value = "flask"
locked = true
because = "We know it."

[answers.accounts]
value = "nobody"
locked = true
"""
)


def test_what_is_locked_is_shown_and_not_asked(tmp_path: Path) -> None:
    acme = make_standard(tmp_path / "acme", {"standard.toml": LOCKS})
    homes = ("CACHE", "CONFIG", "STATE")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "stackgen", "new", "shop", "--no-git", "--standard", str(acme)],
        cwd=str(tmp_path),
        env={
            **os.environ,
            "TERM": "dumb",
            **{f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in homes},
        },
        encoding="utf-8",
        dimensions=(50, 200),
        timeout=60,
    )
    child.delaybeforesend = 0.02
    said = ""
    while child.expect([r"Choice \[\d+\]: ", re.escape("make the project: "), pexpect.EOF]) < 2:
        said += child.before
        child.sendline("")
    said += child.before
    child.close()
    assert child.exitstatus == 0, said
    assert "accounts is nobody, set by the standard acme." in said
    assert "database is postgresql, set by the standard acme: Operations backs up" in said
    assert "framework is flask, set by the standard acme: We know it." in said
    assert "Which framework?" not in said
    assert "Who logs in?" not in said
    assert f"stackgen new shop --no-git --standard {acme} --framework flask" in said
    record = yaml.safe_load((tmp_path / "shop/.copier-answers.yml").read_text())
    assert (record["framework"], record["database"], record["ci"]) == (
        "flask",
        "postgresql",
        "gitlab",
    )
    assert record["recommendation"]["answers"] == {"accounts": "nobody"}
