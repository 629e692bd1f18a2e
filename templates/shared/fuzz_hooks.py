"""What Schemathesis cannot know from the description; see `schemathesis.toml`."""

import re
import uuid
from typing import Any

import schemathesis


@schemathesis.hook  # type: ignore[misc, untyped-decorator, unused-ignore]
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Let no two requests share a key: the second would rightly be refused."""
    key = case.headers.get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch("[!-~]{1,255}", key):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
