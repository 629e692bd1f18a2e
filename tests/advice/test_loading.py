"""The questionnaire's data, its loader, and the checking of answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from stackgen.advice.loading import Questionnaire, load_questionnaire
from stackgen.errors import AnswerError, QuestionnaireError

ROOT = Path(__file__).parents[2]
PACKAGED = ROOT / "src/stackgen/advice/questions.toml"

POINTS = {
    "scope": {"one-job": -3, "several-features": -1, "many-modules": 3},
    "style": {"ready-structure": 3, "no-preference": 0, "choose-parts": -3},
    "data": {"linked-tables": 2, "few-tables": 0, "hardly-any": -2, "elsewhere": -3},
    "backoffice": {"from-day-one": 2, "a-little": 1, "no": 0},
    "accounts": {"own-users": 2, "few-or-company": 0, "nobody": -1},
    "output": {"pages": 0, "pages-and-api": 0, "api-only": -2},
    "layer": {"product": 0, "partly": -1, "thin-layer": -2},
    "team": {"1-2": 0, "3-5": 0, "6-plus": 2},
    "first_project": {"yes": -2, "no": 0},
    "lightness": {"yes": -1, "no": 0},
    "sensitive": {"yes": 1, "no": 0},
}


@pytest.fixture
def questionnaire() -> Questionnaire:
    return load_questionnaire()


def signed(points):
    return points.get("django", 0) - points.get("flask", 0)


def test_ids_and_points_are_the_published_ones(questionnaire):
    actual = {
        question.id: {choice.id: signed(choice.points) for choice in question.choices}
        for question in questionnaire.questions
    }

    assert actual == POINTS
    assert list(actual) == list(POINTS), "the order is the order of the interview"


def test_the_whole_weight_is_known(questionnaire):
    assert sum(question.weight for question in questionnaire.questions) == 23


def test_neither_framework_has_an_unfair_reach(questionnaire, capsys):
    reach = {
        name: sum(
            max(choice.points.get(name, 0) for choice in question.choices)
            for question in questionnaire.questions
        )
        for name in questionnaire.frameworks
    }
    with capsys.disabled():
        print(f"\nhighest score within reach: {reach}")  # noqa: T201 - the balance is shown on purpose

    assert reach == {"django": 15, "flask": 17}
    assert max(reach.values()) / min(reach.values()) < 1.25


def test_frameworks_are_the_ones_the_template_renders(questionnaire):
    options = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))

    assert list(questionnaire.frameworks) == list(options["framework"]["choices"].values())


def test_implied_options_exist_and_take_the_value(questionnaire):
    options = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    implied = [choice.implies for q in questionnaire.questions for choice in q.choices]
    implied += [rule.implies for rule in questionnaire.implications]
    for option, value in [pair for values in implied for pair in values.items()]:
        if options[option]["type"] == "bool":
            assert isinstance(value, bool)
        else:
            assert value in options[option]["choices"].values()


def test_the_code_names_no_framework(questionnaire):
    for module in (ROOT / "src/stackgen").rglob("*.py"):
        if module.name == "__init__.py":
            continue
        text = module.read_text(encoding="utf-8").lower()
        assert not [name for name in questionnaire.frameworks if name in text], module.name


def test_every_claim_is_in_the_comparison_once_and_most_speak_in_a_question(questionnaire):
    compared = [claim for aspect in questionnaire.comparison for claim in aspect.claims]
    asked = {
        claim
        for question in questionnaire.questions
        for choice in question.choices
        for claim in choice.claims
    } | {claim for rule in questionnaire.tensions for claim in rule.claims}

    assert sorted(compared) == sorted(questionnaire.claims)
    assert set(questionnaire.claims) - asked == {"C3", "C15", "C16"}


def test_every_section_is_named_in_a_claim_and_every_claim_is_numbered(questionnaire):
    cited = {section for claim in questionnaire.claims.values() for section in claim.sections}

    assert cited == set(questionnaire.sections)
    assert set(questionnaire.claims) == {f"C{n}" for n in range(1, 20) if n != 17}


@pytest.mark.parametrize(
    ("answers", "implied"),
    [
        ({}, {}),
        ({"accounts": "own-users"}, {"accounts": True}),
        ({"accounts": "nobody"}, {}),
        ({"backoffice": "from-day-one"}, {"admin": True}),
        ({"backoffice": "a-little"}, {"admin": True}),
        ({"backoffice": False}, {}),
        ({"output": "pages"}, {}),
        ({"output": "pages-and-api"}, {"api": True}),
        ({"output": "api-only"}, {"api": True, "frontend": "none"}),
        ({"data": "hardly-any", "accounts": "nobody"}, {"database": "none"}),
        ({"data": "elsewhere", "accounts": "nobody"}, {"database": "none"}),
        ({"data": "elsewhere", "accounts": "few-or-company"}, {}),
        ({"data": "elsewhere", "accounts": "dont-know"}, {}),
        ({"data": "elsewhere"}, {}),
        ({"data": "few-tables", "accounts": "nobody"}, {}),
    ],
)
def test_answers_imply_options(questionnaire, answers, implied):
    assert {k: i.value for k, i in questionnaire.implied(answers).items()} == implied


def test_an_implied_option_says_why(questionnaire):
    implied = questionnaire.implied({"accounts": "own-users"})["accounts"]

    assert implied.answers == {"accounts": "own-users"}
    assert implied.text == "because you answered own-users to `accounts`"


def test_an_option_that_answers_imply_together_names_them_all(questionnaire):
    implied = questionnaire.implied({"accounts": "nobody", "data": "elsewhere"})["database"]

    assert implied.text == "because you answered elsewhere to `data` and nobody to `accounts`"


def test_checked_answers_come_in_order_with_those_passed(questionnaire):
    answers = {"sensitive": True, "team": "dont-know", "backoffice": False, "scope": "one-job"}

    checked = questionnaire.check(answers)

    assert list(checked.items()) == [
        ("scope", "one-job"),
        ("backoffice", "no"),
        ("team", "dont-know"),
        ("sensitive", "yes"),
    ]
    assert list(questionnaire.answered(answers)) == ["scope", "backoffice", "sensitive"]


def test_every_accepted_value_is_accepted(questionnaire):
    for question in questionnaire.questions:
        for value in question.accepted:
            questionnaire.check({question.id: value})


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (
            {"scop": "one-job"},
            (
                "There is no question `scop`. Did you mean `scope`? The questions are: scope, "
                "style, data, backoffice, accounts, output, layer, team, first_project, "
                "lightness, sensitive."
            ),
        ),
        (
            {"scope": "many-module"},
            (
                "`scope` cannot be `many-module`. Did you mean `many-modules`? "
                "Choose one of: one-job, several-features, many-modules, dont-know."
            ),
        ),
        (
            {"team": 3},
            "`team` cannot be `3`. Did you mean `3-5`? Choose one of: 1-2, 3-5, 6-plus, dont-know.",
        ),
        (
            {"team": None},
            "`team` cannot be `null`. Choose one of: 1-2, 3-5, 6-plus, dont-know.",
        ),
        (
            {"team": True},
            "`team` cannot be `yes`. Choose one of: 1-2, 3-5, 6-plus, dont-know.",
        ),
        (
            {"sensitive": "\x1b[31mred\n"},
            "`sensitive` cannot be `\\x1b[31mred\\n`. Choose one of: yes, no, dont-know.",
        ),
        (
            ["scope"],
            "Answers must be pairs of a question and a choice, not `['scope']`.",
        ),
    ],
)
def test_a_wrong_answer_is_refused_with_the_way_out(questionnaire, answers, message):
    with pytest.raises(AnswerError) as caught:
        questionnaire.check(answers)

    assert str(caught.value) == message


def test_a_huge_value_is_shown_short(questionnaire):
    with pytest.raises(AnswerError) as caught:
        questionnaire.check({"scope": "x" * 10_000_000})

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('claims = ["C4", "C2"]', 'claims = ["C4", "C99"]', "there is no claim `C99`"),
        ("points.flask = 3", "points.rails = 3", "there is no framework `rails`"),
        ("sides.flask =", "sides.rails =", "there is no framework `rails`"),
        ("points.flask = 3", "points.flask = -3", "give positive points to one framework"),
        ("points.flask = 3", "points.flask = true", "`flask` must be of type int"),
        ("points.flask = 3", "points = {flask = 3, django = 1}", "give positive points"),
        ("when.style =", "when.stile =", "there is no question `stile`"),
        ('when.scope = ["one-job"]', 'when.scope = ["two"]', "there is no choice `two`"),
        ('when.scope = ["one-job"]\n', "", "`when` must name at least two questions"),
        ('deciding = ["scope",', 'deciding = ["scoop",', "there is no question `scoop`"),
        ('sections = ["II.6",', 'sections = ["II.9",', "there is no section `II.9`"),
        ('claims = ["C7", "C8"]', 'claims = ["C7", "X"]', "there is no claim `X`"),
        ('id = "style"', 'id = "scope"', "question `scope` is there twice"),
        ('id = "several-features"', 'id = "one-job"', "choice `one-job` is there twice"),
        ('id = "security"', 'id = "features"', "comparison `features` is there twice"),
        ('id = "style"\n', "", "`id` is missing or empty"),
        (re.compile(r"reason = .*"), "", "choices `one-job`: `reason` is missing or empty"),
        (re.compile(r"reason = .*"), 'reason = ""', "`reason` is missing or empty"),
        (re.compile(r"help = .*"), "help = 3", "`help` must be of type str"),
        (re.compile(r"label = .*"), 'label = "A"\nlable = "B"', "unknown `lable`"),
        (
            "implies.accounts = true",
            "implies.api = true",
            "implied by both `accounts` and `output`",
        ),
        ('flask = "Flask"\n', "", "name two"),
        ("lean = 3", "lean = 9", "in rising order"),
        ("distance = 6", "distance = 2", "a `distance` of `lean` or more"),
        ("share = 0.5", "share = 1.5", "a `share` up to 1"),
        ("share = 0.5", "share = 0.5\nshade = 1", "unknown `shade`"),
        (re.compile(r"if = .*"), "", "choices `one-job`: `if` is missing or empty"),
        (re.compile(r"topic = .*"), "", "`topic` is missing or empty"),
        ('may_change = "never"', 'may_change = "rarely"', "`may_change` is one of: freely, by-a-"),
        (
            'when.accounts = ["nobody"]\nwhen.backoffice',
            'when.accounts = ["noone"]\nwhen.backoffice',
            "contradiction 1: there is no choice `noone`",
        ),
        (
            'implies.database = "none"',
            'implies.frontend = "none"',
            "implied by both `output` and `implication 1`",
        ),
        ('implies.database = "none"', "", "`implies` is missing or empty"),
        (
            'when.accounts = ["nobody"]\nimplies',
            "implies",
            "`when` must name at least two questions",
        ),
        (
            'when.accounts = ["nobody"]\nimplies',
            'when.accounts = ["noone"]\nimplies',
            "implication 1: there is no choice `noone`",
        ),
        ('any.data = ["elsewhere"]', 'any.date = ["elsewhere"]', "caveat 1: there is no question"),
        ('framework = "django"', 'framework = "rails"', "there is no framework `rails`"),
        (
            re.compile(r"(?s)\[\[judgements\]\]\ntext = .*"),
            "",
            "the last one must hold always, without a `when`",
        ),
        ("[bands]", "[[bands]]", "`bands` must be of type dict"),
        ("[claims.C3]", "[claims.C2]", "cannot be read"),
        ("[bands]", "bands", "cannot be read"),
    ],
)
def test_malformed_data_is_one_clear_error(tmp_path, old, new, message):
    text = PACKAGED.read_text(encoding="utf-8")
    changed = (
        old.sub(new, text, count=1) if isinstance(old, re.Pattern) else text.replace(old, new, 1)
    )
    assert changed != text
    path = tmp_path / "questions.toml"
    path.write_text(changed, encoding="utf-8")

    with pytest.raises(QuestionnaireError, match=re.escape(message)) as caught:
        load_questionnaire(path)

    assert "questions.toml" in str(caught.value)


def test_an_unreadable_file_is_one_clear_error(tmp_path):
    with pytest.raises(QuestionnaireError, match="cannot be read"):
        load_questionnaire(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'a = "\xe9"')
    with pytest.raises(QuestionnaireError, match="cannot be read"):
        load_questionnaire(tmp_path / "latin.toml")


def test_the_file_is_read_once():
    assert load_questionnaire() is load_questionnaire()


def test_the_documentation_gives_the_points_in_force(questionnaire):
    page = (ROOT / "docs/recommendation.md").read_text(encoding="utf-8")
    rows = ["| question | answers and their points |", "| --- | --- |"]
    for question in questionnaire.questions:
        cells = [
            f"`{choice.id}` "
            + (
                ", ".join(f"{questionnaire.frameworks[n]} {p}" for n, p in choice.points.items())
                or "0"
            )
            for choice in question.choices
        ]
        rows.append(f"| `{question.id}`: {question.text} | {'; '.join(cells)} |")

    assert "\n".join(rows) in page
    assert f", {questionnaire.weight} in all." in page
    assert f"| strong | {questionnaire.strong} points apart or more |" in page
    assert f"| lean | {questionnaire.lean} to {questionnaire.strong - 1} points apart |" in page
    assert f"| near tie | {questionnaire.lean - 1} points apart or less |" in page
    assert set(questionnaire.deciding) == {"scope", "style"}
    assert f"at least {questionnaire.blind_distance} points apart" in page
    assert f"half of the weight of the others, {questionnaire.blind_weight}" in page
    assert questionnaire.blind_share == 1 / 2
    assert page.count(questionnaire.article) == 1
