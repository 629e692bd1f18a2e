"""`stackgen recommend`: the questions, and what the answers speak for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackgen.cli import console, parameters
from stackgen.errors import AnswerError

if TYPE_CHECKING:
    from stackgen.advice.questionnaire import Questionnaire

EXAMPLES = (
    "stackgen recommend",
    "stackgen recommend --answer scope=one-job --answer style=choose-parts",
)


def command(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    answer: parameters.Answer = None,
    answers: parameters.Answers = None,
    defaults: parameters.Defaults = False,
    ask_all: parameters.All = False,
    linear: parameters.Linear = False,
    again: parameters.Again = False,
    no_config: parameters.NoConfig = False,
    as_json: parameters.Json = False,
    markdown: parameters.Markdown = False,
    quiet: parameters.Quiet = False,
) -> None:
    """Ask what a project needs, and recommend a framework with the reasons."""
    from stackgen.advice.precedents import load_precedents
    from stackgen.advice.recommendation import recommend
    from stackgen.cli.inputs import read_inputs
    from stackgen.cli.interview.questions import QuestionRound, begin, show_answers
    from stackgen.cli.interview.terminal import open_terminal
    from stackgen.cli.presets import read_presets
    from stackgen.project.installation import load_installation
    from stackgen.project.preset import answers_before
    from stackgen.project.request import check_inputs
    from stackgen.text.recommendation import recommendation_markdown, recommendation_text

    parameters.refuse_together(json=as_json, markdown=markdown)
    parameters.refuse_together(defaults=defaults, all=ask_all)
    questionnaire, template = load_installation()
    inputs = read_inputs(answers, answer)
    known, _ = check_inputs(
        inputs.answers,
        inputs.options,
        inputs.file,
        questionnaire=questionnaire,
        template=template,
    )
    presets = read_presets(again=again, configured=not no_config, quiet=quiet)
    if console.can_ask(answers) and not defaults:
        with open_terminal(linear=console.is_linear(linear)) as terminal:
            begin(questionnaire)
            marked = answers_before(presets, known)
            round_ = QuestionRound(questionnaire, known, terminal, ask_all=ask_all, marked=marked)
            known = round_.ask()
        show_answers(round_)
        console.say()
    else:
        known = answers_before([each for each in presets if each.counts_unasked], known)
        if not questionnaire.answered(known):
            raise _nothing_answered(questionnaire, defaults=defaults)
    result = recommend(known, questionnaire, load_precedents())
    if as_json:
        console.write_json(result.as_dict())
    elif markdown:
        console.write(recommendation_markdown(result, questionnaire).rstrip())
    elif quiet:
        console.write(result.framework or "undecided")
    else:
        console.write(
            recommendation_text(result, questionnaire, **console.format_of_stdout()).rstrip()
        )


def _nothing_answered(questionnaire: Questionnaire, *, defaults: bool) -> AnswerError:
    cause = "`--defaults` asks nothing" if defaults else "there is no terminal to ask at"
    return AnswerError(
        f"No question was answered, and {cause}. "
        "Give `--answer QUESTION=CHOICE` or `--answers FILE`. Questions: "
        f"{', '.join(question.id for question in questionnaire.questions)}."
    )
