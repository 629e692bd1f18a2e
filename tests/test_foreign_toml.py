"""TOML from outside is read within bounds."""

from __future__ import annotations

import pytest

from stackgen import foreign_toml


def test_what_people_write_is_read() -> None:
    text = '[a."b.c".d]\nlist = [1, {e = "x.y.z"}]\nlast = 0x7fffffffffffffff\n'
    assert foreign_toml.loads(text) == {
        "a": {"b.c": {"d": {"list": [1, {"e": "x.y.z"}], "last": 2**63 - 1}}}
    }


@pytest.mark.parametrize(
    "text",
    [
        f"{'a.' * 120_000}a = 1",
        f"[{'a . ' * 60_000}a]",
        f"x = {{ {'a.' * 120_000}a = 1 }}",
        '"x".' * 40_000 + "a = 1",
        "''.\"\"." * 40_000 + "a = 1",
        f"a = {'[' * 5000}{']' * 5000}",
        f"a = {'{b.c.d.e.f.g.h = ' * 20}1{'}' * 20}",
        f"a = 0x{'f' * 6000}",
        f"a = 0o{'7' * 30}",
        f"a = {'9' * 5000}",
    ],
    ids=[
        "key",
        "header",
        "inline",
        "quoted",
        "empty",
        "lists",
        "tables",
        "hex",
        "octal",
        "decimal",
    ],
)
def test_what_takes_too_much_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"parts|deeply|bits|digits"):
        foreign_toml.loads(text)


@pytest.mark.parametrize("sign", ["a", '"', "'", " ", ".", "a ", '"\\', "\\"])
def test_looking_for_long_keys_takes_no_time(sign: str) -> None:
    text = f"# {sign * 100_000}\n"
    assert foreign_toml.loads(text) == {}
