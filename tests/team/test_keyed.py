"""Keys of files that strangers wrote, held against the value of a rule."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from stackgen.team.keyed import LARGEST_YAML, explain_key

WORKFLOW = b"""\
on:
  push: {branches: [main]}
3.11: yes
defaults: &defaults
  image: debian
job:
  <<: *defaults
  image: alpine
  when: 2027-03-31
  script: !reference [a, b]
other:
  <<: [*defaults, {tags: [1, 2]}]
"""


@pytest.mark.parametrize(
    ("path", "text", "key", "wanted"),
    [
        ("a.yml", WORKFLOW, "on.push.branches", ["main"]),
        ("a.yml", WORKFLOW, "3.11", True),
        ("a.yml", WORKFLOW, "job.image", "alpine"),
        ("a.yaml", WORKFLOW, "job.when", dt.date(2027, 3, 31)),
        ("a.yml", WORKFLOW, "other.image", "debian"),
        ("a.yml", WORKFLOW, "other.tags", [1, 2]),
        ("a.json", b'{"a.b": {"c": null}, "d": [{"e": 1.5}]}', "d", [{"e": 1.5}]),
        ("a.json", b'\xef\xbb\xbf{"a.b": {"c": "x"}}', "a.b.c", "x"),
        ("a.yml", b"ports: [22:22, 1:1:1.5]", "ports", ["22:22", "1:1:1.5"]),
        ("a.toml", b"[a]\nb.c = 2027-03-31T10:00:00Z\n", "a.b", None),
        ("a.toml", b"[a]\n'b.c' = [[1], ['x']]\n", "a.b.c", [[1], ["x"]]),
    ],
)
def test_a_value_is_found(path, text, key, wanted):
    if wanted is None:
        assert "datetime" in explain_key(path, text, key, wanted)
    else:
        assert explain_key(path, text, key, wanted) == ""


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        (b"a = true", 1, "`a` in `x.toml` is `true`, not `1`."),
        (b"a = 1.0", 1, "`a` in `x.toml` is `1.0`, not `1`."),
        (b"a = [true]", [1], "`a` in `x.toml` is `[True]`, not `[1]`."),
        (b"a = [1, 2]", [1], "`a` in `x.toml` is `[1, 2]`, not `[1]`."),
        (b"a = {b = 1}", {"b": True}, "`a` in `x.toml` is `{'b': 1}`, not `{'b': True}`."),
        (b"a = '1'", 1, '`a` in `x.toml` is `"1"`, not `1`.'),
        (b"b = 1", 1, "`x.toml` has no `a`."),
        (b"a = 1\na = 1", 1, "`x.toml` cannot be read as TOML."),
    ],
)
def test_what_is_like_it_is_not_the_same(text, wanted, said):
    assert explain_key("x.toml", text, "a", wanted) == said


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("x.json", b'{"a": 2, "a": 1}'),
        ("x.json", b'{"b": {"a": 2, "a": 1}, "a": 1}'),
        ("x.yml", b"a: 2\na: 1"),
        ("x.yml", b"1: 2\n'1': 1"),
        ("x.yml", b"a: 1\n---\na: 1"),
        ("x.yml", b"a: &a [*a]"),
        ("x.yml", b"a: !!python/object:os.system x"),
        ("x.yml", b"\xff"),
        ("x.yml", b"[" * 100_000),
        ("x.json", b"[" * 100_000),
        ("x.toml", b"a = " + b"[" * 100_000),
        ("x.json", b'{"a": ' + b"1" * 5000 + b"}"),
        ("x.yml", b"#" * (LARGEST_YAML + 1)),
        ("x.yml", b"a: !!bool foo"),
        ("x.yml", b"a: !!timestamp foo"),
        ("x.yml", b'a: !!int ""'),
        ("x.yml", b"a: !!float " + b"1:" * 250 + b"1.5"),
        ("x.yml", b"a: 0x" + b"f" * 5000),
        ("x.yml", b"a: !!map foo"),
        ("x.yml", b'a: "\\UFFFFFFFF"'),
    ],
)
def test_what_is_ambiguous_hostile_or_broken_is_not_read(path, text):
    kind = {"x.json": "JSON", "x.yml": "YAML", "x.toml": "TOML"}[path]
    assert explain_key(path, text, "a", 1) == f"`{path}` cannot be read as {kind}."


@pytest.mark.parametrize(
    "merged", ["[{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}]", "{{<<: [{0}, {0}]}}"]
)
def test_aliases_that_multiply_are_not_followed(merged):
    lines = ["a0: &a0 {x: xxxxxxxx}"]
    lines += [f"a{n}: &a{n} {merged.format(f'*a{n - 1}')}" for n in range(1, 40)]
    start = time.process_time()
    said = explain_key("x.yml", "\n".join(lines).encode(), "a39", 1)
    assert said == "`x.yml` cannot be read as YAML."
    assert time.process_time() - start < 5
