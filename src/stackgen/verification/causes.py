"""Why a command failed, where that is the machine's doing and not the project's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

from stackgen.foreign_text import one_line
from stackgen.git import LITTLE_SPACE
from stackgen.verification.process import Ended


class _Cause(NamedTuple):
    pattern: re.Pattern[str]
    sentence: str


_FULL = _Cause(
    re.compile(r"No space left on device|Disk quota exceeded|os error 28\b|Errno 28\b"),
    "The disk is full: make room, or let `TMPDIR` name a folder on another one.",
)
_TOO_LARGE = _Cause(
    re.compile(r"File too large|os error 27\b|Errno 27\b|File size limit exceeded"),
    "Files may not become as large as it needs: see `ulimit -f`.",
)
# What Python says itself: the text of a test may well hold what a program says of a full disk.
_RAISED_FULL = _Cause(re.compile(r"\bOSError: \[Errno (?:28|122)\]"), _FULL.sentence)
_RAISED_TOO_LARGE = _Cause(re.compile(r"\bOSError: \[Errno 27\]"), _TOO_LARGE.sentence)
_UNREACHABLE = _Cause(
    re.compile(
        r"Connection refused|Connection reset|Network is unreachable|No route to host|dns error|"
        r"(?i:name or service not known|temporary failure in name resolution|could not resolve|"
        r"failed to lookup address|nodename nor servname|timed out|operation was attempted to an "
        r"unreachable|error sending request|proxyerror|max retries exceeded)|"
        # As npm has it.
        r"\b(?:EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT)\b"
    ),
    "The package index cannot be reached: see to the network, or to the index that is configured.",
)
_BROKEN = _Cause(
    re.compile(
        r"(?i:certificate verify failed|invalid peer certificate|unknown ?issuer|"
        r"HTTP status (?:client|server) error|HTTP error [45]\d\d|[45]\d\d (?:client|server) error|"
        r"unexpected content type|invalid response)|"
        r"\bnpm error code (?:E[45]\d\d|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)\b"
    ),
    "The package index does not answer as one: see to the index that is configured.",
)
_NO_VENV = _Cause(
    re.compile(r"ensurepip is not available"),
    "This Python makes no environments: install its `venv`, on Debian as `python3-venv`.",
)
_FRAME = " \N{MULTIPLICATION SIGN}╰─▶├│"
_EXCEEDED = 25  # SIGXFSZ, where there is one


_INSTALLING = (_FULL, _TOO_LARGE, _UNREACHABLE, _BROKEN, _NO_VENV)
_CHECKING = (_RAISED_FULL, _RAISED_TOO_LARGE)


def machine_cause(ended: Ended, scratch: Path, *, installs: bool) -> str:
    """Return why a command failed, in a sentence with the remedy; empty where it is the project.

    Args:
        ended: The command.
        scratch: A directory on the disk that it worked on.
        installs: Whether it installs packages: a test may print anything.
    """
    if ended.code == -_EXCEEDED:
        return _TOO_LARGE.sentence
    if shutil.disk_usage(scratch).free < LITTLE_SPACE:
        return _FULL.sentence  # What the command said of it may not have found room either.
    for pattern, sentence in _INSTALLING if installs else _CHECKING:
        for line in reversed(ended.lines):
            if pattern.search(line):
                return f"{sentence} ({one_line(line.strip(_FRAME))})"
    return ""
