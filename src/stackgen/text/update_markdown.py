"""An update as Markdown: the text of a request to merge it, or of the commit that holds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from stackgen.text.markdown import code, sentence
from stackgen.text.update import update_notes, versions
from stackgen.updating.outcome import FileState, FileUpdate, Update

MOST_CHARACTERS = 40_000
"""How long a list of files may be: hosts cut or refuse a text of 65,536 characters."""

_WORDS: Mapping[FileState, str] = {
    "conflict": "in conflict",
    "updated": "updated",
    "merged": "merged with your changes",
    "added": "added",
    "deleted": "deleted",
    "kept-deleted": "changed in the template, and still deleted here",
}


def update_markdown(update: Update) -> str:
    """Return what an update does, or did: which versions, what to finish, and each file."""
    changed = [file for file in update.files if file.state != "unchanged"]
    if not changed:
        return f"{sentence(versions(update))}: there is nothing to change."
    count = Counter(file.state for file in changed)
    sums = [f"{count[state]} {words}" for state, words in _WORDS.items() if count[state]]
    parts = [f"{sentence(versions(update))}.", f"Files: {', '.join(sums)}."]
    if update.conflicts:
        parts += ["## In conflict", _listed(map(code, update.conflicts))]
    if notes := update_notes(update):
        parts += ["## To know", _listed(map(sentence, notes))]
    parts += ["## Files", _listed(map(_file, changed))]
    return "\n\n".join(parts)


def _file(file: FileUpdate) -> str:
    return f"{_WORDS[file.state]}: {code(file.path)}"


def _listed(entries: Iterator[str]) -> str:
    """Return a list, and how many entries more there are than it may hold."""
    lines = [f"- {entry}" for entry in entries]
    room, shown = MOST_CHARACTERS, 0
    while shown < len(lines) and len(lines[shown]) < room:
        room -= len(lines[shown]) + 1
        shown += 1
    rest = len(lines) - shown
    return "\n".join([*lines[:shown], *([f"- and {rest} more"] if rest else [])])
