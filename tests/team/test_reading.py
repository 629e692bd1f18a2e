"""`standard.toml` is read strictly: what is not known is refused, and named."""

from __future__ import annotations

from datetime import date

import pytest
from standards import LOCKED, NAMED

from stackgen.errors import StandardError
from stackgen.team.reading import LARGEST_STANDARD, parse_standard

WHOLE = (
    LOCKED
    + """
[answers.team]
value = "3-5"
until = 2027-06-30

[files]
required = ["docs/owners.md", {path = "SECURITY.md", because = "An audit asks.", owner = "Ann"}]
forbidden = ["Jenkinsfile"]
drop = ["renovate.json"]

[lag]
releases = 2
because = "Older ones get no fixes."

[[rules]]
id = "line-length"
file = "pyproject.toml"
key = "tool.ruff.line-length"
value = 100

[[rules]]
id = "owners"
file = "docs/owners.md"
equals = "common/docs/owners.md"

[[rules]]
id = "no-makefile"
file = "Makefile"
exists = false
"""
)


def test_all_that_a_standard_may_say() -> None:
    found = parse_standard(WHOLE.encode())
    assert found.name == "acme"
    database = found.options["database"]
    assert (database.value, database.locked, database.bounds) == (
        "postgresql",
        True,
        ("postgresql",),
    )
    assert database.reason.owner == "platform@example.com"
    assert (found.options["ci"].default, found.options["ci"].bounds) == (
        "gitlab",
        ("gitlab", "none"),
    )
    assert found.options["license"].bounds == ()
    assert found.answers["team"].until == date(2027, 6, 30)
    assert [rule.path for rule in found.required] == ["docs/owners.md", "SECURITY.md"]
    assert found.required[1].reason.because == "An audit asks."
    assert [rule.path for rule in (*found.forbidden, *found.drop)] == [
        "Jenkinsfile",
        "renovate.json",
    ]
    assert found.lag
    assert found.lag.releases == 2
    assert [(rule.id, rule.key, rule.equals, rule.exists) for rule in found.rules] == [
        ("line-length", "tool.ruff.line-length", "", None),
        ("owners", "", "common/docs/owners.md", None),
        ("no-makefile", "", "", False),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "`name` is `null`"),
        ('name = "a/b"', "`name` is `a/b`"),
        (NAMED + "[option]\n", "no key `option`"),
        (NAMED + "x = 1\n", "no key `x`"),
        (NAMED + "options = 3\n", "`options` is `3`, not a table"),
        (NAMED + "[options.ci]\n", "neither `value` nor `allowed`"),
        (NAMED + "[options.ci]\nvalu = 1\n", "no key `valu`"),
        (NAMED + "[options.ci]\nlocked = true\nallowed = ['none']\n", "has no `value`"),
        (NAMED + "[options.ci]\nlocked = 'yes'\nvalue = 'none'\n", "Give true or false"),
        (NAMED + "[options.ci]\nallowed = []\n", "Give a list of values"),
        (NAMED + "[options.ci]\nallowed = ['a']\nvalue = 'b'\n", "which is not in `allowed`"),
        (NAMED + "[options.ci]\nvalue = 'a'\nuntil = '2027'\n", "Give a date"),
        (NAMED + "[options.ci]\nvalue = [1]\n", "Give a text in quotes, true, false"),
        (NAMED + "[options.python]\nvalue = 3.12\n", "true, false or a whole number"),
        (NAMED + '[options.ci]\nvalue = "a"\nbecause = "a\\u202eb"\n', "U+202E"),
        (NAMED + "[options.ci]\nvalue = 'a'\nlink = 'http://x'\n", "address with https://"),
        (NAMED + "[options.ci]\nvalue = 'a'\nlink = 'https://x [y](z)'\n", "address with https"),
        (NAMED + "[files]\nrequired = 'a'\n", "Give a list of paths"),
        (NAMED + "[files]\nrequired = ['../a']\n", "`..` is not allowed"),
        (NAMED + "[files]\ndrop = ['/etc/passwd']\n", "it is absolute"),
        (NAMED + "[files]\ndrop = ['.git/config']\n", "git's own"),
        (NAMED + "[files]\nrequired = ['a', 'a']\n", "names `a` twice"),
        (NAMED + "[files]\nrequired = ['a']\ndrop = ['a']\n", "and in `files.drop`"),
        (NAMED + "[lag]\nreleases = -1\n", "Give a number"),
        (NAMED + "[lag]\nreleases = true\n", "Give a number"),
        (NAMED + "[rules]\nid = 'a'\n", "Begin each rule with `[[rules]]`"),
        (NAMED + "[[rules]]\nid = 'lag'\n", "are taken"),
        (NAMED + "[[rules]]\nid = 'options.ci'\n", "are taken"),
        (NAMED + "[[rules]]\nid = 'a'\nfile = 'b'\n", "has 0 of"),
        (NAMED + "[[rules]]\nid = 'a'\nfile = 'b'\nkey = 'c'\n", "belong together"),
        (NAMED + "[[rules]]\nid = 'a'\nfile = 'b'\nkey = 'c..d'\nvalue = 1\n", "Give a key"),
        (NAMED + f"[[rules]]\nid = 'a'\nfile = 'b'\nkey = 'c{'.c' * 50}'\nvalue = 1\n", "50 parts"),
        (NAMED + f"[[rules]]\nid = 'a'\nfile = 'b'\nkey = '{'c' * 501}'\nvalue = 1\n", "500 char"),
        (NAMED + "[[rules]]\nid = 'a'\nfile = 'b'\nequals = '../c'\n", "`..` is not allowed"),
        (NAMED + "[[rules]]\nid = 'a'\nfile = '~/\\x07'\nexists = true\n", "is not allowed in it"),
        ("name = ", "cannot be read as TOML"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "1" * 10_000, "cannot be read as TOML"),
        ("name = 0x" + "f" * 6000, "64 bits"),
        ("name." + "a." * 100_000 + "a = 1", "parts"),
        ("#" * (LARGEST_STANDARD + 1), "larger than 256 KiB"),
        (b"name = '\xff'", "not UTF-8 at byte 8"),
    ],
)
def test_what_it_may_not_say(text: str | bytes, said: str) -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(StandardError) as caught:
        parse_standard(raw)
    message = str(caught.value)
    assert said in message
    assert message.startswith("`standard.toml`: ")
    assert message.isprintable()
    assert len(message) < 500
