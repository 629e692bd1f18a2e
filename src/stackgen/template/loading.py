"""Reads the options from `copier.yml`, and refuses what does not hold together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import yaml

from stackgen.errors import SourceError
from stackgen.template.option import Option, OptionType
from stackgen.template.options import MALFORMED, Options
from stackgen.template.yaml_text import load_yaml

NEEDED = frozenset({"commands", "framework"})
"""The options without which there is no project: its framework, and how it is run."""


def load_options(template: Path) -> Options:
    """Read the options of a template folder.

    Args:
        template: The folder that holds `copier.yml` and `templates/`.

    Raises:
        SourceError: There is no `copier.yml` there, it cannot be read, or it is malformed.
    """
    path = template / "copier.yml"
    try:
        raw = load_yaml(path.read_bytes())
    except (OSError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise SourceError(f"`{path}` cannot be read: {said}. Install stackgen again.") from error
    try:
        return _options(template, raw)
    except SourceError as error:
        raise SourceError(MALFORMED.format(path, error)) from None


def _options(template: Path, raw: Any) -> Options:
    if not isinstance(raw, Mapping):
        raise SourceError("it is not a mapping of options")
    options = {
        name: _option(name, entry) for name, entry in raw.items() if not str(name).startswith("_")
    }
    if missing := sorted(NEEDED - options.keys()):
        raise SourceError(f"there is no option `{missing[0]}`")
    if options["framework"].default not in options["framework"].choices:
        raise SourceError("the default of `framework` is none of its choices")
    return Options(template=template, by_id=options, envops=_envops(raw.get("_envops") or {}))


def _envops(raw: Any) -> Mapping[str, Any]:
    """Return how Copier sets Jinja up, with Copier's own defaults where the template is silent."""
    known = {"undefined": "jinja2.Undefined", "keep_trailing_newline": True}
    known |= {"trim_blocks": False, "lstrip_blocks": False}
    if not isinstance(raw, Mapping) or not raw.keys() <= known.keys():
        raise SourceError(f"`_envops` may set {', '.join(known)} and nothing else")
    settings = {**known, **raw}
    package, _, kind = str(settings["undefined"]).rpartition(".")
    if package != "jinja2" or kind not in {"StrictUndefined", "Undefined"}:
        raise SourceError("`undefined` in `_envops` must be `jinja2.StrictUndefined`")
    return {**settings, "undefined": kind}


def _option(name: str, entry: Any) -> Option:
    if not isinstance(entry, Mapping) or entry.get("type") not in get_args(OptionType):
        types = ", ".join(get_args(OptionType))
        raise SourceError(f"option `{name}` needs a `type`, one of: {types}")
    if "default" not in entry:
        raise SourceError(f"option `{name}` needs a `default`")
    return Option(
        id=name,
        type=entry["type"],
        help=entry.get("help", ""),
        choices=_choices(name, entry.get("choices", [])),
        default=entry["default"],
        ask=entry.get("ask", True),
        validator=entry.get("validator", ""),
        recorded_only=entry["type"] == "yaml",
        computed=entry.get("when") is False,
    )


def _choices(name: str, raw: Any) -> Mapping[str, str]:
    """Return the values of an option with their labels."""
    if isinstance(raw, list):
        return {str(value): str(value) for value in raw}
    if isinstance(raw, Mapping):
        return {str(value): str(label) for label, value in raw.items()}
    raise SourceError(f"`choices` of the option `{name}` must be a list or a mapping")
