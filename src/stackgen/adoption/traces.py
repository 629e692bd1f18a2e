"""What was written into a project: free texts, and the answers that its decision record lists.

A render with a mark in the place of each text shows where they go. What stands in these places in
the project are the texts, as they were escaped there: where several places differ, most of them
decide, and after that what renders nearest.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stackgen.adoption.present import Present
from stackgen.advice.questionnaire import DONT_KNOW, Questionnaire
from stackgen.errors import OptionError
from stackgen.template.option import Option
from stackgen.template.options import Options

_MOST = 3
"""How many texts are worth a try for an option."""

_CONTEXT = 2
"""How much a line beside it counts that is the same; a place of its own counts one."""

_TELLING = 3
"""How many signs a line must have beside the text, to say something on its own."""

_LONGEST = 800
"""How many signs a line may have that is looked at: a text has at most 500."""

Votes = Mapping[str, Sequence[Any]]
"""Option to the values that were found for it, that of most places first."""


def free_texts(options: Options) -> dict[str, Option]:
    """Return the options that take any text or number."""
    return {
        name: option
        for name, option in options.settable.items()
        if not option.allowed and option.type in {"str", "int"}
    }


def marks(options: Options, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mark for every free text that takes one together with some values.

    Args:
        options: The options.
        values: A value for every option.
    """
    found: dict[str, Any] = {}
    for number, (name, option) in enumerate(free_texts(options).items(), 1):
        mark = 9870 + number if option.type == "int" else f"zq{number}mark{number}qz"
        if not options.refusal({**values, name: mark}):
            found[name] = mark
    return found


def find_texts(files: Mapping[str, bytes], marked: Mapping[str, Any], present: Present) -> Votes:
    """Return what stands in the project where the template put marks.

    Args:
        files: What it made: path to content.
        marked: Option to the mark that it was given.
        present: The project's files.

    Raises:
        OSError: A file cannot be read.
    """
    votes: dict[str, Counter[str]] = {name: Counter() for name in marked}
    any_mark = re.compile("|".join(re.escape(str(mark)) for mark in marked.values()))
    for path, made in files.items():
        content = present.content(path)
        text = made.decode(errors="replace")
        if content is None or not (marked and any_mark.search(text)):
            continue
        places = _Places(text.split("\n"), content.decode(errors="replace").split("\n"), marked)
        for name, value, weight in places.found():
            votes[name].update(dict.fromkeys(_readings(value), weight))
    return {name: [text for text, _ in found.most_common(_MOST)] for name, found in votes.items()}


def parsed(option: Option, texts: Sequence[Any]) -> Iterator[Any]:
    """Yield the texts that an option takes."""
    for text in texts:
        try:
            yield option.parse(text)
        except OptionError:
            continue


class _Places:
    """The lines of a render that hold marks, and what they may be in the project's file."""

    def __init__(self, wanted: list[str], mine: list[str], marked: Mapping[str, Any]) -> None:
        self._wanted, self._mine = wanted, mine
        self._around_wanted, self._around_mine = _Neighbours(wanted), _Neighbours(mine)
        # No text is blank.
        self._places = [
            (number, line)
            for number, line in enumerate(mine)
            if len(line) <= _LONGEST and line.strip()
        ]
        self._names = {str(mark): name for name, mark in marked.items()}
        self._mark = re.compile("|".join(map(re.escape, self._names)))

    def found(self) -> Iterator[tuple[str, str, int]]:
        """Yield option, text and how much speaks for it."""
        for number, line in enumerate(self._wanted):
            if not self._mark.search(line):
                continue
            pattern = self._pattern(number)
            is_telling = len("".join(self._mark.sub("", line).split())) >= _TELLING
            places: dict[tuple[tuple[str, str], ...], int] = {}
            for place, mine in self._places:
                if match := pattern.fullmatch(mine):
                    texts = tuple(match.groupdict().items())
                    weight = self._context(number, place) + is_telling
                    places[texts] = max(places.get(texts, 0), weight)
            best = max(places.values(), default=0)
            likely = [texts for texts, weight in places.items() if weight == best and weight]
            # A line of nothing but a text is like any other: only one place can be meant.
            if len(likely) == 1 or is_telling:
                weight = best if len(likely) == 1 else 1
                yield from ((name, text, weight) for texts in likely for name, text in texts)

    def _pattern(self, number: int) -> re.Pattern[str]:
        """Return what a line is like, whatever the texts are; empty ones are none of these."""
        parts, end, seen = [], 0, set()
        line = self._wanted[number]
        for match in self._mark.finditer(line):
            name = self._names[match[0]]
            parts.append(re.escape(line[end : match.start()]))
            sign = r"\d" if match[0].isdigit() else "."
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{sign}+?)")
            seen.add(name)
            end = match.end()
        return re.compile("".join([*parts, re.escape(line[end:])]))

    def _context(self, number: int, place: int) -> int:
        """Return how much what stands before and after speaks for a place: blank lines say little.

        Whatever stands alone between two of them would be alike otherwise.
        """
        weight = 0
        for step in (-1, 1):
            there, here = self._around_wanted[number, step], self._around_mine[place, step]
            weight += there - number == here - place
            if there in {-1, len(self._wanted)} or here in {-1, len(self._mine)}:
                both = there in {-1, len(self._wanted)} and here in {-1, len(self._mine)}
                weight += _CONTEXT if both else 0
            elif self._mark.search(self._wanted[there]):
                weight += bool(self._pattern(there).fullmatch(self._mine[here]))
            elif self._wanted[there] == self._mine[here]:
                weight += _CONTEXT
        return weight


class _Neighbours:
    """Of each line the next ones that are not blank; beyond the first and the last without one."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._before, self._after = [-1] * len(lines), [len(lines)] * len(lines)
        for number in range(1, len(lines)):
            near = number - 1
            self._before[number] = near if lines[near].strip() else self._before[near]
        for number in reversed(range(len(lines) - 1)):
            near = number + 1
            self._after[number] = near if lines[near].strip() else self._after[near]

    def __getitem__(self, asked: tuple[int, int]) -> int:
        """Return the number of the one before (-1) or after (1) the line of a number."""
        number, step = asked
        return (self._after if step > 0 else self._before)[number]


def _readings(text: str) -> set[str]:
    """Return what a text may have been before it was escaped for the file that it stands in."""
    found = {text, html.unescape(text)}
    with contextlib.suppress(ValueError):
        found.add(json.loads(f'"{text}"'))
    return found


def find_answers(
    questionnaire: Questionnaire, present: Present, paths: Sequence[str]
) -> dict[str, str]:
    """Return the answers that a decision record lists, as questions and choices are called there.

    Args:
        questionnaire: The questions.
        present: The project's files.
        paths: The files in which a record may be.
    """
    found: dict[str, str] = {}
    for path in paths:
        text = (present.content(path) or b"").decode(errors="replace")
        for question in questionnaire.questions:
            cell = re.search(rf"^\| `{re.escape(question.id)}`: ([^|]+?) \|", text, re.MULTILINE)
            if not cell:
                continue
            if cell[1] == "not known":
                found[question.id] = DONT_KNOW
            elif any(choice.id == cell[1] for choice in question.choices):
                found[question.id] = cell[1]
    return found
