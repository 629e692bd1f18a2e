"""TOML from outside is read within bounds."""

from __future__ import annotations

import contextlib
import time
import tomllib

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


_DOTTED = ".".join("a" * 60)


@pytest.mark.parametrize(
    "text",
    [
        f"x = 1  # {_DOTTED}",
        f"x = [1,\n# it's {_DOTTED}\n]",
        f'x = "{_DOTTED}"',
        f"x = '{_DOTTED} \\'",
        f'x = """\n\\""" ""{_DOTTED}"""""',
        f"x = '''\n\\ ''{_DOTTED}'''''",
    ],
)
def test_what_is_no_key_may_have_many_dots(text: str) -> None:
    assert foreign_toml.loads(text).keys() == {"x"}


@pytest.mark.parametrize(
    "before",
    [
        'x = "#"',
        "x = '\\'",
        'x = "\\""',
        'x = """"""',
        "x = ''''''''",
        'x = """\\""""""',
        "x = 1 # '''",
    ],
)
def test_a_long_key_is_found_behind_every_text(before: str) -> None:
    tomllib.loads(before)
    for key in (f"{_DOTTED} = 1", f"[{_DOTTED}]", f"y = {{{_DOTTED} = 1}}", f'"#".{_DOTTED} = 1'):
        with pytest.raises(ValueError, match="A key has more than 50 parts"):
            foreign_toml.loads(f"{before}\n{key}")


@pytest.mark.parametrize(
    "part", ['"', "'", '"""', "'''", '\\"""x\n', '"\\', 'a."\\', "a.'", '""\n', '"""\\', "#\n"]
)
def test_what_has_no_end_takes_no_time(part: str) -> None:
    start = time.process_time()
    with contextlib.suppress(ValueError):
        foreign_toml.loads(part * 100_000)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("sign", ["a", '"', "'", " ", ".", "a ", '"\\', "\\"])
def test_looking_for_long_keys_takes_no_time(sign: str) -> None:
    text = f"# {sign * 100_000}\n"
    assert foreign_toml.loads(text) == {}
