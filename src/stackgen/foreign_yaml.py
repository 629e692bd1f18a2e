"""YAML from outside, read within bounds: whatever a file holds, it is read or refused in one way.

PyYAML takes time with the square of the parts of a sexagesimal number, makes numbers that Python
cannot show, and fails with errors of many kinds where a tag or an escape does not fit its value.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

LONGEST_NUMBER = 255
"""In characters. Every number of so many is finite as a float, also one with the digits of hex."""

_LONGEST_PROBLEM = 200

_TAG = "tag:yaml.org,2002:"

_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What PyYAML lets through where a text does not fit its type."""

# As PyYAML has them, but for sexagesimal numbers: `22:22` is a text, as in YAML 1.2.
_NUMBERS = {
    f"{_TAG}int": re.compile(
        r"^[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$",
    ),
    f"{_TAG}float": re.compile(
        r"^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?"
        r"|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
    ),
}


class ForeignLoader(yaml.SafeLoader):
    """YAML 1.1 without sexagesimal numbers; what cannot be made of a node is an error of YAML."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return what a node stands for; see `yaml.constructor.BaseConstructor`.

        Raises:
            YAMLError: Its value does not fit its tag, or is a number that is too long.
        """
        kind = node.tag.removeprefix(_TAG)
        if node.tag in _NUMBERS and isinstance(node, yaml.ScalarNode):
            if len(node.value) > LONGEST_NUMBER:
                raise _refused(f"a number has more than {LONGEST_NUMBER} characters", node)
            if ":" in node.value:
                raise _refused(f"a value is no {kind}", node)
        try:
            return super().construct_object(node, deep=deep)
        except _FAULTS as error:
            raise _refused(f"a value is no {kind}", node) from error


ForeignLoader.yaml_implicit_resolvers = {
    first: [(tag, _NUMBERS.get(tag, pattern)) for tag, pattern in resolvers]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def loads(text: str, loader: type[ForeignLoader] = ForeignLoader) -> Any:
    """Return what a text holds.

    Args:
        text: The text of a file; how large it may be is for the caller to say.
        loader: What reads it, where more is refused or another type is meant.

    Raises:
        ValueError: It is no YAML, is refused by the loader, or is nested too deeply; the message
            is one sentence without its full stop, with the line where that is known.
    """
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - derived from SafeLoader
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except yaml.YAMLError as error:
        raise ValueError(_problem(error)) from error
    except _FAULTS as error:  # Of the scanner: an escape such as "\UFFFFFFFF".
        raise ValueError("it holds a value that is out of range") from error


def _refused(problem: str, node: yaml.Node) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


def _problem(error: yaml.YAMLError) -> str:
    if not (isinstance(error, yaml.MarkedYAMLError) and error.problem):
        return _bounded(" ".join(str(error).split()))
    mark = error.problem_mark
    where = f" in line {mark.line + 1}" if mark else ""
    # "expected a single document in the stream", "but found another document"
    context = f"{error.context}, " if error.problem.startswith("but ") else ""
    return f"{_bounded(context + error.problem)}{where}"


def _bounded(text: str) -> str:
    """Shorten what may hold a tag or a key of any length."""
    return text if len(text) <= _LONGEST_PROBLEM else f"{text[:_LONGEST_PROBLEM]}..."
