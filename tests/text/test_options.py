"""Every option in words."""

from __future__ import annotations

from stackgen.template import source
from stackgen.template.combinations import is_offered, offered
from stackgen.template.loading import load_options
from stackgen.text.options import options_text

OPTIONS = load_options(source.template_root())


def test_every_option_is_told_with_its_values() -> None:
    text = options_text(OPTIONS, width=60)
    assert max(map(len, text.splitlines())) <= 60
    choices = offered(OPTIONS)
    for name, option in OPTIONS.settable.items():
        if not is_offered(option, choices):
            continue
        assert f"\n{name}\n" in f"\n{text}"
        for value in choices.get(name, ()):
            assert f"- {value}" in text
    flat = " ".join(text.split())
    assert "django: Django (ORM, admin and accounts built in) (default)" in flat
    assert "- true - false (default)" in flat
    assert "- 3.11 (default) - 3.12" in flat
    assert "- any text (default: A web application.)" in flat
    assert "- any text, or nothing" in flat
    assert "- a number" in flat
