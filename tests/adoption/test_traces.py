"""Texts are read from where a render with marks shows that they stand."""

from __future__ import annotations

import time

from stackgen.adoption.present import Present
from stackgen.adoption.traces import find_texts


def found(tmp_path, wanted, mine):
    (tmp_path / "SECURITY.md").write_text(mine)
    marked = {"author_email": "zq1mark1qz"}
    files = {"SECURITY.md": wanted.encode()}
    return find_texts(files, marked, Present(tmp_path))["author_email"]


def test_a_text_alone_between_blank_lines_is_told_by_what_stands_beyond_these(tmp_path):
    text = "# Security\n\nReport to the address below.\n\n{}\n\nFixes go in.\n\nThanks.\n"
    mine = text.format("ada@example.com")
    assert found(tmp_path, text.format("zq1mark1qz"), mine) == ["ada@example.com"]


def test_it_is_told_where_its_surroundings_were_edited(tmp_path):
    text = "# Security\n\nReport to the address below.\n\n{}\n\nFixes go in.\n\nThanks.\n"
    mine = text.format("ada@example.com").replace("Fixes go in.", "Ours.\n\nAnd ours.")
    assert found(tmp_path, text.format("zq1mark1qz"), mine) == ["ada@example.com"]


def test_where_nothing_tells_it_from_others_nothing_is_read(tmp_path):
    assert found(tmp_path, "a\n\nzq1mark1qz\n\nb\n", "one\n\ntwo\n\nthree\n\nfour\n") == []


def test_a_file_of_blank_lines_takes_no_longer_than_any_other(tmp_path):
    lines = 40_000
    text = "# Security\n\nReport to the address below.\n\n{}\n\nFixes go in.\n" + " \n" * lines
    started = time.process_time()
    mine = text.format("ada@example.com")
    assert found(tmp_path, text.format("zq1mark1qz"), mine) == ["ada@example.com"]
    assert time.process_time() - started < 5  # it takes a tenth; minutes, where each looks for both
