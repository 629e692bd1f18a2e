"""`docs/receipt.json`, and what `stackgen verify --json` prints: the same, and where it is from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, TypedDict

from stackgen.schemas.project import Error
from stackgen.verification.receipt import Receipt
from stackgen.verification.verify import Verified


class VerifyResult(TypedDict):
    """A project that was verified."""

    path: Annotated[str, "Its directory, absolute."]
    receipt: Receipt
    repeat: Annotated[
        list[str], "Commands that repeat the first step that failed, from a fresh project."
    ]
    error: Error


def receipt_data(receipt: Receipt) -> Any:
    """Return a receipt as JSON has it."""
    return asdict(receipt)


def verify_result(verified: Verified) -> dict[str, Any]:
    """Return what is printed of a project that was verified, and passed."""
    return {
        "path": str(verified.path),
        "receipt": receipt_data(verified.receipt),
        "repeat": list(verified.repeat),
        "error": None,
    }
