"""How an input is given at the command line: what an error asks for without knowing of flags."""

from __future__ import annotations

import shlex

from stackgen.errors import CombinationError, FrameworkChangeError, StackgenError


def explain(error: StackgenError) -> str:
    """Return what happened and what to do about it, in the words of the command line."""
    if isinstance(error, CombinationError):
        return str(error.renamed(flag))
    if isinstance(error, FrameworkChangeError):
        return f"{error} `{_command_to_start_anew(error)}` does that."
    return f"{error} {_how_to_give(error.remedy)}".rstrip()


def flag(name: str) -> str:
    """Return the flag that gives an input, from the name of its parameter."""
    if name.startswith("-"):
        return name
    return "--set" if name == "changes" else f"--{name.replace('_', '-')}"


def _command_to_start_anew(error: FrameworkChangeError) -> str:
    project = error.record.parent
    place = project.with_name(f"{project.name}-{error.framework}")
    words = ["stackgen", "new", str(place)]
    words += ["--answers", str(error.record), "--framework", error.framework]
    return shlex.join(words)


def _how_to_give(remedy: str) -> str:
    if remedy == "framework":
        return _framework()
    return {
        "changes": "`--set OPTION=VALUE` changes what was recorded.",
        "discard_edits": "Give `--discard-edits` to delete them anyway.",
        "existing": "Say what becomes of them: `--existing keep`, `replace` or `merge`.",
        "standard": "Give it with `--standard`, or write it below `[standards]` into your "
        "configuration.",
        "fetched": "Give its address, a path, or a name below `[standards]` in your configuration.",
        "no_git": "Or give `--no-git` to leave the repository alone.",
    }.get(remedy, "")


def _framework() -> str:
    from stackgen.template import source
    from stackgen.template.loading import load_options

    options = load_options(source.template_root())
    return (
        "Answer questions with `--answer QUESTION=CHOICE` or `--answers FILE`, choose one with "
        f"`--framework {'|'.join(options.frameworks)}`, or take {options.default_framework} with "
        "`--defaults`: there is no terminal to ask at."
    )
