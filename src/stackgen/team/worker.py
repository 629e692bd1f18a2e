"""The process in which files of an overlay are rendered: what strangers wrote ends with it.

`stackgen.team.jinja` starts it without the variables of the caller's environment, and ends it when
it takes too long. Jinja's sandbox keeps templates from Python; the limits below keep them from the
machine's memory and disk.

Stdin carries a line of JSON for each set of files, stdout a line for each answer: `{"texts": ...}`,
or `{"error": ...}` in words for a person. The first line of stdout says that it has begun.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

READY = b"{}\n"
"""What is written first, when all is imported and the limits hold."""

MEMORY = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 600
_NO_FILES = 0

# What is not the same tomorrow would be a change in every update.
_RANDOM_FILTERS, _RANDOM_GLOBALS = ("random",), ("lipsum",)


_PLACE = re.compile(r" at 0x[0-9a-f]{6,16}(?:>|&gt;)", re.IGNORECASE)
"""How what Python writes of an object without a text ends."""


def main() -> None:
    """Render what is asked for, until stdin ends."""
    import jinja2.sandbox  # noqa: F401 - without it nothing can be rendered

    _limit()
    answers = os.fdopen(os.dup(1), "wb")
    answers.write(READY)
    answers.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # What anything else prints must not be taken for an answer.
        os.dup2(nowhere, stream)
    for line in sys.stdin.buffer:
        answers.write(_answer(line))
        answers.flush()


def _answer(line: bytes) -> bytes:
    try:
        return json.dumps(_attempt(json.loads(line))).encode() + b"\n"
    except MemoryError:
        return b'{"error": "The files of the overlay take too much memory to render."}\n'


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: PROCESSOR_SECONDS,
        resource.RLIMIT_FSIZE: _NO_FILES,
        resource.RLIMIT_CORE: _NO_FILES,
    }
    for kind, most in limits.items():
        with contextlib.suppress(OSError, ValueError):  # Lower already, or not known here.
            resource.setrlimit(kind, (most, most))


def _attempt(request: Mapping[str, Any]) -> dict[str, Any]:
    name = ""
    try:
        environment = _environment(request["files"], request["envops"])
        written = [*request["files"].values(), *map(str, request["variables"].values())]
        texts, room = {}, request["largest_together"]
        for name in request["render"]:
            texts[name] = _render(
                environment, name, request["variables"], min(request["largest"], room)
            )
            _refuse_places(texts[name], written)
            room -= len(texts[name].encode())
    except MemoryError:
        return {"error": f"`{name}` of the overlay takes too much memory."}
    except RecursionError:
        return {"error": f"`{name}` of the overlay includes itself, or is nested too deeply."}
    except Exception as error:  # noqa: BLE001 - nobody would see a traceback of this process
        return {"error": _explain(error, name)}
    return {"texts": texts}


def _environment(files: Mapping[str, str], envops: Mapping[str, Any]) -> Any:
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    known = {"trim_blocks", "lstrip_blocks", "keep_trailing_newline"}
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.DictLoader(files),
        undefined=jinja2.StrictUndefined,
        finalize=_plain,
        **{name: value for name, value in envops.items() if name in known},
    )
    for name in _RANDOM_FILTERS:
        del environment.filters[name]
    for name in _RANDOM_GLOBALS:
        del environment.globals[name]
    environment.filters["to_json"] = _to_json
    return environment


def _plain(value: Any) -> Any:
    """Refuse to write what Python shows by its place in memory: another one every time."""
    import jinja2

    plain = (str, bool, int, float, list, tuple, dict, type(None), jinja2.Undefined)
    for each in _parts(value):
        if not isinstance(each, plain):
            raise TypeError(
                f"a {type(each).__name__} is no text; a filter such as `list` may be lacking"
            )
    return value


def _parts(value: Any) -> Iterator[Any]:
    """Yield a value and all that is in it; without recursion, for it may be deep."""
    left = [value]
    while left:
        each = left.pop()
        yield each
        if isinstance(each, list | tuple):
            left.extend(each)
        elif isinstance(each, dict):
            left.extend(each.keys())
            left.extend(each.values())


def _refuse_places(text: str, written: Iterable[str]) -> None:
    """Refuse places in memory that came by another way, such as `~` or the filter `string`.

    Args:
        text: What was rendered.
        written: What people wrote of it, who may mean such a place.
    """
    found = set(_PLACE.findall(text))
    if found and not all(any(place in each for each in written) for place in found):
        raise TypeError(
            "what is no text is written by its place in memory, another one every time; a filter "
            "such as `list` may be lacking"
        )


def _to_json(value: Any, ensure_ascii: bool = True) -> str:
    """Return a value as JSON; the filter that the template has, too."""
    return json.dumps(value, ensure_ascii=ensure_ascii)


def _render(environment: Any, name: str, variables: Mapping[str, Any], largest: int) -> str:
    parts, length = [], 0
    for part in environment.get_template(name).generate(variables):
        length += len(part.encode())
        if length > largest:
            raise ValueError(f"it becomes larger than {largest // 1024} KiB")
        parts.append(part)
    return "".join(parts)


def _explain(error: Exception, name: str) -> str:
    import jinja2

    said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    if isinstance(error, jinja2.TemplateNotFound):
        said = f"`{error.name}` is not in the overlay"
    if isinstance(error, jinja2.TemplateSyntaxError):
        said += f" in line {error.lineno}"
    return f"`{name}` of the overlay cannot be rendered: {said}."


if __name__ == "__main__":
    main()
