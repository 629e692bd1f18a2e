"""The recommendation at a glance."""

from __future__ import annotations

import random

import pytest

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.precedents import load_precedents
from stackgen.advice.questionnaire import DONT_KNOW
from stackgen.advice.recommendation import Recommendation, recommend
from stackgen.text.styled import COLOURS, Style, plain
from stackgen.text.verdict import verdict_lines

QUESTIONNAIRE = load_questionnaire()
SOLO = {
    "scope": "several-features", "style": "no-preference", "data": "few-tables",
    "accounts": "own-users", "output": "pages", "team": "1-2", "first_project": "yes",
    "sensitive": "yes",
}  # fmt: skip


def some_answers(seed: int) -> dict[str, str]:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    return {
        question.id: chance.choice([*(choice.id for choice in question.choices), DONT_KNOW])
        for question in QUESTIONNAIRE.questions
    }


def recommended(answers: dict[str, str]) -> Recommendation:
    return recommend(answers, QUESTIONNAIRE, load_precedents())


def panel(recommendation: Recommendation, columns: int, rows: int) -> list[str]:
    return [plain(line) for line in verdict_lines(recommendation, QUESTIONNAIRE, columns, rows)]


@pytest.mark.parametrize(("columns", "rows"), [(99, 26), (59, 16), (39, 4), (29, 2)])
@pytest.mark.proof
def test_it_is_never_larger_than_its_place(columns: int, rows: int) -> None:
    for seed in range(200):
        lines = panel(recommended(some_answers(seed)), columns, rows)
        assert 0 < len(lines) <= rows
        assert [line for line in lines if len(line) > columns] == []


@pytest.mark.parametrize(("columns", "rows"), [(99, 25), (59, 16)])
@pytest.mark.proof
def test_what_decides_is_always_there(columns: int, rows: int) -> None:
    for seed in range(200):
        recommendation = recommended(some_answers(seed))
        if not recommendation.framework:
            continue
        lines = panel(recommendation, columns, rows)
        text = " ".join(" ".join(lines).split())
        own = [r for r in recommendation.reasons if r.framework == recommendation.framework]
        assert QUESTIONNAIRE.frameworks[recommendation.framework] in lines[0]
        assert recommendation.band.split("-")[-1] in lines[0]
        assert sum(line.count("█") > 0 for line in lines) == sum(
            points > 0 for points in recommendation.points.values()
        )
        assert sum(line.startswith("  +") for line in lines) >= min(len(own), 2)
        assert "If " in text or "Nothing plausible would change it" in text


def test_where_there_is_room_everything_short_is_there() -> None:
    answers = {**SOLO, "scope": "many-modules", "layer": "thin-layer", "style": "choose-parts"}
    recommendation = recommended(answers)
    text = " ".join(" ".join(panel(recommendation, 99, 60)).split())
    for one in recommendation.precedents:
        assert one.what in text
        assert f"{one.similarity:.2f}" in text
    assert recommendation.caveats[0].brief in text
    assert len(recommendation.tensions) > 2
    shown = [tension for tension in recommendation.tensions if tension.text in text]
    assert shown == list(recommendation.tensions[:2])


def test_a_near_tie_says_what_weighs() -> None:
    recommendation = recommended(SOLO)
    assert recommendation.band == "near-tie"
    assert recommendation.judgement
    text = " ".join(panel(recommendation, 59, 16))
    assert recommendation.judgement.text in text
    assert "Take Django" in text
    assert "coin" not in text


def test_no_answer_at_all_is_said_and_no_more() -> None:
    lines = panel(recommended({}), 79, 20)
    assert lines[0].startswith("No recommendation")
    assert "█" not in "".join(lines)


def luminance(rgb: str) -> float:
    """Relative luminance, by WCAG 2.2."""
    shares = [int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", COLOURS)
def test_a_colour_can_be_read_on_light_and_on_dark(style: Style) -> None:
    rgb = COLOURS[style]
    levels = {"00", "5f", "87", "af", "d7", "ff"}  # of xterm's cube of 216
    assert {rgb[place : place + 2] for place in (0, 2, 4)} <= levels
    assert (1 + 0.05) / (luminance(rgb) + 0.05) >= 4.5
    assert (luminance(rgb) + 0.05) / 0.05 >= 4.5
