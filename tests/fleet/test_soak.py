"""A thousand projects, half of them edited: fast enough, flat in memory, and left as they were.

About half an hour on two processors, most of it to make the projects.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from option_matrix import ROOT

pytestmark = pytest.mark.soak

STATUS, FORECAST, MEMORY = 120, 600, 300
"""Seconds for a thousand projects on two processors, and megabytes for any number."""


def test_a_thousand_projects() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/fleet.py"), "100", "1000"],
        capture_output=True,
        text=True,
        check=True,
    )
    line = re.compile(r"^(status.*?) +(\d+) projects +([\d.]+) s .* (\d+) MB$", re.MULTILINE)
    measured = {
        (words.strip(), int(number)): (float(seconds), float(memory))
        for words, number, seconds, memory in line.findall(done.stdout)
    }
    assert measured["status", 1000][0] < STATUS
    assert measured["status --forecast", 1000][0] < FORECAST
    assert max(memory for _, memory in measured.values()) < MEMORY
