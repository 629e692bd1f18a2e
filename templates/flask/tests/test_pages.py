"""The pages, and what all of them share."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event


def test_home_answers(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "<h1>" in response.text


def test_page_without_data_opens_no_connection(app: Flask) -> None:
    checkouts: list[object] = []
    engine = app.extensions["sqlalchemy"].engine
    event.listen(engine, "checkout", lambda *args: checkouts.append(args))
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert checkouts == []
    client.get("/sample/data/")
    assert checkouts


def test_page_without_form_sets_no_cookie(client: FlaskClient) -> None:
    response = client.get("/")
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_pages_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    for path in ("/", "/no-such-page"):
        links = re.findall(r'(?:src|href|action)="([^"]*)"', client.get(path).text)
        assert links
        assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)


def test_no_inline_script_or_style(client: FlaskClient) -> None:
    for path in ("/", "/no-such-page"):
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=", client.get(path).text)
