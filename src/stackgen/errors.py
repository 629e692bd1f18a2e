"""Every error a person can act on.

StackgenError               catch this one
├── AnswerError             unknown question or choice, or an answers file that cannot be read
├── OptionError             unknown option, or a value that is not allowed
├── DestinationError        the destination, or its name, cannot be used
├── ProjectError            a project cannot be read or updated as it is
├── SourceError             what this installation brings is missing or malformed
│   └── QuestionnaireError  that is its questionnaire, or it does not fit the template
└── RenderError             Copier or git failed while working

A message says what happened, with the value in backticks, then what to do about it.
`RenderError` and `SourceError` mean that something failed while working (exit code 1);
every other one was found before anything was written (exit code 2).
"""

LONGEST_SHOWN = 40


def quoted(value: object) -> str:
    """A value from outside as a message shows it: in backticks, on one line, and not for long.

    Null, true and false stand as in YAML and JSON; characters that a terminal obeys as `?`.
    """
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if value is None:
        text = "null"
    start = "".join(sign if sign.isprintable() else "?" for sign in text[: LONGEST_SHOWN + 1])
    return f"`{start}`" if len(start) <= LONGEST_SHOWN else f"`{start[:LONGEST_SHOWN]}...`"


class StackgenError(Exception):
    """Base of every error that stackgen raises on purpose."""


class AnswerError(StackgenError):
    """An unknown question or choice, or an answers file that cannot be read."""


class OptionError(StackgenError):
    """An unknown option, or a value that is not allowed."""


class DestinationError(StackgenError):
    """The destination, or its name, cannot be used."""


class ProjectError(StackgenError):
    """A project cannot be read or updated as it is."""


class SourceError(StackgenError):
    """The template or its history is missing from this installation, or malformed."""


class QuestionnaireError(SourceError):
    """The questionnaire's data is malformed, or does not fit the template."""


class RenderError(StackgenError):
    """Copier or git failed while working; nothing half done is left."""
