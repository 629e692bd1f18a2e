"""Private directories are there for as long as they are needed, whoever else clears away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stackgen.changes import staging


@pytest.mark.parametrize("is_held", [True, False])
def test_one_that_others_take_for_abandoned_is_made_again(tmp_path, monkeypatch, is_held):
    """Between making and locking it; many runs that begin at once may do so again and again."""
    taken = []
    real = staging.lock_directory

    def lock(directory):
        if len(taken) == 5:
            return real(directory)
        taken.append(directory)
        if is_held:
            raise BlockingIOError
        descriptor = real(directory)
        shutil.rmtree(directory)
        return descriptor

    monkeypatch.setattr(staging, "lock_directory", lock)
    before = _descriptors()
    with staging.staging_directory(tmp_path) as directory:
        assert directory.is_dir()
        assert directory not in taken
        with pytest.raises(BlockingIOError):
            real(directory)
    assert not directory.exists()
    assert _descriptors() == before


def _descriptors() -> int:
    folder = Path("/dev/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
