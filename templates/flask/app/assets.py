"""Static files: in production under names that carry their hash, compressed, cached for ever."""

import gzip
import hashlib
import tempfile
from pathlib import Path

from flask import Flask, current_app
from whitenoise import WhiteNoise

COMPRESSED = {".css", ".js", ".json", ".svg", ".txt"}


def init_app(app: Flask) -> None:
    """Give templates `static_url`; in production publish the files, and serve those."""
    app.extensions["assets"] = {}
    app.jinja_env.globals["static_url"] = static_url
    if not app.config["SETTINGS"].production:
        return

    # The folder lives as long as the application that holds it.
    folder = tempfile.TemporaryDirectory(prefix="static-")
    app.extensions["assets_folder"] = folder
    app.extensions["assets"] = publish(Path(app.root_path, "static"), Path(folder.name))
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder.name,
        prefix=app.static_url_path,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
    )


def publish(source: Path, target: Path) -> dict[str, str]:
    """Copy every file of `source` to `target` as `name.HASH.suffix`, text compressed as well.

    Returns the published name of every name.
    """
    published = {}
    for path in sorted(source.rglob("*")):
        if path.is_dir():
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        name = path.relative_to(source)
        copy = target / name.with_name(f"{path.stem}.{digest}{path.suffix}")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        if path.suffix in COMPRESSED:
            copy.with_name(f"{copy.name}.gz").write_bytes(gzip.compress(content, mtime=0))
        published[name.as_posix()] = copy.relative_to(target).as_posix()
    return published


def static_url(filename: str) -> str:
    """Return the URL of a static file; unlike `url_for`, error pages may use it at any time."""
    published = current_app.extensions["assets"]
    return f"{current_app.static_url_path}/{published.get(filename, filename)}"
