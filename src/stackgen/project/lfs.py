"""Git LFS: the pointers that it puts in the place of large files.

Source: Git LFS, docs/spec.md, "The Pointer".
"""

from __future__ import annotations

import hashlib
from pathlib import Path

LONGEST_POINTER = 1024
"""In bytes; a pointer is shorter."""

_VERSION = b"version https://git-lfs.github.com/spec/v1\n"


def is_pointer(content: bytes) -> bool:
    """Whether this is a pointer, and no file of its own."""
    return len(content) < LONGEST_POINTER and content.startswith(_VERSION)


def pointer_to(file: Path) -> bytes:
    """Return the pointer that Git LFS would put in a file's place."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return _VERSION + f"oid sha256:{digest}\nsize {file.stat().st_size}\n".encode()
