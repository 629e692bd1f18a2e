"""The options of the template: read from `copier.yml`, raw values in, checked values out."""

from __future__ import annotations

import difflib
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

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

NEEDED = frozenset({"commands", "framework"})
"""The options without which there is no project: its framework, and how it is run."""

_MALFORMED = "`{}` is malformed: {}. Install stackgen again."

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
        return is_static(self.default)

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


def is_static(value: Any) -> bool:
    """Tell whether a value of `copier.yml` has no Jinja in it: it is the same in every project."""
    return not (isinstance(value, str) and "{" in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionMigrations:
    """The migrations that an option brings into a project.

    Attributes:
        option: The option.
        folder: Where they are, and nothing else; relative to the project, with `/`.
        undo: The shell command that takes them back in a database of development.
        undo_in_production: The one that does it in production.
    """

    option: str
    folder: str
    undo: str
    undo_in_production: str

    def holds(self, path: str) -> bool:
        """Return whether a file, relative to the project with `/`, is one of them."""
        return path.startswith(f"{self.folder}/")


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
    """All options of one template folder.

    Attributes:
        template: The folder that holds `copier.yml` and `templates/`.
        by_id: Option id to option, in the order of `copier.yml`.
        envops: How the template sets Jinja up: `_envops` of `copier.yml`.
    """

    template: Path
    by_id: Mapping[str, Option]
    envops: Mapping[str, Any]

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
            SourceError: What `copier.yml` computes cannot be computed.
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

    def migrations(self, values: Mapping[str, Any]) -> tuple[OptionMigrations, ...]:
        """Return the migrations that options bring; nothing for a version that does not tell.

        Args:
            values: A value for every option that is recorded.
        """
        option = self.by_id.get("migrations")
        entries = self._default(option, values) if option else []
        return tuple(OptionMigrations(**entry) for entry in entries)

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
        try:
            return yaml.safe_load(text) if option.type == "yaml" else text
        except yaml.YAMLError as error:
            raise self._malformed(f"the default of `{option.id}` is no YAML: {error}") from error

    def _render(self, text: str, values: Mapping[str, Any]) -> str:
        if is_static(text):
            return text
        import jinja2

        conf = {"dst_path": None, "answers_file": ".copier-answers.yml"}
        try:
            if text not in self._compiled:
                self._compiled[text] = self._jinja.from_string(text)
            return str(self._compiled[text].render(values, _copier_conf=conf))
        except jinja2.TemplateNotFound as error:
            raise self._malformed(f"it includes `{error.name}`, which is not there") from error
        except jinja2.TemplateError as error:
            raise self._malformed(str(error)) from error

    def _malformed(self, what: str) -> SourceError:
        return SourceError(_MALFORMED.format(self.template / "copier.yml", " ".join(what.split())))

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _jinja(self) -> Any:
        import jinja2
        from jinja2.sandbox import SandboxedEnvironment

        environment = SandboxedEnvironment(
            loader=jinja2.FileSystemLoader(self.template),
            **{**self.envops, "undefined": getattr(jinja2, self.envops["undefined"])},
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
        SourceError: There is no `copier.yml` there, it cannot be read, or it is malformed.
    """
    path = template / "copier.yml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - a safe loader either way
    except (OSError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise SourceError(f"`{path}` cannot be read: {said}. Install stackgen again.") from error
    try:
        return _options(template, raw)
    except SourceError as error:
        raise SourceError(_MALFORMED.format(path, error)) from None


def _options(template: Path, raw: Any) -> Options:
    if not isinstance(raw, Mapping):
        raise SourceError("it is no mapping of options")
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
