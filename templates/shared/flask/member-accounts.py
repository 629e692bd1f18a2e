"""The fixtures `member` and `other_member`: people who are signed in."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.people import EMAIL, Member, signed_in


@pytest.fixture
def member(app: Flask, session: Session) -> Member:
    """The browser of somebody who is signed in; `member.user` is who that is."""
    return signed_in(app, session, EMAIL)


@pytest.fixture
def other_member(app: Flask, session: Session) -> Member:
    """The browser of somebody else who is signed in."""
    return signed_in(app, session, "eve@example.com")
