"""Static files: in production under names that carry their hash, compressed, cached for ever."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask{{ ', Response, send_from_directory' if htmx else '' }}
from whitenoise import WhiteNoise
{{ '\nfrom app.access import public\n' if htmx else '' }}

def init_app(app: Flask) -> None:
    """In production serve each file under its hashed name, and let `url_for` give that name."""
    hashed_names: dict[str, str] = {}
    app.extensions["uncompressed"] = []

    @app.url_defaults
    def name_with_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = hashed_names.get(values["filename"], values["filename"])

{% if htmx %}
    built = app.config["SETTINGS"].client_root
    if not app.config["SETTINGS"].production:

        @app.get(f"{app.static_url_path}/built/<path:filename>", endpoint="built")
        @public
        def serve_built(filename: str) -> Response:
            return send_from_directory(built, filename)

        return
{% else %}
    if not app.config["SETTINGS"].production:
        return
{% endif %}
    server = WhiteNoise(
        app.wsgi_app, allow_all_origins=False, immutable_file_test=lambda _path, _url: True
    )
    folder = Path(app.root_path, "static")
{% if htmx %}
    names = {path: path.relative_to(folder) for path in folder.rglob("*")}
    names |= {path: "built" / path.relative_to(built) for path in built.rglob("*")}
    for path, name in sorted(one for one in names.items() if one[0].is_file()):
{% else %}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
{% endif %}
        if path.suffix == ".gz" and path.with_suffix("").exists():
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
{{ '        name = path.relative_to(folder)\n' if not htmx else '' }}        hashed = name.with_name(f"{path.stem}.{digest}{path.suffix}")
        hashed_names[name.as_posix()] = hashed.as_posix()
        # `whitenoise.compress` gives a compressed file the time of its source: one with another is
        # of former days. Only what is named here is looked for.
        files = {str(path): path.stat()}
        packed = path.with_name(f"{path.name}.gz")
        if packed.exists() and int(packed.stat().st_mtime) == int(path.stat().st_mtime):
            files[str(packed)] = packed.stat()
        elif path.suffix in {".css", ".js"}:
            app.extensions["uncompressed"].append(name.as_posix())
        address = f"{app.static_url_path}/{hashed.as_posix()}"
        server.add_file_to_dictionary(address, str(path), stat_cache=files)
{% if client %}
    # The build has put the hash into the names of its files.
    built = app.config["SETTINGS"].client_root / "assets"
    for path in sorted(path for path in built.rglob("*") if path.is_file()):
        packed = path.with_name(f"{path.name}.gz")
        files = {str(path): path.stat()} | ({str(packed): packed.stat()} if packed.exists() else {})
        if not packed.exists() and path.suffix in {".css", ".js"}:
            app.extensions["uncompressed"].append(path.name)
        address = f"{app.static_url_path}/assets/{path.relative_to(built).as_posix()}"
        server.add_file_to_dictionary(address, str(path), stat_cache=files)
{% endif %}
    app.wsgi_app = server  # type: ignore[method-assign]
