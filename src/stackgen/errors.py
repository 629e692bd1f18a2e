"""Every error a person can act on.

StackgenError               catch this one
├── AnswerError             unknown question or choice, or an answers file that cannot be read
├── OptionError             unknown option, or a value that is not allowed
│   └── FrameworkChangeError
├── CombinationError        inputs that do not go together, whatever their values
├── ConfigurationError      what is kept for all projects cannot be read or written
├── DestinationError        the destination, or its name, cannot be used
│   └── ExistingFilesError  nobody said what is to become of files that are there
├── ProjectError            a project cannot be read or updated as it is
│   ├── DiscardError        files with edits would go
│   └── OtherTemplateError  it records a template that is not stackgen's
├── StandardError           a team's standard cannot be used, or speaks against what is asked
├── SourceError             what this installation brings is missing or malformed
│   └── QuestionnaireError  that is its questionnaire, or it does not fit the template
├── VerificationError       a project was looked at and found wanting, or could not be looked at
└── RenderError             Copier or git failed while working

A message says what happened, with the value in backticks, then what to do about it. It names no
flag: inputs come from a command line, a form or another program, and how one is given there is for
that face to say, by `StackgenError.remedy` and `CombinationError.renamed`.

`RenderError`, `SourceError` and `VerificationError` mean that something failed while working
(exit code 1); every other one was found before anything was written (exit code 2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path


class StackgenError(Exception):
    """Base of every error that stackgen raises on purpose.

    Attributes:
        remedy: The input that would mend it, by the name of its parameter; empty where none would.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        """Say what happened, and which input would mend it.

        Args:
            message: What happened, and what to do about it.
            remedy: See `StackgenError`.
        """
        super().__init__(message)
        self.remedy = remedy


class AnswerError(StackgenError):
    """An unknown question or choice, or an answers file that cannot be read."""


class OptionError(StackgenError):
    """An unknown option, or a value that is not allowed."""


class FrameworkChangeError(OptionError):
    """The framework of a project cannot change.

    Attributes:
        record: The answers file of the project, from which a new one can start.
        framework: The framework that was asked for.
    """

    def __init__(self, record: Path, framework: str) -> None:
        """Say that a new project is the way.

        Args:
            record: See `FrameworkChangeError`.
            framework: See `FrameworkChangeError`.
        """
        super().__init__(
            "`framework` of a project cannot change. Start a new one from the same answers."
        )
        self.record, self.framework = record, framework

    def __reduce__(self) -> tuple[type[FrameworkChangeError], tuple[Path, str]]:
        """Return how to make it again, in another process say."""
        return type(self), (self.record, self.framework)


class CombinationError(StackgenError):
    """Inputs that do not go together, whatever their values."""

    def __init__(self, sentence: str, *inputs: str) -> None:
        """Say what is wrong with inputs.

        Args:
            sentence: What is wrong, with `{}` for each input.
            inputs: The inputs, by the names of their parameters.
        """
        super().__init__(sentence)
        self.sentence, self.inputs = sentence, inputs

    def __reduce__(self) -> tuple[type[CombinationError], tuple[str, ...]]:
        """Return how to make it again, in another process say."""
        return type(self), (self.sentence, *self.inputs)

    def __str__(self) -> str:
        """Return the sentence with its inputs."""
        return self.sentence.format(*(f"`{name}`" for name in self.inputs))

    def renamed(self, name: Callable[[str], str]) -> CombinationError:
        """Return the same error with its inputs called as a face calls them.

        Args:
            name: From the name of a parameter to that of a flag, say.
        """
        return CombinationError(self.sentence, *map(name, self.inputs))

    @classmethod
    def contradiction(cls, one: str, other: str) -> CombinationError:
        """Return the error of two inputs of which only one can count."""
        return cls("{} and {} contradict each other. Give one of them.", one, other)


class ConfigurationError(StackgenError):
    """A person's configuration, or their last interview, cannot be read or written."""


class DestinationError(StackgenError):
    """The destination, or its name, cannot be used."""


class ExistingFilesError(DestinationError):
    """Files are there that the project has as well, and nobody said what is to become of them.

    Attributes:
        folder: The destination.
        plans: For each way to treat them: path and what would become of it.
    """

    def __init__(self, folder: Path, plans: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Name the files.

        Args:
            folder: See `ExistingFilesError`.
            plans: See `ExistingFilesError`.
        """
        self.folder, self.plans = folder, plans
        names = list(dict.fromkeys(f"`{path}`" for plan in plans.values() for path, _ in plan))
        be = "is" if len(names) == 1 else "are"
        super().__init__(
            f"{', '.join(names)} {be} in `{folder}` already, and the project has other content "
            "there.",
            remedy="existing",
        )

    def __reduce__(
        self,
    ) -> tuple[type[ExistingFilesError], tuple[Path, Mapping[str, Sequence[tuple[str, str]]]]]:
        """Return how to make it again, in another process say."""
        return type(self), (self.folder, self.plans)


class ProjectError(StackgenError):
    """A project cannot be read or updated as it is."""


class OtherTemplateError(ProjectError):
    """What a project records is another template than stackgen's, or a copy of it elsewhere."""


class DiscardError(ProjectError):
    """Files with edits would go, and nobody agreed to that.

    Attributes:
        paths: These files, sorted.
    """

    def __init__(self, paths: Collection[str]) -> None:
        """Name the files.

        Args:
            paths: See `DiscardError`.
        """
        self.paths = tuple(sorted(paths))
        names = ", ".join(f"`{path}`" for path in self.paths)
        super().__init__(
            f"Files that you edited would be deleted: {names}.", remedy="discard_edits"
        )

    def __reduce__(self) -> tuple[type[DiscardError], tuple[tuple[str, ...]]]:
        """Return how to make it again, in another process say."""
        return type(self), (self.paths,)


class StandardError(StackgenError):
    """A team's standard cannot be fetched, read or used, or it speaks against what is asked."""


class SourceError(StackgenError):
    """The template or its history is missing from this installation, or malformed."""


class QuestionnaireError(SourceError):
    """The questionnaire's data is malformed, or does not fit the template."""


class VerificationError(StackgenError):
    """A project does not pass its own checks, or this machine does not let them run."""


class RenderError(StackgenError):
    """Copier or git failed while working; nothing half done is left."""
