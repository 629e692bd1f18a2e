"""The options of the template together: raw values in, checked values out."""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import yaml

from stackgen.errors import OptionError, SourceError
from stackgen.foreign_text import LONGEST_SHOWN, quoted
from stackgen.template.option import Option, is_static, shown
from stackgen.template.verification import Verification, read_verification
from stackgen.template.yaml_text import load_yaml

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

MALFORMED = "`{}` is malformed: {}. Install stackgen again."

Origin = Literal["given", "again", "standard", "configuration", "implied", "default"]

ORDER: tuple[Origin, ...] = get_args(Origin)
"""Where the value of an option may come from; what stands first goes before the rest.

What is given binds: where it is refused, nothing is made. What stands between it and the default
is a wish: where it is refused, it is let go.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A value that an option takes where nothing is given and nothing speaks against it.

    Attributes:
        option: The option's id.
        value: The value, of the option's own type.
        origin: Where it comes from.
    """

    option: str
    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped(Wish):
    """A wish that was let go, because the combination refuses it.

    Attributes:
        reason: Why it is refused.
    """

    reason: str


class _Refusal(NamedTuple):
    """The first value that the others refuse, and why."""

    option: str
    value: Any
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Checked values of every option, in the order of `copier.yml`.

    Attributes:
        values: Option id to value; all of them are recorded in a project.
        origins: Option id to where its value came from.
        dropped: Wishes that this combination refuses, in the order of their origins.
        commands: Shell commands from a fresh project: `run`, `test` and `production`.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, Origin]
    dropped: tuple[Dropped, ...] = ()
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that follow from nothing else: what was given, and a person's own presets."""
        return {
            name: self.values[name]
            for name, origin in self.origins.items()
            if origin not in {"standard", "implied", "default"}
        }


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
        return {name: self._parse(settable[name], value) for name, value in given.items()}

    def _parse(self, option: Option, value: Any) -> Any:
        from stackgen.template.combinations import possible

        try:
            return option.parse(value)
        except OptionError:
            if not option.choices:
                raise
            raise option.refused(value, possible(self)[option.id]) from None

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
        presets: Mapping[Origin, Mapping[str, Any]] | None = None,
        defaults: Mapping[str, Any] | None = None,
    ) -> Resolved:
        """Give every option its value: given, else wished for, in the `ORDER`, else the default.

        Args:
            given: Values that a person or a record named, already of the right type.
            implied: Values that follow from the decision answers; one that the combination
                refuses is left out and explained in `Resolved.dropped`.
            presets: Further wishes, such as a person's configuration, by their origin.
            defaults: Defaults of this run, such as an author's name, instead of `copier.yml`'s.

        Raises:
            OptionError: A value that is not allowed, alone or with the others.
            SourceError: What `copier.yml` computes cannot be computed.
        """
        defaults = defaults or {}
        wishes = list(self._wishes({**(presets or {}), "implied": implied or {}}, given))
        granted: dict[str, Wish] = {}
        for wish in wishes:
            granted.setdefault(wish.option, wish)
        values, refusal = self._fill(_with(granted, given), defaults)
        dropped: tuple[Dropped, ...] = ()
        if refusal and wishes:
            granted, dropped = self._grant(wishes, given, defaults)
            values, refusal = self._fill(_with(granted, given), defaults)
        if refusal:
            raise OptionError(
                f"`{refusal.option}` cannot be `{shown(refusal.value)}`. {refusal.reason}"
            )
        origins: dict[str, Origin] = {
            name: "given"
            if name in given
            else granted[name].origin
            if name in granted
            else "default"
            for name in values
        }
        commands = self._compute("commands", values)
        return Resolved(values=values, origins=origins, dropped=dropped, commands=commands)

    def _wishes(
        self, values: Mapping[Origin, Mapping[str, Any]], given: Mapping[str, Any]
    ) -> Iterator[Wish]:
        """Yield what is wished for and not given, the strongest first."""
        for origin in ORDER:
            wished = values.get(origin, {})
            for name, option in self.by_id.items():
                if name in wished and name not in given:
                    yield Wish(option=name, value=option.parse(wished[name]), origin=origin)

    def _grant(
        self, wishes: Sequence[Wish], given: Mapping[str, Any], defaults: Mapping[str, Any]
    ) -> tuple[dict[str, Wish], tuple[Dropped, ...]]:
        """Try wishes one by one, and let those go that what stands before them refuses."""
        granted: dict[str, Wish] = {}
        dropped = []
        for wish in wishes:
            if wish.option in granted:
                continue
            _, refusal = self._fill(_with({**granted, wish.option: wish}, given), defaults)
            if refusal:
                dropped.append(
                    Dropped(
                        option=wish.option,
                        value=wish.value,
                        origin=wish.origin,
                        reason=refusal.reason,
                    )
                )
            else:
                granted[wish.option] = wish
        return granted, tuple(dropped)

    def _fill(
        self, wanted: Mapping[str, Any], defaults: Mapping[str, Any]
    ) -> tuple[dict[str, Any], _Refusal | None]:
        """Give every option what is wanted, else its default, up to the first that is refused."""
        values: dict[str, Any] = {}
        for option in self.by_id.values():
            if option.computed:
                continue
            name = option.id
            if name in wanted:
                value = wanted[name]
            elif name in defaults:
                value = defaults[name]
            else:
                value = self._default(option, {**wanted, **values})
            values[name] = option.parse(value)
            if reason := self._refusal(option, values):
                return values, _Refusal(name, values[name], reason)
        return values, None

    def following(self, recorded: Mapping[str, Any], changes: Mapping[str, Any]) -> frozenset[str]:
        """Return the choices of a project that were defaults, and have another one after changes.

        Args:
            recorded: A value for every option that is recorded.
            changes: Values that take the place of some of them.
        """
        after = {**recorded, **changes}
        return frozenset(
            name
            for name, option in self.settable.items()
            if option.allowed
            and name in recorded.keys() - changes.keys()
            and recorded[name] == option.parse(self._default(option, recorded))
            and recorded[name] != option.parse(self._default(option, after))
        )

    def migrations(self, values: Mapping[str, Any]) -> tuple[OptionMigrations, ...]:
        """Return the migrations that options bring; nothing for a version that does not tell.

        Args:
            values: A value for every option that is recorded.
        """
        entries = self._compute("migrations", values) if "migrations" in self.by_id else []
        return tuple(OptionMigrations(**entry) for entry in entries)

    def verification(self, values: Mapping[str, Any]) -> Verification | None:
        """Return how a project is verified; nothing for a version that does not tell.

        Args:
            values: A value for every option that is recorded.

        Raises:
            SourceError: What the template says of it is malformed.
        """
        if "verification" not in self.by_id or "checks" not in self.by_id:
            return None
        return read_verification(
            self._compute("verification", values), self._compute("checks", values)
        )

    def variables(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return all that a file of the template may read: values, and what is computed of them.

        Args:
            values: A value for every option that is recorded.
        """
        return self._with_computed(values)

    def _compute(self, name: str, values: Mapping[str, Any]) -> Any:
        return self._with_computed(values, name)[name]

    def _with_computed(self, values: Mapping[str, Any], last: str = "") -> dict[str, Any]:
        """Add what is computed, each with what was computed before it, up to `last`."""
        found = dict(values)
        for option in self.by_id.values():
            if option.computed:
                found[option.id] = option.parse(self._default(option, found))
            if option.id == last:
                break
        return found

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
            return load_yaml(text) if option.type == "yaml" else text
        except yaml.YAMLError as error:
            raise self._malformed(f"the default of `{option.id}` is not YAML: {error}") from error

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
        return SourceError(MALFORMED.format(self.template / "copier.yml", " ".join(what.split())))

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _jinja(self) -> SandboxedEnvironment:
        environment = self.environment()
        # The one filter of Copier's that `copier.yml` itself uses.
        environment.filters["strftime"] = time.strftime
        return environment

    def environment(self, **more: Any) -> SandboxedEnvironment:
        """Return a new environment of Jinja, set up as the template asks Copier to.

        Args:
            more: Further settings of Jinja's.
        """
        import jinja2
        from jinja2.sandbox import SandboxedEnvironment

        return SandboxedEnvironment(
            loader=jinja2.FileSystemLoader(self.template),
            **{**self.envops, "undefined": getattr(jinja2, self.envops["undefined"])},
            **more,
        )


def _with(wishes: Mapping[str, Wish], given: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: wish.value for name, wish in wishes.items()}, **given}
