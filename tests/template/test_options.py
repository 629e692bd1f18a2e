"""Options: raw values in, checked values out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from stackgen.errors import OptionError, SourceError
from stackgen.template import source
from stackgen.template.loading import load_options
from stackgen.template.option import LONGEST_TEXT
from stackgen.template.options import ORDER, Options
from stackgen.template.rendering import Renderer

RUN = {"project_name": "shop"}


@pytest.fixture(scope="module")
def options() -> Options:
    return load_options(source.template_root())


@pytest.fixture
def tiny(tmp_path: Path) -> Options:
    """A template whose options imply and refuse, whatever the real one can render by now."""
    (tmp_path / "copier.yml").write_text(
        """
framework: {type: str, choices: {One: one, Two: two}, default: one}
accounts: {type: bool, default: false}
api: {type: bool, default: "{{ framework == 'two' }}"}
frontend:
  type: str
  choices: {Pages: pages, None: none}
  default: pages
  validator: "{% if frontend == 'none' and not api %}Without pages there must be an API.{% endif %}"
quick: {type: bool, when: false, default: "{{ api }}"}
tool: {type: str, when: false, default: "{{ 'make' if quick else 'build' }}"}
commands: {type: yaml, when: false, default: "run: [{{ tool }} {{ framework }}]"}
"""
    )
    return load_options(tmp_path)


def test_a_framework_is_a_choice_and_has_a_folder(options: Options) -> None:
    folders = {path.name for path in (source.template_root() / "templates").iterdir()}
    assert set(options.frameworks) == folders - {"shared"}
    assert options.default_framework in options.frameworks


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"framework": "rails"}, "`framework` cannot be `rails`. Choose one of: django, flask."),
        ({"container": "maybe"}, "`container` cannot be `maybe`. Choose one of: true, false."),
        ({"contaner": True}, "There is no option `contaner`. Did you mean `container`?"),
        (
            {"commands": {}},
            "`commands` is computed from the options by stackgen and cannot be set.",
        ),
        ({"recommendation": {}}, "`recommendation` is recorded by stackgen and cannot be set."),
        ({"year": "soon"}, "`year` cannot be `soon`. Give a number such as 2026."),
        ({"year": True}, "`year` cannot be `true`. Give a number such as 2026."),
        ({"DATABASE": "sqlite"}, "There is no option `DATABASE`. Did you mean `database`?"),
        ({"a\nb": 1}, r"There is no option `a\nb`. Options: framework, "),
        ({"x" * 300: 1}, f"There is no option `{'x' * 40}...`. Options: "),
        ({"description": ["a"]}, "`description` cannot be `['a']`. Give a text."),
        ({"python": None}, "`python` cannot be `null`. Choose one of: 3.11, 3.12, 3.13, 3.14."),
        ({"license": ""}, "`license` cannot be ``. Choose one of: "),
    ],
)
def test_what_is_not_allowed_is_named(options: Options, given: dict, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        options.parse(given)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\x1b", "U+001B"),
        ("\n", "U+000A"),
        ("\x7f", "U+007F"),
        ("\x9b", "U+009B"),
        ("\u2028", "U+2028"),
        ("\u202e", "U+202E"),
        ("\u2066", "U+2066"),
        ("\ud800", "U+D800"),
    ],
)
def test_a_text_that_would_deceive_or_break_is_refused(
    options: Options, character: str, code: str
) -> None:
    with pytest.raises(OptionError, match=code.replace("+", r"\+")):
        options.parse({"description": f"a{character}b"})


def test_what_one_framework_forces_is_not_carried_over_to_another(options: Options) -> None:
    assert [options.is_open("admin", name) for name in options.frameworks] == [False, True]
    assert options.is_open("year", "django")
    recorded = {"framework": "django", "admin": True, "license": "mit"}
    assert options.carried_over(recorded, "flask") == {"framework": "django", "license": "mit"}
    assert options.carried_over({"license": "mit"}, "flask") == {"license": "mit"}


def test_a_text_may_be_in_any_language(options: Options) -> None:
    text = 'Ünïcode, "quotes", \\ and {{ 7*7 }}, עברית, 日本語, 🦄 👩‍💻'
    assert options.parse({"description": text}) == {"description": text}
    with pytest.raises(OptionError, match="501 characters"):
        options.parse({"description": "x" * (LONGEST_TEXT + 1)})


def test_words_of_files_and_flags_become_values(options: Options) -> None:
    given = {"api": "no", "container": "FALSE", "python": 3.12, "year": "2031"}
    assert options.parse(given) == {
        "api": False,
        "container": False,
        "python": "3.12",
        "year": 2031,
    }


@pytest.mark.parametrize(
    ("flag", "file", "implied", "of_run", "value", "origin"),
    [
        (None, None, None, None, False, "default"),
        (None, None, None, True, True, "default"),
        (None, None, True, None, True, "implied"),
        (None, None, True, True, True, "implied"),
        (None, False, True, None, False, "given"),
        (None, True, None, None, True, "given"),
        (True, False, None, None, True, "given"),
        (False, True, True, True, False, "given"),
    ],
)
def test_precedence(  # noqa: PLR0913, PLR0917 - a column is a parameter
    tiny: Options,
    flag: bool | None,
    file: bool | None,
    implied: bool | None,
    of_run: bool | None,
    value: bool,
    origin: str,
) -> None:
    """Command line, then file, then what the answers imply, then the default."""

    def layer(given: bool | None) -> dict[str, bool]:
        return {} if given is None else {"accounts": given}

    resolved = tiny.resolve(
        {**layer(file), **layer(flag)}, implied=layer(implied), defaults=layer(of_run)
    )
    assert (resolved.values["accounts"], resolved.origins["accounts"]) == (value, origin)


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_what_stands_first_in_the_order_counts(tiny: Options, first: int) -> None:
    """Of all that may say something, each in turn is the strongest that does."""
    layers = {
        origin: {"accounts": place == first} for place, origin in enumerate(ORDER) if place >= first
    }
    resolved = tiny.resolve(
        layers.pop("given", {}),
        defaults=layers.pop("default", {}),
        implied=layers.pop("implied", {}),
        presets=layers,
    )
    assert resolved.values["accounts"] is True
    assert resolved.origins["accounts"] == ORDER[first]


def test_a_wish_yields_to_a_value_that_is_given_for_another_option(tiny: Options) -> None:
    """The refusal is found at the option that was given, and yet it is the wish that goes."""
    resolved = tiny.resolve(
        {"framework": "two", "frontend": "none"}, presets={"configuration": {"api": False}}
    )
    assert resolved.values["frontend"] == "none"
    assert resolved.values["api"] is True
    assert [(each.option, each.origin) for each in resolved.dropped] == [("api", "configuration")]


def test_of_two_wishes_that_exclude_each_other_the_stronger_is_granted(tiny: Options) -> None:
    """Whichever of the two options comes first in `copier.yml`."""
    no_pages, no_api = {"frontend": "none"}, {"api": False}
    for again, configuration in ((no_pages, no_api), (no_api, no_pages)):
        resolved = tiny.resolve(
            {"framework": "two"}, presets={"configuration": configuration, "again": again}
        )
        (name,) = again
        assert resolved.values[name] == again[name]
        assert resolved.origins[name] == "again"
        assert [each.origin for each in resolved.dropped] == ["configuration"]


def test_a_default_may_follow_from_another_option(tiny: Options) -> None:
    assert tiny.resolve({"framework": "two"}).values["api"] is True
    assert tiny.resolve({}).values["api"] is False


def test_an_implied_value_that_is_refused_is_dropped_with_the_reason(tiny: Options) -> None:
    resolved = tiny.resolve({"api": False}, implied={"frontend": "none"})
    assert resolved.values["frontend"] == "pages"
    (dropped,) = resolved.dropped
    assert (dropped.option, dropped.value, dropped.origin) == ("frontend", "none", "implied")
    assert dropped.reason == "Without pages there must be an API."
    with pytest.raises(OptionError, match=r"`frontend` cannot be `none`\. Without pages"):
        tiny.resolve({"frontend": "none"})


def test_commands_are_computed_and_not_recorded(tiny: Options) -> None:
    resolved = tiny.resolve({"framework": "two"})
    assert resolved.commands == {"run": ["make two"]}
    assert tiny.resolve({"framework": "one"}).commands == {"run": ["build one"]}
    assert tiny.variables({"framework": "one", "api": False})["quick"] is False
    assert "commands" not in resolved.values


@pytest.mark.parametrize("framework", ["django", "flask"])
def test_the_template_names_its_commands(options: Options, framework: str) -> None:
    commands = options.resolve({"framework": framework}, defaults=RUN).commands
    assert list(commands) == ["run", "test", "production"]
    for lines in commands.values():
        assert lines[0] == "python3 -m venv .venv"
        assert not any(word in line for line in lines for word in ("&&", ";", "\n"))
    assert len(commands["run"]) == 3


def test_django_always_has_its_admin(options: Options) -> None:
    resolved = options.resolve({"framework": "django"}, defaults=RUN)
    assert resolved.values["admin"] is True
    with pytest.raises(OptionError, match="Django always has its admin"):
        options.resolve({"framework": "django", "admin": False}, defaults=RUN)


def test_options_of_a_project_that_records_no_framework_are_carried_over(options: Options) -> None:
    assert options.carried_over({"ci": "none"}, "flask") == {"ci": "none"}


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


# How long a text is depends on each of the settings.
COPIER_YML = r"""
_subdirectory: tree
_envops: {envops}
framework: {{type: str, choices: [one, two], default: one}}
length:
  type: str
  default: "{{% set text %}}{{% include 'part' %}}\n  {{% if true %}}\n{{% endif %}}{{% endset %}}\
    {{{{ text | length }}}}"
commands: {{type: yaml, when: false, default: "[]"}}
"""


@pytest.mark.parametrize(
    "envops",
    [
        {},
        {"trim_blocks": True},
        {"lstrip_blocks": True, "trim_blocks": True, "keep_trailing_newline": False},
        {"keep_trailing_newline": False},
    ],
)
def test_defaults_are_what_copier_makes_of_them(
    renderer: Renderer, tmp_path: Path, envops: dict
) -> None:
    """Whatever the template says of Jinja, which is read and not repeated."""
    (tmp_path / "copier.yml").write_text(COPIER_YML.format(envops=envops))
    (tmp_path / "part").write_text("part\n")
    (tmp_path / "tree").mkdir()
    record = "{{ _copier_answers | to_json }}"
    (tmp_path / "tree/{{ _copier_conf.answers_file }}.jinja").write_text(record)
    renderer.render(tmp_path, tmp_path / "shop", {})
    recorded = yaml.safe_load((tmp_path / "shop/.copier-answers.yml").read_text())
    assert load_options(tmp_path).resolve({}).values.items() <= recorded.items()


@pytest.mark.parametrize("undefined", ["jinja2.StrictUndefined", "jinja2.Undefined"])
def test_a_name_that_means_nothing_is_what_the_template_says(
    tmp_path: Path, undefined: str
) -> None:
    text = COPIER_YML.replace("text | length", "nothing")
    (tmp_path / "copier.yml").write_text(text.format(envops={"undefined": undefined}))
    (tmp_path / "part").touch()
    options = load_options(tmp_path)
    if undefined == "jinja2.Undefined":
        assert options.resolve({}).values["length"] == ""
    else:
        with pytest.raises(SourceError, match="is malformed: 'nothing' is undefined"):
            options.resolve({})


@pytest.mark.parametrize(
    ("commands", "message"),
    [
        ("{% include 'gone' %}", "it includes `gone`, which is not there"),
        ("{% if %}", "is malformed: Expected an expression"),
        ("[{{ framework }}", "the default of `commands` is not YAML"),
    ],
)
def test_a_default_that_cannot_be_computed_is_one_line(
    tmp_path: Path, commands: str, message: str
) -> None:
    (tmp_path / "copier.yml").write_text(
        "framework: {type: str, choices: [one, two], default: one}\n"
        f'commands: {{type: yaml, when: false, default: "{commands}"}}\n'
    )
    with pytest.raises(SourceError, match=message) as caught:
        load_options(tmp_path).resolve({})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  type: str\n  help: The web framework",
            "  help: The web framework",
            "`framework` needs",
        ),
        ("type: int", "type: float", "option `year` needs a `type`, one of: str, bool, int, yaml."),
        ("framework:\n", "framwork:\n", "there is no option `framework`."),
        ("  default: django", "  default: rails", "the default of `framework` is none of its"),
        ("  default: sqlite", "", "option `database` needs a `default`."),
        ("jinja2.StrictUndefined", "jinja2.Strict", "`undefined` in `_envops` must be"),
        ("trim_blocks: true", "variable_start_string: '[['", "`_envops` may set undefined, "),
        ('["3.11", "3.12", "3.13", "3.14"]\n', "3.11\n", "`choices` of the option `python`"),
        ("framework:\n  type: str", "framework: {", "cannot be read: "),
    ],
)
def test_a_malformed_template_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (source.template_root() / "copier.yml").read_text()
    assert old in text
    (tmp_path / "copier.yml").write_text(text.replace(old, new, 1))
    with pytest.raises(SourceError) as caught:
        load_options(tmp_path)
    said = str(caught.value)
    assert message in said
    assert said.startswith(f"`{tmp_path / 'copier.yml'}` ")
    assert "\n" not in said


def test_a_copier_yml_that_is_no_mapping_or_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be read: .*No such file"):
        load_options(tmp_path)
    for content, said in ((b"- a\n", "not a mapping"), (b"\xe9: 1\n", "cannot be read")):
        (tmp_path / "copier.yml").write_bytes(content)
        with pytest.raises(SourceError, match=said):
            load_options(tmp_path)


def test_a_default_follows_what_is_chosen_later(options: Options) -> None:
    recorded = dict(options.resolve({"framework": "flask", "project_name": "shop"}).values)
    assert recorded["api"] is False
    assert options.following(recorded, {"frontend": "react"}) == {"api"}
    assert options.following(recorded, {"frontend": "react", "api": False}) == frozenset()
    assert options.following(recorded, {"container": True, "project_name": "other"}) == frozenset()
