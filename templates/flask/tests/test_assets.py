"""Static files of production: hashed, compressed, kept for ever."""

import gzip
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.assets import publish
from tests.test_security import static_path


def test_pages_name_files_by_their_hash(client: FlaskClient) -> None:
    (name,) = re.findall(r'rel="stylesheet" href="([^"]+)"', client.get("/").text)
    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", name)
    response = client.get(name)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert response.mimetype_params == {"charset": "utf-8"}
    response.close()


def test_text_is_compressed(app: Flask, client: FlaskClient) -> None:
    path = static_path(app)
    plain = client.get(path, buffered=True)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)


def test_plain_name_is_asked_for_again_each_time(client: FlaskClient) -> None:
    response = client.get("/static/site.css")
    assert response.headers["Cache-Control"] == "no-cache"
    response.close()


def test_publish_keeps_folders_and_leaves_pictures_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "icons").mkdir(parents=True)
    (source / "icons" / "dot.png").write_bytes(b"png")
    names = publish(source, target)
    assert re.fullmatch(r"icons/dot\.[0-9a-f]{12}\.png", names["icons/dot.png"])
    assert [path.name for path in target.rglob("*.*")] == [Path(names["icons/dot.png"]).name]
