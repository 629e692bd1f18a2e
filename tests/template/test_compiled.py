"""Jinja compiles a source once, where nothing but the source tells what comes of it."""

# ruff: noqa: S701 - no HTML

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from stackgen.template import compiled
from stackgen.template.compiled import compiling_once

SOURCE = "{% if a %}\n {{ a }}\n{% endif %}\n"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_known", {})


def test_the_next_environment_takes_what_the_first_compiled() -> None:
    original = Environment.compile
    for value in (1, 2):
        with compiling_once():
            assert Environment().from_string(SOURCE).render(a=value) == f"\n {value}\n"
    assert len(compiled._known) == 1
    assert Environment.compile is original


def test_another_setup_has_another_result() -> None:
    with compiling_once():
        assert Environment().from_string(SOURCE).render(a=1) == "\n 1\n"
        assert Environment(trim_blocks=True).from_string(SOURCE).render(a=1) == " 1\n"
        kept = Environment(trim_blocks=True, keep_trailing_newline=True)
        assert kept.from_string(f"{SOURCE}\n").render(a=1) == " 1\n\n"
        assert SandboxedEnvironment().from_string(SOURCE).render(a=1) == "\n 1\n"
        with pytest.raises(TemplateSyntaxError):
            Environment().from_string("{% break %}")
        extended = Environment(extensions=["jinja2.ext.loopcontrols"])
        assert extended.from_string("{% for a in [1] %}{% break %}{% endfor %}").render() == ""


def test_templates_of_a_loader_and_expressions_are_as_ever() -> None:
    with compiling_once():
        for text in ("one", "two"):
            environment = Environment(loader=DictLoader({"a": text, "b": "{% include 'a' %}"}))
            assert environment.get_template("b").render() == text
            assert environment.compile_expression("1 + 1")() == 2


def test_no_more_is_known_than_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_MOST", 3)
    with compiling_once():
        for number in range(10):
            assert Environment().from_string(f"{number}").render() == str(number)
    assert len(compiled._known) <= 3
