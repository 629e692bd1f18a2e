"""The picture that an app reads the key of a second factor from."""

from typing import Any

from qrcode.main import QRCode


def drawing(text: str) -> dict[str, Any]:
    """Return what a template draws: how many squares there are in a row, and the path of the dark."""
    code = QRCode()
    code.add_data(text)
    squares = code.get_matrix()
    dark = (
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(squares)
        for x, square in enumerate(row)
        if square
    )
    return {"size": len(squares), "path": "".join(dark)}
