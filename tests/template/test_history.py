"""Versions of the template, written out where something is to be rendered of them."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from template_history import LAST, TAGS, git, snapshot

from stackgen.errors import RenderError
from stackgen.template.history import History

FIRST, SECOND = TAGS[:2]


def written(history, folder: Path) -> tuple[Path, Path]:
    folder.mkdir()
    versions = History(history.source(LAST), folder)
    return versions.template(FIRST), versions.template(SECOND)


def test_what_two_versions_have_in_common_takes_disk_once(history, tmp_path):
    first, second = written(history, tmp_path / "versions")
    same = [
        path
        for path in (path.relative_to(first) for path in first.rglob("*") if path.is_file())
        if (second / path).is_file() and (first / path).read_bytes() == (second / path).read_bytes()
    ]
    assert same
    files = {path.stat().st_ino for path in first.rglob("*")}
    assert {(second / path).stat().st_ino for path in same} <= files
    assert snapshot(first) != snapshot(second)


def test_where_nothing_can_be_linked_it_is_copied(history, tmp_path, monkeypatch):
    linked = written(history, tmp_path / "linked")

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    copied = written(history, tmp_path / "copied")
    assert list(map(snapshot, copied)) == list(map(snapshot, linked))
    assert all(path.stat().st_nlink == 1 for path in copied[1].rglob("*") if path.is_file())


@pytest.mark.parametrize("tag", TAGS)
def test_a_version_is_as_its_release_was(history, tmp_path, tag):
    """With the mode of each file, after another version, too."""
    versions = History(history.source(LAST), tmp_path)
    for earlier in TAGS[: TAGS.index(tag)]:
        versions.template(earlier)
    released = history.source(tag).root
    found = snapshot(versions.template(tag))
    carried = {path: file for path, file in snapshot(released).items() if path in found}
    assert carried == found


def test_what_failed_half_way_is_written_anew(history, tmp_path, monkeypatch):
    """A run that compares many projects goes on after one that could not be."""
    versions = History(history.source(LAST), tmp_path / "versions")
    (tmp_path / "versions").mkdir()
    write, count = Path.write_bytes, 0

    def fill_up(path: Path, content: bytes) -> int:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OSError, match="No space left"):
        versions.template(FIRST)
    carried = snapshot(versions.template(FIRST))
    released = snapshot(history.source(FIRST).root)
    assert carried == {path: file for path, file in released.items() if path in carried}
    assert len(carried) > 3


def test_a_bundle_that_could_not_be_read_is_read_anew(history, tmp_path, monkeypatch):
    source = history.source(LAST)
    bundle = tmp_path / "history.bundle"
    git("bundle", "create", str(bundle), "--all", cwd=source.history)
    (tmp_path / "versions").mkdir()
    versions = History(dataclasses.replace(source, history=bundle), tmp_path / "versions")

    def fail(*_: object, **__: object) -> None:
        raise RenderError("git was killed")

    with monkeypatch.context() as patch:
        patch.setattr("stackgen.template.history.git.run", fail)
        with pytest.raises(RenderError, match="git was killed"):
            versions.template(FIRST)
    assert (versions.template(FIRST) / "copier.yml").is_file()
