"""Every error a person can act on.

StackgenError               catch this one
├── AnswerError             unknown question or choice, or an answers file that cannot be read
├── OptionError             unknown option, or a value that is not allowed
├── DestinationError        the destination, or its name, cannot be used
├── ProjectError            a project cannot be read or updated as it is
├── QuestionnaireError      the questionnaire's data is malformed
├── SourceError             the template or its history is missing from this installation
└── RenderError             Copier or git failed while working

A message says what happened, with the value in backticks, then what to do about it.
`RenderError` and `SourceError` mean that something failed while working (exit code 1);
every other one was found before anything was written (exit code 2).
"""

from __future__ import annotations


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


class QuestionnaireError(StackgenError):
    """The questionnaire's data is malformed."""


class SourceError(StackgenError):
    """The template or its history is missing from this installation."""


class RenderError(StackgenError):
    """Copier or git failed while working; nothing half done is left."""
