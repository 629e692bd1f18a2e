"""Where a standard may be, and what is never handed to git."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackgen.errors import StandardError
from stackgen.team.address import check_revision, parse_where

NAMES = {"acme": "https://example.com/acme/standard.git@v2", "plain": "git@example.com:a/b.git"}


@pytest.mark.parametrize(
    ("text", "address", "revision"),
    [
        ("https://example.com/a/b.git", "https://example.com/a/b.git", ""),
        ("https://example.com/a/b.git/", "https://example.com/a/b.git", ""),
        ("https://example.com/a/b.git@v1.2", "https://example.com/a/b.git", "v1.2"),
        ("https://example.com:8443/a/b@feature/x", "https://example.com:8443/a/b", "feature/x"),
        ("ssh://git@example.com/a/b@main", "ssh://git@example.com/a/b", "main"),
        ("ssh://example.com:22/a/b", "ssh://example.com/a/b", ""),
        ("HTTPS://Example.COM:443/A/b.git", "https://example.com/A/b.git", ""),
        ("ssh://Git@Example.com/A", "ssh://Git@example.com/A", ""),
        ("ssh://git@[2001:DB8::1]:2222/a", "ssh://git@[2001:db8::1]:2222/a", ""),
        ("Git@Example.com:A/b.git/", "Git@example.com:A/b.git", ""),
        ("git@example.com:a/b.git", "git@example.com:a/b.git", ""),
        ("git@example.com:a/b.git@v1", "git@example.com:a/b.git", "v1"),
        ("example.com:a/b.git", "example.com:a/b.git", ""),
        ("acme", "https://example.com/acme/standard.git", "v2"),
        ("acme@main", "https://example.com/acme/standard.git", "main"),
        ("plain", "git@example.com:a/b.git", ""),
    ],
)
def test_addresses(text: str, address: str, revision: str) -> None:
    where = parse_where(text, NAMES)
    assert (where.address, where.revision, where.is_path) == (address, revision, False)


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd@name").mkdir()
    for text, name, revision in [
        ("standard", "standard", ""),
        ("./standard@v1", "standard", "v1"),
        ("odd@name", "odd@name", ""),
        ("odd@name@v1", "odd@name", "v1"),
        (f"{tmp_path}/standard@a/b", "standard", "a/b"),
    ]:
        where = parse_where(text)
        assert (where.address, where.revision) == (str(tmp_path / name), revision)
        assert where.is_path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-u",
        "--upload-pack=touch /tmp/x",
        "ext::sh -c touch% /tmp/x",
        "ext::sh",
        "fd::3",
        "https::https://example.com/a",
        "http://example.com/a",
        "git://example.com/a",
        "file:///srv/standard",
        "ftp://example.com/a",
        "HTTP://example.com/a",
        "https://user:secret@example.com/a",
        "https://token@example.com/a",
        "http://user:secret@example.com/a",
        "http://token@example.com/a",
        "https://user:secret[@example.com/a",
        "https://example.com/a?key=secret",
        "https://example.com",
        "https://example.com/",
        "https://-oProxyCommand=x/a",
        "https://example.com/a?x=1",
        "https://example.com/a#b",
        "https://exa mple.com/a",
        "ssh://-oProxyCommand=touch/a",
        "ssh://-u@example.com/a",
        "ssh://git:secret@example.com/a",
        "ssh://example.com/-a",
        "ssh://example.com:port/a",
        "git@example.com:-a",
        "-u@example.com:a",
        "https://example.com/a\n",
        " https://example.com/a",
        "https://example.com/\u202ea",
        "https://example.com/a@",
        "https://example.com/a@-b",
        "https://example.com/a@b..c",
        "https://example.com/a@b{1}",
        "https://example.com/a@@{-1}",
        "https://example.com/a@b c",
        "https://example.com/a@v1^{tree}",
        "https://example.com/a@:/text",
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(StandardError) as caught:
        parse_where(text, NAMES)
    assert str(caught.value).isprintable()
    assert "secret" not in str(caught.value)
    assert "token@" not in str(caught.value)


@pytest.mark.parametrize("text", ["main", "v1.2.3", "feature/x", "0a1b2c3", "release-1_2+b"])
def test_revisions(text: str) -> None:
    assert check_revision(text) == text
