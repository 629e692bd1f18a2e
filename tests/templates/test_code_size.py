"""What a team has to read and answer for stays small."""

from __future__ import annotations

from textwrap import dedent

from code_size import count, lines_of_code
from option_matrix import PLAIN
from rendering import Render

MOST = 1400
"""Lines of code of accounts, second factor and admin of a Flask project."""
MOST_OF_ACCOUNTS = 980
MOST_OF_ADMIN = 420


def test_lines_that_do_something_are_counted() -> None:
    text = dedent(
        '''
        """A docstring
        of two lines."""

        import os  # a comment beside code

        TEXT = """a value
        of two lines"""


        class Thing:
            """A docstring."""

            # a comment
            def go(
                self,
            ) -> None:
                """A docstring."""
                "no docstring"
        '''
    )
    assert lines_of_code(text) == 8


def test_people_of_flask_are_little_code(render: Render) -> None:
    project = render({**PLAIN, "framework": "flask", "accounts": True, "admin": True})
    sizes = count(project.path)
    accounts = [size for name, size in sizes.items() if name.startswith("app/accounts/")]
    admin = [size for name, size in sizes.items() if name.startswith("app/admin/")]
    assert len(accounts) > 10
    assert len(admin) > 5
    assert sum(accounts) <= MOST_OF_ACCOUNTS
    assert sum(admin) <= MOST_OF_ADMIN
    assert sum(sizes.values()) <= MOST
