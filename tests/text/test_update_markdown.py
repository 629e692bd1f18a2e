"""An update as the text of a request: what hosts show, and what they must not take for markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from stackgen.project.standard_record import RecordedStandard
from stackgen.text.markdown import cell, code, escaped, sentence
from stackgen.text.update_markdown import update_markdown
from stackgen.updating.outcome import FileUpdate, Update

HOSTILE = [
    "a`b``c.md",
    "`",
    "`x` <img src=x onerror=alert(1)>",
    "[link](https://example.com) @team/all #1 GH-1",
    "line\nbreak\n# heading\n- [ ] task",
    "~~~\n```\n",
    "\x1b[31mred",
    " ",
    "",
]


def made(**values):
    given = {
        "path": Path("/shop"),
        "from_tag": "v0.1.0",
        "to_tag": "v0.2.0",
        "files": (
            FileUpdate(path="README.md", state="conflict"),
            FileUpdate(path="app.py", state="updated"),
            FileUpdate(path="wsgi.py", state="unchanged"),
        ),
        "conflicts": ("README.md",),
    }
    return Update(**{**given, **values})


def test_versions_conflicts_notes_and_files():
    before = RecordedStandard(url="https://example.com/s.git", commit="a" * 40)
    after = RecordedStandard(url="https://example.com/s.git", commit="b" * 40)
    text = update_markdown(
        made(from_standard=before, to_standard=after, defaulted={"title": "Shop"})
    )
    assert text.splitlines() == [
        "stackgen `0.1.0` to `0.2.0`, the standard from aaaaaaaaaaaa to bbbbbbbbbbbb.",
        "",
        "Files: 1 in conflict, 1 updated.",
        "",
        "## In conflict",
        "",
        "- `README.md`",
        "",
        "## To know",
        "",
        "- New option `title` is Shop; `stackgen update --set title=VALUE` changes it.",
        "",
        "## Files",
        "",
        "- in conflict: `README.md`",
        "- updated: `app.py`",
    ]


def test_nothing_to_change_is_said():
    text = update_markdown(made(to_tag="v0.1.0", files=(), conflicts=()))
    assert text == "stackgen `0.1.0`: there is nothing to change."


def test_a_long_list_is_cut_before_the_host_does_it():
    names = [f"{number:04}-{'x' * 90}" for number in range(2000)]
    files = tuple(FileUpdate(path=name, state="added") for name in names)
    text = update_markdown(made(files=files, conflicts=()))
    assert len(text) < 65_536
    shown = text.count("\n- added: ")
    assert text.endswith(f"\n- and {2000 - shown} more")


def parsed(text):
    """What a host sees: the texts that are shown as such, and the kinds of everything."""
    tokens = [
        inner for token in MarkdownIt().parse(text) for inner in [token, *(token.children or [])]
    ]
    kinds = {token.type for token in tokens if token.type not in {"inline", "text", "code_inline"}}
    return "".join(token.content for token in tokens if token.type == "text"), kinds


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("shown", [cell, code, escaped, sentence])
def test_nothing_foreign_is_markup(shown, hostile):
    text, kinds = parsed(f"- it is {shown(hostile)}")
    assert kinds == {
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
        "paragraph_close",
        "list_item_close",
        "bullet_list_close",
    }
    assert not re.search(r"@\w|#\d|://", text)


@pytest.mark.parametrize("hostile", HOSTILE[:-2])
def test_code_is_shown_as_it_is(hostile):
    (inline,) = [token for token in MarkdownIt().parse(code(hostile)) if token.type == "inline"]
    (only,) = inline.children
    assert only.type == "code_inline"
    plain = hostile.replace("\n", "\\n").replace("\x1b", "\\x1b")
    assert only.content == plain


def test_code_within_a_sentence_stays_code():
    assert sentence("`a` is not in git: see #1.") == "`a` is not in git: see \\#&#8203;1."


def test_a_bar_in_code_does_not_end_a_cell():
    assert cell("`a|b` or a|b") == r"`a\|b` or a\|b"
