"""A person at a terminal sees what is going on at the moment, and what has ended above it."""

from __future__ import annotations

import re

import pexpect
import pytest
from small_verification import Small


@pytest.mark.proof
def test_what_runs_is_shown_and_gives_way_to_its_result(made: Small) -> None:
    wait = '.venv/bin/python -c "import time; time.sleep(0.6)"'
    made.says({**made.said, "checks": [{"name": "Wait", "run": wait}]})
    program, *words = made.words("verify", "shop")
    child = pexpect.spawn(
        program,
        words,
        cwd=str(made.work),
        env=made.environment(),
        encoding="utf-8",
        dimensions=(30, 78),
        timeout=60,
    )
    child.expect(pexpect.EOF)
    child.close()
    written = child.before
    assert isinstance(written, str)
    assert child.exitstatus == 0, written
    assert "Wait (3 of 7)..." in written
    seen = re.sub(r"[^\n]*\r\x1b\[K", "", written)
    assert "Wait (3 of 7)..." not in seen
    assert re.search(r"(?m)^passed  Wait +\d\.\d s\r$", seen)
    assert "shop: 7 passed" in seen
    assert "\x1b" not in seen
