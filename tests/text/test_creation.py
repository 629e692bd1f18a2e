"""What is about to be made, in words: where each value comes from, and what did not fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stackgen.project.answers_file import AnswersFile
from stackgen.project.preset import Preset
from stackgen.project.request import Request, request_project
from stackgen.text.creation import (
    dropped_lines,
    equivalent_command,
    notes,
    offer_lines,
    option_rows,
)

AGAIN = Preset(
    origin="again",
    answers={"scope": "one-job"},
    options={"python": "3.13", "ci": "none", "license": "mpl-2.0", "database": "postgresql"},
    framework="flask",
    counts_unasked=True,
)
CONFIGURATION = Preset(
    origin="configuration",
    answers={"scope": "many-modules", "team": "1-2"},
    options={"author_name": "Ann", "python": "3.14", "ci": "gitlab"},
)


@pytest.fixture
def request_for_shop(tmp_path: Path) -> Request:
    return request_project(
        tmp_path / "shop",
        options={"framework": "flask", "database": "sqlite"},
        file=AnswersFile(options={"license": "mit"}),
        defaults={"project_name": "shop"},
        presets=[CONFIGURATION, AGAIN],
    )


def origins(request: Request) -> dict[str, tuple[str, str]]:
    rows = option_rows(request.decide(take_default=True), request)
    return {name: (value, origin) for name, value, origin in rows}


def test_every_origin_is_told(request_for_shop: Request) -> None:
    assert origins(request_for_shop.with_answers({"accounts": "own-users"})) == {
        "project_name": ("shop", "from the path"),
        "title": ("Shop", "default"),
        "description": ("A web application.", "default"),
        "author_name": ("Ann", "your configuration"),
        "author_email": ("", "default"),
        "database": ("sqlite", "you"),
        "accounts": ("true", "because you answered own-users to `accounts`"),
        "admin": ("false", "default"),
        "frontend": ("templates", "default"),
        "api": ("false", "default"),
        "container": ("false", "default"),
        "ci": ("none", "your last interview"),
        "license": ("mit", "the answers file"),
        "python": ("3.13", "your last interview"),
        "year": (origins(request_for_shop)["year"][0], "default"),
    }


def test_what_a_person_changes_is_theirs(request_for_shop: Request) -> None:
    changed = request_for_shop.with_options({"license": "mit", "ci": "gitlab"})
    assert origins(changed)["license"] == ("mit", "you")
    assert origins(changed)["ci"] == ("gitlab", "you")


def test_the_equivalent_command_spells_out_what_another_machine_does_not_have(
    request_for_shop: Request,
) -> None:
    decision = request_for_shop.decide()
    command = equivalent_command("stackgen new shop", decision, request_for_shop.options)
    there = request_project(
        request_for_shop.destination,
        options=dict(
            word.split("=") for word in command.split() if "=" in word
        ) | {"framework": "flask"},
        defaults={"project_name": "shop"},
    )  # fmt: skip
    assert there.decide().resolved.values == decision.resolved.values
    assert command.startswith("stackgen new shop --framework flask --set ")


def test_each_wish_that_is_let_go_is_told_with_its_origin(tmp_path: Path) -> None:
    request = request_project(
        tmp_path / "shop",
        answers={"data": "elsewhere", "accounts": "nobody"},
        options={"framework": "django"},
        presets=[Preset(origin="configuration", options={"admin": False, "database": "none"})],
    )
    lines = notes(request.decide())
    assert lines == dropped_lines(request.decide())
    configured = "Your configuration sets "
    assert [line.startswith(configured) for line in lines] == [True, True, False]
    assert "`database` to none, but the option `database` stays sqlite. Django keeps" in lines[0]
    assert "`admin` to false, but the option `admin` stays true. Django always" in lines[1]
    assert lines[2].startswith(
        "You answered elsewhere to the question `data` and nobody to the question `accounts`, but"
    )


def offers(tmp_path: Path, answers: dict[str, str], options: dict[str, object]) -> dict[str, str]:
    request = request_project(tmp_path / "shop", answers=answers, options=options)
    return offer_lines(request.decide(take_default=True), request)


@pytest.mark.parametrize("framework", ["django", "flask"])
@pytest.mark.parametrize("output", ["api-only", "pages-and-api"])
def test_who_serves_an_api_is_offered_front_ends_by_name(
    framework: str, output: str, tmp_path: Path
) -> None:
    found = offers(tmp_path, {"output": output}, {"framework": framework})
    assert list(found) == ["frontend"]
    assert "React, Angular or Vue.js" in found["frontend"]
    assert re.search(r"Set `frontend` to react or vue\b.*\.$", found["frontend"])


@pytest.mark.parametrize(
    ("answers", "options"),
    [
        ({"output": "pages"}, {}),
        ({}, {"api": True}),
        ({"output": "api-only"}, {"frontend": "none", "api": True}),
        ({"output": "pages-and-api"}, {"frontend": "react"}),
        ({"output": "pages-and-api"}, {"api": False}),
        # What the other answers imply does not go for it.
        ({"output": "api-only", "data": "elsewhere", "accounts": "nobody"}, {"framework": "flask"}),
    ],
)
def test_nothing_is_offered_that_is_set_or_does_not_go_with_the_rest(
    answers: dict[str, str], options: dict[str, object], tmp_path: Path
) -> None:
    assert offers(tmp_path, answers, options) == {}
