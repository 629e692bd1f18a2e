"""Every option of the template, in words for people."""

from __future__ import annotations

from stackgen.template.option import Option, shown
from stackgen.template.options import Options
from stackgen.text.layout import Item, Section, as_text


def options_text(options: Options, *, width: int = 80, colour: bool = False) -> str:
    """Every option with its values and its default, for a terminal."""
    sections = [
        Section(name, (option.help,), tuple(Item(text) for text in _values(option)))
        for name, option in options.settable.items()
    ]
    return as_text(sections, width=width, colour=colour)


def _values(option: Option) -> list[str]:
    """Every value an option takes, what it means, and which one is the default."""
    default = shown(option.default) if option.has_static_default else None
    if option.allowed:
        labels = {value: option.choices.get(value, value) for value in option.allowed}
        return [
            (value if value == label else f"{value}: {label}")
            + (" (default)" if value == default else "")
            for value, label in labels.items()
        ]
    kind = "a number" if option.type == "int" else "any text"
    return [
        f"{kind}, or nothing"
        if default == ""
        else kind + (f" (default: {default})" if default else "")
    ]
