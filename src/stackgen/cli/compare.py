"""`stackgen compare`: what the article says of every framework."""

from __future__ import annotations

from stackgen.cli import console, parameters

EXAMPLES = (
    "stackgen compare",
    "stackgen compare --markdown > comparison.md",
)


def command(as_json: parameters.Json = False, markdown: parameters.Markdown = False) -> None:
    """Show what the article behind the questions says, aspect by aspect."""
    from stackgen.project.installation import load_installation
    from stackgen.schemas.compare import comparison
    from stackgen.text.comparison import comparison_markdown, comparison_text

    parameters.refuse_together(json=as_json, markdown=markdown)
    questionnaire = load_installation().questionnaire
    if as_json:
        console.write_json(comparison(questionnaire))
    elif markdown:
        console.write(comparison_markdown(questionnaire).rstrip())
    else:
        console.write(comparison_text(questionnaire, **console.format_of_stdout()).rstrip())
