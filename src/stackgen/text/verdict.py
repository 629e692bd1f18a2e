"""The recommendation at a glance: what a person should see while choosing the framework."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stackgen.advice.precedents import Similar
from stackgen.advice.questionnaire import Questionnaire
from stackgen.advice.recommendation import Reason, Recommendation
from stackgen.text.recommendation import reasons_for, title_text, verdict_text
from stackgen.text.styled import Line, Part, Style, folded

_BAR = "█"
_SPACE: Sequence[Line] = [[]]
_NO_CHANGE = "Nothing plausible would change it: no other answer does, and no two of them."


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stay together.

    Attributes:
        rank: How important they are; the most important are 0.
        variants: The same said at length, then shorter.
        wanted: The variant that goes before anything less important; a shorter one is the last
            resort, a longer one takes what room is left in the end.
    """

    rank: int
    variants: Sequence[Sequence[Line]]
    wanted: int = 0


def verdict_lines(
    recommendation: Recommendation, questionnaire: Questionnaire, columns: int, rows: int
) -> list[Line]:
    """Return a recommendation in as many lines as there are rows, the most important of it.

    Args:
        recommendation: The recommendation.
        questionnaire: The questions it rests on.
        columns: The columns of a line.
        rows: The most lines there may be.
    """
    blocks = _blocks(recommendation, questionnaire, columns)
    lines: list[Line] = []
    for block in _fitting(blocks, rows):
        if block != _SPACE or (lines and lines[-1]):  # Never two empty lines together.
            lines += block
    return lines if not lines or lines[-1] else lines[:-1]


def _fitting(blocks: Sequence[_Block], rows: int) -> list[Sequence[Line]]:
    """Return the blocks that fit, the important ones first, each as long as there is room for."""
    taken: dict[int, Sequence[Line]] = {}
    room = rows
    ranked = sorted(range(len(blocks)), key=lambda at: blocks[at].rank)
    for first in (True, False):
        for at in ranked:
            block, before = blocks[at], len(taken.get(at, ()))
            for variant in block.variants[block.wanted if first else 0 :]:
                if before < len(variant) <= before + room:
                    room -= len(variant) - before
                    taken[at] = variant
                    break
    return [taken[at] for at in sorted(taken)]


def _blocks(
    recommendation: Recommendation, questionnaire: Questionnaire, columns: int
) -> list[_Block]:
    names = questionnaire.frameworks
    chosen = recommendation.framework
    sides = sorted(names, key=lambda name: name != chosen)
    heading = folded(title_text(recommendation, questionnaire), columns, style=Style.STRONG)
    verdict = verdict_text(recommendation, questionnaire)
    sentence = folded(f"{verdict[:1].upper()}{verdict[1:]}", columns)
    blocks = [_Block(0, [heading])]
    if not recommendation.answers:
        return [*blocks, _Block(1, [sentence])]
    bars = [_bar(side, recommendation, questionnaire, columns) for side in sides]
    blocks += [_Block(1, [bars]), _Block(2 if chosen is None else 10, [sentence])]
    space = _Block(12, [_SPACE])
    if recommendation.judgement:
        blocks.append(_Block(2, [folded(recommendation.judgement.text, columns)]))
    blocks.append(space)
    own = reasons_for(sides[0], recommendation) if chosen else ()
    for rank, reason in zip((2, 3, 9), own, strict=False):
        blocks.append(_Block(rank, [_reason(reason, columns)]))
    for caveat in recommendation.caveats[:1]:
        text = [_noted(each, columns) for each in (caveat.brief, _sentence(caveat.brief))]
        blocks.append(_Block(6, text))
    blocks.append(space)
    if chosen:
        blocks.append(_Block(5, [_other(sides[1], recommendation, questionnaire, columns)]))
    for rank, tension in zip((8, 11), recommendation.tensions, strict=False):
        text = [_noted(each, columns) for each in (tension.text, _sentence(tension.text))]
        blocks.append(_Block(rank, text, wanted=1))
    change = recommendation.flips[0].text if recommendation.flips else _NO_CHANGE if chosen else ""
    blocks.append(_Block(4, [folded(change, columns)]))
    blocks.append(space)
    if recommendation.precedents:
        precedents = _precedents(recommendation, questionnaire, columns)
        blocks.append(_Block(7, precedents, wanted=1))
    return blocks


def _bar(
    side: str, recommendation: Recommendation, questionnaire: Questionnaire, columns: int
) -> Line:
    """Return the points of one side as a bar; both bars have one scale."""
    names = questionnaire.frameworks
    widest = max(map(len, names.values()))
    points, most = recommendation.points[side], max(recommendation.points.values())
    room = max(1, min(columns - widest - 8, 2 * most))
    bar = _BAR * (round(points * room / most) if most else 0)
    style = Style.CHOSEN if side == recommendation.framework else Style.AGAINST
    return [
        Part(f"  {names[side]:<{widest}}  "),
        Part(bar, style),
        Part(f"{' ' * bool(bar)}{points}"),
    ]


def _reason(reason: Reason, columns: int) -> list[Line]:
    first, *rest = folded(reason.text, columns, first=f"  +{reason.points} ", rest="     ")
    text = first[0].text
    return [[Part(text[:5], Style.CHOSEN), Part(text[5:])], *rest]


def _sentence(text: str) -> str:
    """Return the first sentence of a text."""
    return re.split(r"(?<=[.:]) ", text, maxsplit=1)[0].rstrip(":")


def _noted(text: str, columns: int) -> list[Line]:
    return folded(text, columns, first="  ! ", rest="    ", style=Style.AGAINST)


def _other(
    side: str, recommendation: Recommendation, questionnaire: Questionnaire, columns: int
) -> list[Line]:
    """Return the best that the answers say for the side that is not recommended."""
    name = questionnaire.frameworks[side]
    reason = next((each for each in recommendation.reasons if each.framework == side), None)
    if reason is None:
        return folded(f"Nothing you answered speaks for {name}.", columns)
    text = f"What {name} has: {reason.text}"
    return folded(text, columns, rest="  ")


def _precedents(
    recommendation: Recommendation, questionnaire: Questionnaire, columns: int
) -> list[list[Line]]:
    """Return the applications nearest to the answers: what each is, and their names alone."""
    names = questionnaire.frameworks
    others = [recommendation.other_precedent] if recommendation.other_precedent else []
    shown = [*recommendation.precedents, *others]

    def took(precedent: Similar) -> str:
        year = f", {precedent.year}" if precedent.year else ""
        project = precedent.repository.rpartition("/")[2]
        return f"{project} ({names.get(precedent.framework, precedent.framework)}{year})"

    head = "Real applications with such needs, as facts and not votes; 1 is the same:"
    long = folded(head, columns)
    for one in shown:
        text = f"{took(one)}: {one.what}"
        long += folded(text, columns, first=f"  {one.similarity:.2f} ", rest="       ")
    brief = ", ".join(f"{took(one)} {one.similarity:.2f}" for one in shown)
    text = f"Alike, from 0 to 1, as facts and not votes: {brief}."
    return [long, folded(text, columns, rest="  ")]
