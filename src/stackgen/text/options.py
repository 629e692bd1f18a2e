"""Every option of the template, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stackgen.template.combinations import is_offered, offered
from stackgen.template.option import Option, shown
from stackgen.template.options import Options
from stackgen.template.verification import Level
from stackgen.text.layout import Item, Section, as_text


def options_text(
    options: Options,
    seen: Mapping[str, Mapping[str, Level]] | None = None,
    *,
    width: int = 80,
    colour: bool = False,
) -> str:
    """Every option that there is a choice for, its values and its default, for a terminal.

    Args:
        options: The options.
        seen: What was seen of each choice, by option and value; nothing where it is not told.
        width: The columns of a line.
        colour: Whether bold and dim are shown.
    """
    choices = offered(options)
    sections = [
        Section(name, (option.help,), tuple(_items(option, choices, (seen or {}).get(name, {}))))
        for name, option in options.settable.items()
        if is_offered(option, choices)
    ]
    return as_text(sections, width=width, colour=colour)


def _items(
    option: Option, choices: Mapping[str, Sequence[str]], seen: Mapping[str, Level]
) -> Iterator[Item]:
    values = choices[option.id] if option.allowed else ("",)
    for value, text in zip(values, _values(option, choices), strict=True):
        yield Item(f"{text} [{seen[value]}]" if value in seen else text)


def _values(option: Option, choices: Mapping[str, Sequence[str]]) -> list[str]:
    """Every value an option takes, what it means, and which one is the default."""
    default = shown(option.default) if option.has_static_default else None
    if option.allowed:
        labels = {value: option.choices.get(value, value) for value in choices[option.id]}
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
