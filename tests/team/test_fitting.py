"""What a standard means for a new project: who goes before whom, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from standards import LOCKED, NAMED

from stackgen.cli.interview.options import OptionsForm
from stackgen.errors import OptionError, StandardError
from stackgen.project.answers_file import AnswersFile
from stackgen.project.installation import load_installation
from stackgen.project.preset import Preset
from stackgen.project.request import Request, request_project
from stackgen.team.edition import Edition
from stackgen.team.fitting import fit_standard
from stackgen.team.reading import parse_standard
from stackgen.team.tree import OverlayFile
from stackgen.text.creation import bound_lines, equivalent_command, option_rows


def fitted(text: str, *folders: str) -> Preset:
    files = {f"{folder}/a": OverlayFile(b"") for folder in folders}
    edition = Edition(standard=parse_standard(text.encode()), files=files)
    return fit_standard(edition, load_installation())


def request(path: Path, text: str, *presets: Preset, **inputs: Any) -> Request:
    return request_project(path / "shop", presets=[*presets, fitted(text)], **inputs)


def values(request: Request, framework: str = "flask") -> dict[str, Any]:
    return dict(request.with_options({"framework": framework}).decide().resolved.values)


def test_the_order_of_what_counts(tmp_path: Path) -> None:
    text = NAMED + '[options.ci]\nvalue = "gitlab"\n'
    again = Preset(origin="again", options={"ci": "none"}, counts_unasked=True)
    mine = Preset(origin="configuration", options={"ci": "none", "license": "mpl-2.0"})
    file = AnswersFile(options={"ci": "github"})
    found = values(request(tmp_path, text, mine))
    assert (found["ci"], found["license"]) == ("gitlab", "mpl-2.0")
    assert values(request(tmp_path, text, mine, again))["ci"] == "none"
    assert values(request(tmp_path, text, again, file=file))["ci"] == "github"
    assert values(request(tmp_path, text, file=file, options={"ci": "none"}))["ci"] == "none"


def test_what_is_locked_and_cannot_be_says_on_whose_word(tmp_path: Path) -> None:
    text = LOCKED.replace('"postgresql"', '"none"')
    said = r"`framework` to flask\. `database` is set by the standard acme: Op.*platform@"
    with pytest.raises(OptionError, match=said):
        values(request(tmp_path, text), "django")
    assert values(request(tmp_path, text))["database"] == "none"


def test_a_default_goes_before_what_answers_imply(tmp_path: Path) -> None:
    answers = {"output": "api-only"}
    plain = request_project(tmp_path / "shop", answers=answers)
    assert values(plain)["api"] is True
    text = NAMED + "[options.api]\nvalue = false\n[options.frontend]\nvalue = 'templates'\n"
    assert values(request(tmp_path, text, answers=answers))["api"] is False


@pytest.mark.parametrize(
    "inputs",
    [{"options": {"database": "sqlite"}}, {"file": AnswersFile(options={"database": "sqlite"})}],
)
def test_against_a_locked_value(tmp_path: Path, inputs: dict[str, Any]) -> None:
    with pytest.raises(StandardError) as caught:
        request(tmp_path, LOCKED, **inputs)
    assert str(caught.value) == (
        "`database` cannot be `sqlite`: the standard `acme` locks it at `postgresql`. Operations "
        "backs up PostgreSQL alone. Ask platform@example.com. See https://example.com/database."
    )


def test_against_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(StandardError, match="allows `gitlab` or `none`"):
        request(tmp_path, LOCKED, options={"ci": "github"})
    assert values(request(tmp_path, LOCKED))["ci"] == "gitlab"
    assert values(request(tmp_path, LOCKED, options={"ci": "none"}))["ci"] == "none"
    with pytest.raises(StandardError, match="allows"):
        request(tmp_path, LOCKED).with_options({"ci": "github"})


def test_wishes_against_it_are_let_go(tmp_path: Path) -> None:
    again = Preset(
        origin="again", options={"database": "sqlite", "ci": "github"}, counts_unasked=True
    )
    found = values(request(tmp_path, LOCKED, again))
    assert (found["database"], found["ci"]) == ("postgresql", "gitlab")


def test_a_locked_value_that_the_others_refuse_is_an_error(tmp_path: Path) -> None:
    text = NAMED + "[options.accounts]\nvalue = true\nlocked = true\n"
    asked = request(tmp_path, text, options={"framework": "flask", "database": "none"})
    with pytest.raises(Exception, match=r"`accounts`|`database`"):
        asked.decide()


def test_what_a_framework_forces_is_no_matter_of_a_standard(tmp_path: Path) -> None:
    text = NAMED + "[options.admin]\nvalue = false\nlocked = true\n"
    assert values(request(tmp_path, text), "django")["admin"] is True
    assert values(request(tmp_path, text), "flask")["admin"] is False


def test_a_locked_framework(tmp_path: Path) -> None:
    text = NAMED + "[options.framework]\nvalue = 'flask'\nlocked = true\nbecause = 'One.'\n"
    answers = {
        "scope": "many-modules",
        "style": "ready-structure",
        "data": "linked-tables",
        "backoffice": "from-day-one",
        "output": "pages",
    }
    asked = request(tmp_path, text, answers=answers)
    assert asked.frameworks == ("flask",)
    assert asked.recommendation.framework == "django"
    decision = asked.unasked().decide()
    assert (decision.framework, decision.by) == ("flask", "standard")
    with pytest.raises(StandardError, match="locks it at `flask`"):
        request(tmp_path, text, options={"framework": "django"})


def test_a_framework_that_is_no_more_than_a_default(tmp_path: Path) -> None:
    text = NAMED + "[options.framework]\nvalue = 'flask'\n"
    asked = request(tmp_path, text)
    assert asked.marked_framework == "flask"
    assert asked.unasked().decide().framework == "flask"
    named = request(tmp_path, text, options={"framework": "django"})
    assert named.unasked().decide().framework == "django"


def test_answers(tmp_path: Path) -> None:
    text = NAMED + (
        "[answers.accounts]\nvalue = 'own-users'\nlocked = true\nbecause = 'All have.'\n"
        "[answers.team]\nvalue = '3-5'\n[answers.output]\nallowed = ['pages', 'api-only']\n"
    )
    asked = request(tmp_path, text)
    assert asked.answers == {"accounts": "own-users"}
    assert asked.marked["team"] == "3-5"
    assert asked.unasked().answers["team"] == "3-5"
    by_id = {question.id: question for question in asked.offered_questions.questions}
    assert [choice.id for choice in by_id["output"].choices] == ["pages", "api-only"]
    with pytest.raises(StandardError, match="locks it at `own-users`"):
        request(tmp_path, text, answers={"accounts": "nobody"})
    with pytest.raises(StandardError, match="allows"):
        request(tmp_path, text, answers={"output": "pages-and-api"})


def test_what_is_shown(tmp_path: Path) -> None:
    asked = request(tmp_path, LOCKED, options={"framework": "flask"})
    decision = asked.decide()
    rows = {name: (value, origin) for name, value, origin in option_rows(decision, asked)}
    who = (
        "the standard acme: Operations backs up PostgreSQL alone (ask platform@example.com, "
        "https://example.com/database)"
    )
    assert rows["database"] == ("postgresql", who)
    assert rows["license"] == ("proprietary", "the standard")
    assert bound_lines(asked) == [f"database is postgresql, set by {who}."]
    command = equivalent_command("stackgen new shop --standard acme", decision, asked.options)
    assert command == "stackgen new shop --standard acme --framework flask"


def test_what_is_locked_is_not_changed_in_the_interview(tmp_path: Path) -> None:
    asked = request(tmp_path, LOCKED, options={"framework": "flask"})
    form = OptionsForm(asked, "stackgen new shop --standard acme")
    rows = {row.name: row for row in form.rows}
    assert not rows["database"].open
    assert rows["database"].origin.startswith("the standard acme: Operations backs up")
    assert rows["ci"].open
    refusals = {word.value: word.refusal for word in form.words("ci")}
    assert "allows `gitlab` or `none`" in refusals["github"]
    assert refusals["none"] == ""
    form.set("ci", "none")
    assert form.command.endswith("--standard acme --framework flask --set ci=none")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[options.databse]\nvalue = 'sqlite'\n", "Did you mean `database`?"),
        ("[options.database]\nvalue = 'oracle'\n", "`database` cannot be `oracle`"),
        ("[options.database]\nallowed = ['sqlite', 'oracle']\n", "`database` cannot be `oracle`"),
        ("[options.api]\nvalue = 'maybe'\n", "`api` cannot be `maybe`"),
        ("[options.project_name]\nvalue = 'x'\n", "can only be set for one project"),
        ("[options.recommendation]\nvalue = 'x'\n", "cannot be set"),
        ("[answers.tea]\nvalue = '3-5'\n", "Did you mean `team`"),
        ("[answers.team]\nvalue = 'dont-know'\n", "for a team"),
    ],
)
def test_what_does_not_fit(text: str, said: str) -> None:
    with pytest.raises(StandardError, match=re.escape(said)) as caught:
        fitted(NAMED + text)
    assert str(caught.value).startswith("The standard `acme` does not fit this stackgen: ")


def test_a_folder_for_no_framework() -> None:
    with pytest.raises(StandardError, match="`overlay/rails` of the standard `acme`"):
        fitted(NAMED, "common", "rails")
    fitted(NAMED, "common", "django", "flask")
