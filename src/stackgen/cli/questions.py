"""`stackgen questions`: all that can be answered and set."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from stackgen.cli import console

_LEVELS = (
    "In brackets is what was last seen of a choice: its files were rendered; a project with it was "
    "installed; passed its checks and tests; answered as a production server."
)

EXAMPLES = (
    "stackgen questions",
    "stackgen questions --json > answers.schema.json",
)


def command(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON Schema of the answers file.")
    ] = False,
) -> None:
    """Show every question and every option with its choices."""
    from stackgen.project.installation import load_installation
    from stackgen.schemas.answers import answers_schema
    from stackgen.template.evidence import evidence
    from stackgen.text.comparison import questions_text
    from stackgen.text.layout import fold
    from stackgen.text.options import options_text

    questionnaire, options = load_installation()
    if as_json:
        console.write_json(answers_schema(questionnaire, options, evidence()))
        return
    console.write("QUESTIONS, for `--answer QUESTION=CHOICE`; leave out what you do not know")
    rests_on = f'They are those that the article "{questionnaire.article}" turns on.'
    console.write("\n".join([*fold(rests_on, console.width(sys.stdout)), ""]))
    console.write(questions_text(questionnaire, **console.format_of_stdout()))
    console.write("OPTIONS, for `--set OPTION=VALUE`")
    console.write("\n".join([*fold(_LEVELS, console.width(sys.stdout)), ""]))
    console.write(options_text(options, evidence(), **console.format_of_stdout()).rstrip())
