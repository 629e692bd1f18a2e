"""The options of the template: read from `copier.yml`, raw values in, checked values out."""

from __future__ import annotations

import difflib
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from stackgen.errors import OptionError, SourceError
from stackgen.foreign_text import LONGEST_SHOWN, quoted

OptionType = Literal["str", "bool", "int", "yaml"]

LONGEST_TEXT = 500
"""The most characters a free text may have: a line of a README, not a chapter."""

LARGEST_NUMBER = 2**53
"""The largest number that is taken for a text: beyond it not every reader of JSON sees the same."""

MOST_DIGITS = 4
"""The most digits a number may have: those of a year."""

BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

# Bidirectional controls reorder what a person reads (CVE-2021-42574, "Trojan Source").
BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})

Origin = Literal["given", "implied", "default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of the template, as `copier.yml` describes it.

    `choices` maps each allowed value to its label, in order; it is empty for a free text.
    `default`, `ask` and `validator` are Jinja texts over the options above this one.
    """

    id: str
    type: OptionType
    help: str
    choices: Mapping[str, str]
    default: Any
    ask: bool | str
    validator: str
    recorded_only: bool
    computed: bool

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values a person may write, or nothing where any text will do."""
        if self.type == "bool":
            return ("true", "false")
        return tuple(self.choices)

    @property
    def has_static_default(self) -> bool:
        """Whether the default is the same whatever the other options are."""
        return not (isinstance(self.default, str) and "{" in self.default)

    def parse(self, value: Any) -> Any:
        """Turn a raw value, from a flag or a file, into one of the option's own type.

        Raises:
            OptionError: The value is not allowed; the message names it and those that are.
        """
        if self.type == "yaml":
            return value
        if self.type == "bool":
            word = str(value).lower()
            if word not in BOOLEANS:
                raise self._refused(value)
            return BOOLEANS[word]
        if value is None or isinstance(value, bool | Mapping | list):
            raise self._refused(value)
        if isinstance(value, int | float) and not abs(value) <= LARGEST_NUMBER:
            raise self._refused(value)
        text = text_of(value)
        if self.choices:
            if text not in self.choices:
                raise self._refused(value)
            return text
        check_text(self.id, text)
        if self.type == "int":
            if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
                raise self._refused(value)
            return int(text)
        return text

    def _refused(self, value: Any) -> OptionError:
        if self.allowed:
            remedy = f"Choose one of: {', '.join(self.allowed)}."
        else:
            remedy = "Give a number such as 2026." if self.type == "int" else "Give a text."
        return OptionError(f"`{self.id}` cannot be {quoted(value)}. {remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Checked values of every option, in the order of `copier.yml`.

    Attributes:
        values: Option id to value; all of them are recorded in a project.
        origins: Option id to where its value came from.
        dropped: Implied values that this combination refuses: option id to the reason.
        commands: Shell commands from a fresh project: `run`, `test` and `production`.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, Origin]
    dropped: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict)


def check_text(name: str, text: str) -> None:
    """Refuse a text that would break a file it is written to, or deceive its reader.

    Raises:
        OptionError: A control, line or paragraph separator, lone surrogate or bidirectional
            control character, named by its code point; or more than `LONGEST_TEXT` characters.
    """
    for character in text:
        if unicodedata.category(character) in UNPRINTABLE or character in BIDI_CONTROLS:
            code = f"U+{ord(character):04X}"
            raise OptionError(
                f"`{name}` contains the character {code}, which cannot be used. Leave it out."
            )
    if len(text) > LONGEST_TEXT:
        raise OptionError(f"`{name}` has {len(text)} characters. Use at most {LONGEST_TEXT}.")


@dataclass(frozen=True)
class Options:
    """All options of one template folder."""

    template: Path
    by_id: Mapping[str, Option]

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The frameworks the template can render; the code names none of its own."""
        return tuple(self.by_id["framework"].choices)

    @property
    def default_framework(self) -> str:
        """What is offered where the answers do not decide."""
        return str(self.by_id["framework"].default)

    @property
    def settable(self) -> dict[str, Option]:
        """The options a person may set."""
        return {
            name: option
            for name, option in self.by_id.items()
            if not option.computed and not option.recorded_only
        }

    @property
    def recorded(self) -> frozenset[str]:
        """The options whose values a project records."""
        return frozenset(name for name, option in self.by_id.items() if not option.computed)

    def parse(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check names and values that a person gave, without looking at combinations.

        Raises:
            OptionError: An unknown option, or a value that is not allowed.
        """
        settable = self.settable
        for name in given:
            if name in settable:
                continue
            if name in self.by_id:
                what = "computed from the options" if self.by_id[name].computed else "recorded"
                raise OptionError(
                    f"`{name}` is {what} by stackgen and cannot be set. Leave it out."
                )
            near = difflib.get_close_matches(str(name)[:LONGEST_SHOWN].lower(), settable, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Options: {', '.join(settable)}."
            raise OptionError(f"There is no option {quoted(name)}. {hint}")
        return {name: settable[name].parse(value) for name, value in given.items()}

    def carried_over(self, recorded: Mapping[str, Any], framework: str) -> dict[str, Any]:
        """Those of a project's options that mean the same in a project of another framework.

        An option that only one of the two frameworks leaves open is not carried over: a value
        that one framework forces is no wish for the other.
        """
        former = str(recorded.get("framework", framework))
        return {
            name: value
            for name, value in recorded.items()
            if self.is_open(name, former) and self.is_open(name, framework)
        }

    def is_open(self, name: str, framework: str) -> bool:
        """Tell whether a framework leaves a choice; it is `ask` in `copier.yml` that says so."""
        option = self.by_id.get(name)
        if option is None or not isinstance(option.ask, str):
            return True
        return self._render(option.ask, {"framework": framework}) == "True"

    def resolve(
        self,
        given: Mapping[str, Any],
        *,
        implied: Mapping[str, Any] | None = None,
        defaults: Mapping[str, Any] | None = None,
    ) -> Resolved:
        """Give every option its value: given, else implied by the answers, else the default.

        Args:
            given: Values that a person or a record named, already of the right type.
            implied: Values that follow from the decision answers; one that the combination
                refuses is left out and explained in `Resolved.dropped`.
            defaults: Defaults of this run, such as an author's name, instead of `copier.yml`'s.

        Raises:
            OptionError: A value that is not allowed, alone or with the others.
        """
        values: dict[str, Any] = {}
        origins: dict[str, Origin] = {}
        dropped: dict[str, str] = {}
        implied, defaults = implied or {}, defaults or {}
        for option in self.by_id.values():
            if option.computed:
                continue
            name = option.id
            if name in given:
                values[name], origins[name] = option.parse(given[name]), "given"
            else:
                default = defaults[name] if name in defaults else self._default(option, values)
                values[name], origins[name] = option.parse(default), "default"
                if name in implied and implied[name] != values[name]:
                    candidate = {**values, name: option.parse(implied[name])}
                    if reason := self._refusal(option, candidate):
                        dropped[name] = reason
                    else:
                        values, origins[name] = candidate, "implied"
                elif name in implied:
                    origins[name] = "implied"
            if reason := self._refusal(option, values):
                raise OptionError(f"`{name}` cannot be `{shown(values[name])}`. {reason}")
        commands = self._default(self.by_id["commands"], values)
        return Resolved(values=values, origins=origins, dropped=dropped, commands=commands)

    def needed(self, name: str) -> frozenset[str]:
        """Return the options on which it depends whether a value of one is refused."""
        from jinja2 import meta

        found = meta.find_undeclared_variables(self._jinja.parse(self.by_id[name].validator))
        return frozenset(found) & self.by_id.keys()

    def refusal(self, values: Mapping[str, Any]) -> str:
        """Return why values are refused, alone or together; empty where they are not.

        Args:
            values: Option id to value, of the option's own type. What the refusal of a value
                depends on must be among them; see `needed`.
        """
        reasons = (self._refusal(self.by_id[name], values) for name in values)
        return next(filter(None, reasons), "")

    def _refusal(self, option: Option, values: Mapping[str, Any]) -> str:
        return " ".join(self._render(option.validator, values).split())

    def _default(self, option: Option, values: Mapping[str, Any]) -> Any:
        if not isinstance(option.default, str):
            return option.default
        text = self._render(option.default, values)
        return yaml.safe_load(text) if option.type == "yaml" else text

    def _render(self, text: str, values: Mapping[str, Any]) -> str:
        if "{" not in text:
            return text
        conf = {"dst_path": None, "answers_file": ".copier-answers.yml"}
        if text not in self._compiled:
            self._compiled[text] = self._jinja.from_string(text)
        return str(self._compiled[text].render(values, _copier_conf=conf))

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _jinja(self) -> Any:
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        environment = SandboxedEnvironment(
            loader=FileSystemLoader(self.template),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # The one filter of Copier's that `copier.yml` itself uses.
        environment.filters["strftime"] = time.strftime
        return environment


def text_of(value: Any) -> str:
    """Return a value as text; a number as JSON means it, where 3.0 and 3 are one."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def shown(value: Any) -> str:
    """Return a value as a person would write it in a flag."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def load_options(template: Path) -> Options:
    """Read the options of a template folder.

    Args:
        template: The folder that holds `copier.yml` and `templates/`.

    Raises:
        SourceError: There is no `copier.yml` there, or it cannot be read.
    """
    path = template / "copier.yml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - a safe loader either way
    except (OSError, yaml.YAMLError) as error:
        raise SourceError(f"`{path}` cannot be read: {error}. Install stackgen again.") from error
    return Options(
        template=template,
        by_id={
            name: _option(name, entry) for name, entry in raw.items() if not name.startswith("_")
        },
    )


def _option(name: str, entry: Mapping[str, Any]) -> Option:
    choices = entry.get("choices", {})
    if isinstance(choices, list):
        choices = {str(value): str(value) for value in choices}
    else:
        choices = {value: label for label, value in choices.items()}
    return Option(
        id=name,
        type=entry["type"],
        help=entry.get("help", ""),
        choices=choices,
        default=entry["default"],
        ask=entry.get("ask", True),
        validator=entry.get("validator", ""),
        recorded_only=entry["type"] == "yaml",
        computed=entry.get("when") is False,
    )
