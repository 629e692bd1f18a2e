"""Files that visitors send: kept outside the code, and never run, here or in a browser."""

import secrets
from contextlib import suppress
from importlib.machinery import all_suffixes
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, send_from_directory
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

blueprint = Blueprint("uploads", __name__)
# Whatever a file in this folder is called, Python shall not take it for a module of `media`.
GUARD = 'raise ImportError("What visitors sent is not code.")\n'


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    folder = Path(app.config["MEDIA_ROOT"])
    with suppress(OSError):  # on a read-only disk there are no uploads
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "__init__.py").exists():
            (folder / "__init__.py").write_text(GUARD)


def save(file: FileStorage) -> str:
    """Keep a file in MEDIA_ROOT under a name that nobody guesses, and return that name."""
    path = Path(secure_filename(file.filename or "") or "file")
    name = f"{path.stem[:80]}-{secrets.token_urlsafe(12)}{path.suffix}"
    if name.lower().endswith(tuple(all_suffixes())):
        name += ".txt"
    file.save(Path(current_app.config["MEDIA_ROOT"], name))
    return name


def download(name: str, download_name: str | None = None) -> Response:
    """Return a file for a browser to save: nothing in it runs as a page of this site."""
    response = send_from_directory(
        current_app.config["MEDIA_ROOT"], name, as_attachment=True, download_name=download_name
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.get("/media/<path:name>")
def media(name: str) -> Response:
    return download(name)
