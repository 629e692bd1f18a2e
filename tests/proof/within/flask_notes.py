"""The list of the example, and what it does with odd input."""

import pytest

from app.database import PER_PAGE
from tests.test_notes import post


def test_markup_comes_back_escaped(member):
    page = post(member, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_list_has_pages(member):
    for number in range(PER_PAGE + 1):
        post(member, title=f"Note {number}")
    first, last = member.get("/notes/").text, member.get("/notes/?page=2").text
    assert (first.count("<li>"), last.count("<li>")) == (PER_PAGE, 1)
    assert 'rel="next"' in first
    assert 'rel="prev"' in last


@pytest.mark.parametrize("path", ["0/", f"{2**31}/", f"{10**30}/", "?page=0", "?page=2"])
def test_what_is_not_there_is_not_found(member, path):
    assert member.get(f"/notes/{path}").status_code == 404
