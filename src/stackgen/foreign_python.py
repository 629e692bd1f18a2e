"""Python from outside, parsed and never run: whatever it holds, it ends in a tree or an error."""

from __future__ import annotations

import ast
import threading
import warnings

_PARSING = threading.Lock()
"""Held while warnings are off: that holds for the whole process, and threads would mix it up."""


def parse(text: str) -> ast.Module:
    """Return the tree of a module.

    Args:
        text: The text of a file.

    Raises:
        ValueError: It is no Python of this version, or is nested too deeply.
    """
    try:
        with _PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # What is odd in it is for its authors to hear of.
            return ast.parse(text)
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    except (MemoryError, RecursionError):  # Which of them depends on the version.
        raise ValueError("It is nested too deeply") from None
