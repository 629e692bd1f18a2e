"""The API of a project is the same with both frameworks."""

from __future__ import annotations

import json
from typing import Any

from option_matrix import DEFAULTS
from rendering import Render

COOKIES = {"django": "__Host-sessionid", "flask": "__Host-session"}


def test_both_frameworks_describe_the_same_api(render: Render) -> None:
    described: dict[str, Any] = {}
    for framework, cookie in COOKIES.items():
        text = render(DEFAULTS[framework] | {"api": True}).read("openapi.json")
        assert text.count(f'"{cookie}"') == 1
        described[framework] = json.loads(text.replace(f'"{cookie}"', '"cookie"'))
    assert described["django"] == described["flask"]
