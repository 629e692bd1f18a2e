"""The fixtures `member` and `other_member`: there are no users, so that they are any visitors."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from conftest import browser


@pytest.fixture
def member(client: FlaskClient) -> FlaskClient:
    return client


@pytest.fixture
def other_member(app: Flask, session: Session) -> FlaskClient:
    return browser(app)
