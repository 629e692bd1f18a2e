"""Standards are fetched, kept and found again; nothing of them is run, and nothing odd is taken."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from pathlib import Path

import pytest
from standards import NAMED, change_standard, commit_tree, head, make_standard
from template_history import commit, git

from stackgen import git_objects
from stackgen.errors import StandardError
from stackgen.project.standard_record import RecordedStandard
from stackgen.team import cache, tree
from stackgen.team.cache import Cache
from stackgen.team.clone import check_clone
from stackgen.team.sources import Sources, checked_names

PLAIN, LINK, SUBMODULE = "100644", "120000", "160000"
FILES = {"overlay/common/a.txt": "a\n"}


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(cache=Cache(tmp_path / "cache"))


def refused(sources: Sources, where: Path | str) -> str:
    with pytest.raises(StandardError) as caught:
        sources.open(str(where))
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_a_standard_of_a_folder(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    edition = sources.open(str(folder))
    assert edition.recorded == RecordedStandard(url=str(folder), commit=head(folder))
    assert edition.files["common/a.txt"].content == b"a\n"
    assert edition.warnings == ()


def test_what_is_recorded_of_a_clone_is_its_origin(sources: Sources, tmp_path: Path) -> None:
    origin = make_standard(tmp_path / "origin", FILES)
    git("clone", "-q", str(origin), "clone", cwd=tmp_path)
    edition = sources.open(str(tmp_path / "clone"))
    assert edition.recorded
    assert edition.recorded.url == str(origin)
    git("remote", "set-url", "origin", "https://example.com/a/b.git", cwd=tmp_path / "clone")
    edition = sources.open(str(tmp_path / "clone"))
    assert edition.recorded
    assert edition.recorded.url == "https://example.com/a/b.git"
    git("remote", "set-url", "origin", "http://example.com/a/b.git", cwd=tmp_path / "clone")
    assert "`http` is not one of https and ssh" in refused(sources, tmp_path / "clone")


def test_a_bare_repository_stands_for_both_its_addresses(sources: Sources, tmp_path: Path) -> None:
    """Clones of it record its own path, whatever it is a copy of itself."""
    upstream = make_standard(tmp_path / "upstream", FILES)
    git("clone", "-q", "--bare", str(upstream), "bare.git", cwd=tmp_path)
    bare = tmp_path / "bare.git"
    git("clone", "-q", str(bare), "clone", cwd=tmp_path)
    change_standard(tmp_path / "clone", {"overlay/common/a.txt": "b\n"})
    git("push", "-q", cwd=tmp_path / "clone")
    recorded = sources.open(str(tmp_path / "clone")).recorded
    assert recorded
    assert recorded.url == str(bare)
    named = Sources(cache=sources.cache, names={"acme": str(bare)})
    for before, after in (
        sources.step(recorded, str(bare), tmp_path),
        named.step(recorded, None, tmp_path),
    ):
        assert before
        assert after
        assert before.recorded == after.recorded == recorded
    mirrored = sources.open(str(upstream)).recorded
    assert mirrored
    assert sources.open(str(bare)).recorded == RecordedStandard(
        url=str(upstream), commit=recorded.commit
    )
    for _, after in (
        sources.step(mirrored, str(bare), tmp_path),
        named.step(mirrored, None, tmp_path),
    ):
        assert after
        assert after.recorded == RecordedStandard(url=str(upstream), commit=recorded.commit)
    git("config", "remote.origin.url", "http://example.com/a.git", cwd=bare)
    assert sources.open(str(bare)).recorded == recorded


def test_a_commit_that_nobody_else_has_is_told(sources: Sources, tmp_path: Path) -> None:
    origin = make_standard(tmp_path / "origin", FILES)
    git("clone", "-q", str(origin), "clone", cwd=tmp_path)
    assert sources.open(str(tmp_path / "clone")).warnings == ()
    new = change_standard(tmp_path / "clone", {"overlay/common/a.txt": "b\n"})
    (warning,) = sources.open(str(tmp_path / "clone")).warnings
    assert warning.startswith(f"Commit {new[:12]} of the standard is not in `{origin}` yet")


def test_a_tag_or_commit_is_found_and_a_branch_moves(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    first = head(folder)
    git("tag", "-a", "-m", "one", "v1", cwd=folder)
    git("branch", "stable", cwd=folder)
    second = change_standard(folder, {"overlay/common/a.txt": "b\n"})
    for revision, commit_ in [
        ("", second),
        ("main", second),
        ("stable", first),
        ("v1", first),
        (first, first),
        (first[:10], first),
    ]:
        edition = sources.open(f"{folder}@{revision}" if revision else str(folder))
        assert edition.recorded == RecordedStandard(
            url=str(folder), commit=commit_, revision=revision
        )
    assert "has no `v2`" in refused(sources, f"{folder}@v2")


@pytest.mark.parametrize("how", ["edited", "new", "deleted"])
def test_what_is_not_committed_is_refused(sources: Sources, tmp_path: Path, how: str) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    file = folder / ("overlay/common/b.txt" if how == "new" else "overlay/common/a.txt")
    if how == "deleted":
        file.unlink()
    else:
        file.write_text("edited\n")
    name = file.relative_to(folder).as_posix()
    assert f"`{name}` of the standard `{folder}` is not committed" in refused(sources, folder)
    assert sources.open(f"{folder}@main").files["common/a.txt"].content == b"a\n"


STAGED = {
    "new": ("add", "overlay/common/b.txt"),
    "to come": ("add", "--intent-to-add", "overlay/common/b.txt"),
    "deleted": ("rm", "-q", "--cached", "overlay/common/a.txt"),
    "executable": ("update-index", "--chmod=+x", "overlay/common/a.txt"),
    "edited": ("update-index", "--cacheinfo", f"100644,{'1' * 40},overlay/common/a.txt"),
}


@pytest.mark.parametrize("how", STAGED)
def test_what_is_staged_is_not_committed(sources: Sources, tmp_path: Path, how: str) -> None:
    """Also where the file itself is as it is committed, or nothing would tell of it."""
    folder = make_standard(tmp_path / "acme", FILES)
    if how in {"new", "to come"}:
        (folder / "overlay/common/b.txt").write_text("b\n")
    git(*STAGED[how], cwd=folder)
    if how == "deleted":
        (folder / ".git/info").mkdir(exist_ok=True)
        (folder / ".git/info/exclude").write_text("*.txt\n")
    name = STAGED[how][-1].rpartition(",")[2]
    assert f"`{name}` of the standard `{folder}` is not committed" in refused(sources, folder)
    assert sources.open(f"{folder}@main").files["common/a.txt"].content == b"a\n"


def test_what_a_person_ignores_everywhere_need_not_be_committed(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    (folder / "overlay/.DS_Store").write_bytes(b"x")
    assert "`overlay/.DS_Store` of the standard" in refused(sources, folder)
    (tmp_path / "ignored").write_text(".DS_Store\n")
    (tmp_path / "gitconfig").write_text(f"[core]\n excludesFile = {tmp_path}/ignored\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert list(sources.open(str(folder)).files) == ["common/a.txt"]


def test_a_standard_of_many_files_is_soon_compared(tmp_path: Path) -> None:
    """Beside its overlay it may have any number of them."""
    folder = make_standard(tmp_path / "acme", {f"docs/{n}/{n}.md": "x" for n in range(1500)})
    looked = 0

    class Counted(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal looked
            looked += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    real = git_objects.list_files

    def listed(*words: str, cwd: Path) -> git_objects.Entries:
        return {Counted(path): entry for path, entry in real(*words, cwd=cwd).items()}

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(git_objects, "list_files", listed)
        check_clone(folder, committed=True)
    assert looked < 20 * 1500


def test_names_that_git_would_read_as_quoted(sources: Sources, tmp_path: Path) -> None:
    odd = ['docs/"q".md', '"q".md', "docs/a\nb.md", "c\r", 'd\\n"', "\udcff"]
    folder = make_standard(tmp_path / "acme", FILES)
    for name in odd:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(repr(name))
    commit(folder)
    assert list(sources.open(str(folder)).files) == ["common/a.txt"]
    (folder / "docs/a\nb.md").write_text("edited")
    assert "b.md` of the standard" in refused(sources, folder)


def test_what_is_no_repositorys_root_is_refused(sources: Sources, tmp_path: Path) -> None:
    assert "no name in your configuration, no address and no folder" in refused(sources, "nothing")
    (tmp_path / "plain").mkdir()
    assert "is no git repository" in refused(sources, tmp_path / "plain")
    folder = make_standard(tmp_path / "acme", FILES)
    assert "with another root" in refused(sources, folder / "overlay")
    (tmp_path / "empty").mkdir()
    git("init", "-q", cwd=tmp_path / "empty")
    assert "has no commit yet" in refused(sources, tmp_path / "empty")
    other = tmp_path / "other"
    make_standard(other)
    git("rm", "-q", "standard.toml", cwd=other)
    commit(other)
    assert "has no `standard.toml`" in refused(sources, other)


def test_nothing_of_a_clone_is_run(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", {**FILES, ".gitattributes": "* filter=evil\n"})
    proof = tmp_path / "was-run"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {proof}\ncat\n")
    script.chmod(0o755)
    for name in ("filter.evil.clean", "filter.evil.smudge", "core.fsmonitor", "core.pager"):
        git("config", name, str(script), cwd=folder)
    git("config", "uploadpack.packObjectsHook", str(script), cwd=folder)
    for hook in ("post-checkout", "reference-transaction", "post-merge", "pre-auto-gc"):
        (folder / ".git/hooks" / hook).write_text(script.read_text())
        (folder / ".git/hooks" / hook).chmod(0o755)
    assert sources.open(str(folder)).files["common/a.txt"].content == b"a\n"
    assert not proof.exists()


def test_a_commit_that_a_foreign_clone_lacks_is_fetched_by_nobody(
    sources: Sources, tmp_path: Path
) -> None:
    """The configuration of a partial clone says how to fetch: with any program."""
    folder, proof = make_standard(tmp_path / "acme", FILES), tmp_path / "was-run"
    settings = {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": "/nowhere",
        "remote.origin.uploadpack": f"touch {proof};",
        "core.alternateRefsCommand": f"touch {proof};",
    }
    for name, value in settings.items():
        git("config", name, value, cwd=folder)
    blob = git("rev-parse", "HEAD:overlay/common/a.txt", cwd=folder)
    (folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert "cannot be fetched" in refused(sources, folder)
    assert not proof.exists()


def test_a_clone_without_its_history_is_refused(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    change_standard(folder, {"overlay/common/a.txt": "b\n"})
    git("clone", "-q", "--depth=1", folder.as_uri(), "clone", cwd=tmp_path)
    git("config", "remote.origin.url", "https://example.com/acme", cwd=tmp_path / "clone")
    assert "git fetch --unshallow" in refused(sources, tmp_path / "clone")


def test_a_bare_repository_whose_own_branch_is_empty(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    git("clone", "-q", "--bare", str(folder), "bare", cwd=tmp_path)
    assert sources.open(f"{tmp_path}/bare").recorded
    git("symbolic-ref", "HEAD", "refs/heads/master", cwd=tmp_path / "bare")
    said = refused(sources, tmp_path / "bare")
    assert "`HEAD`" in said
    assert "names a branch that is not there. Name one" in said
    assert "`@BRANCH`" in said
    assert sources.open(f"{tmp_path}/bare@main").recorded


def test_a_repository_that_was_begun_or_left_in_the_middle_is_used(tmp_path: Path) -> None:
    """And not one that the cache lies in: git would look for it there."""
    home, folder = make_standard(tmp_path / "home"), make_standard(tmp_path / "acme", FILES)
    sources = Sources(cache=Cache(home / ".cache"))
    kept = sources.cache.of(str(folder)).repository
    kept.mkdir(parents=True)
    (kept / "HEAD").write_text("ref: refs/heads/main\n")
    assert sources.open(str(folder)).recorded
    assert git("for-each-ref", "--format=%(refname)", cwd=home) == "refs/heads/main"
    change_standard(folder, {"overlay/common/a.txt": "b\n"})
    locks = [kept / "refs/remote/head.lock", kept / "refs/remote/heads/main.lock"]
    for file in (*locks, kept / "packed-refs.lock", kept / "objects/pack/tmp_pack_1"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    recorded = sources.open(str(folder)).recorded
    assert recorded
    assert recorded.commit == head(folder)
    assert not list(kept.rglob("*.lock")) + list(kept.rglob("tmp_*"))
    (kept / "HEAD").unlink()
    with pytest.raises(StandardError, match="is not kept here"):
        sources.kept(recorded)
    assert sources.open(str(folder)).recorded == recorded


def test_what_is_damaged_is_named(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    sources.open(str(folder))
    kept = sources.cache.of(str(folder)).repository
    for file in (kept / "objects").glob("??/*"):
        file.chmod(0o644)
        file.write_bytes(b"")
    assert f"is damaged: delete `{kept}`" in refused(sources, folder)


def test_looking_for_damage_takes_no_longer_than_it_may(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others wait for the same standard in the meantime; what is not known is not claimed."""
    folder = make_standard(tmp_path / "acme", FILES)
    sources.open(str(folder))
    kept = sources.cache.of(str(folder)).repository
    for file in (kept / "objects").glob("??/*"):
        file.chmod(0o644)
        file.write_bytes(b"")
    monkeypatch.setattr(cache, "CHECKING_SECONDS", 0)
    said = refused(sources, folder)
    assert "cannot be fetched" in said
    assert "is damaged" not in said


def test_a_cache_that_cannot_be_written_is_named(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_standard(tmp_path / "acme", FILES)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "make_repository", full)
    assert "cannot be made: No space left on device. Standards" in refused(sources, folder)


def test_helpers_of_gits_are_off_whatever_the_configuration_says(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = tmp_path / "was-run"
    settings = tmp_path / "gitconfig"
    settings.write_text(
        f'[url "ext::touch {proof} #"]\n insteadOf = https://example.com/\n'
        "[protocol]\n allow = always\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext:file")
    assert "transport 'ext' not allowed" in refused(sources, "https://example.com/a/b")
    assert not proof.exists()


@pytest.mark.parametrize(
    ("path", "mode", "content", "said"),
    [
        ("overlay/common/a", LINK, b"/etc/passwd", "is a symbolic link"),
        ("overlay", LINK, b"/etc", "is a symbolic link"),
        ("standard.toml", LINK, b"/etc/passwd", "is a symbolic link"),
        ("overlay/common/sub", SUBMODULE, b"1" * 40, "is a submodule"),
        ("overlay/common/.git", PLAIN, b"x", "git's own"),
        ("overlay/common/.GIT/hooks/post-checkout", PLAIN, b"x", "git's own"),
        ("overlay/common/a/git~1/config", PLAIN, b"x", "git's own"),
        ("overlay/common/.g\u200cit/config", PLAIN, b"x", "U+200C"),
        ("overlay/common/.env", PLAIN, b"KEY=1", "secrets do not belong"),
        ("overlay/common/deep/.Env.jinja", PLAIN, b"KEY=1", "secrets do not belong"),
        ("overlay/common/.env.production", PLAIN, b"KEY=1", "secrets do not belong"),
        ("overlay/common/../../../evil", PLAIN, b"x", "`..` is not allowed"),
        ("overlay/../../evil", PLAIN, b"x", "`..` is not allowed"),
        ("overlay/common/./a", PLAIN, b"x", "`.` is not allowed"),
        ("overlay/common/..\\evil", PLAIN, b"x", "is not allowed"),
        ("overlay/common/C:evil", PLAIN, b"x", "is not allowed"),
        ("overlay/common/con.txt", PLAIN, b"x", "a device"),
        ("overlay/common/a.", PLAIN, b"x", "ends with a dot"),
        ("overlay/common/a ", PLAIN, b"x", "a space"),
        ("overlay/common/a\nb", PLAIN, b"x", "U+000A"),
        ("overlay/common/a\x1b[31m", PLAIN, b"x", "U+001B"),
        ("overlay/common/a\u202eb", PLAIN, b"x", "U+202E"),
        ("overlay/common/a\udcff", PLAIN, b"x", "not UTF-8"),
        ("overlay/common/.copier-answers.yml", PLAIN, b"x", "stackgen writes that file"),
        ("overlay/common/.copier-answers.yml.jinja", PLAIN, b"x", "stackgen writes that file"),
        ("overlay/common/.gitmodules", PLAIN, b"x", "submodules are not allowed"),
        ("overlay/loose.txt", PLAIN, b"x", "in no folder of the overlay"),
        ("overlay/common/" + "a/" * 150 + "b", PLAIN, b"x", "longer than 200"),
        (
            "overlay/common/big.bin",
            PLAIN,
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            "pointer of Git LFS",
        ),
        ("standard.toml", PLAIN, b"#" * 300_000, "larger than 256 KiB"),
        ("overlay/common/big.txt", PLAIN, b"x" * (10 * 1024 * 1024 + 1), "larger than 10240 KiB"),
    ],
)
def test_what_no_overlay_may_hold(
    sources: Sources, tmp_path: Path, path: str, mode: str, content: bytes, said: str
) -> None:
    repository = commit_tree(tmp_path / "evil.git", {path: (mode, content)})
    assert said in refused(sources, repository)


@pytest.mark.parametrize(
    "paths",
    [
        ("overlay/common/a.txt", "overlay/common/A.TXT"),
        ("overlay/common/Docs/a", "overlay/common/docs/b"),
        ("overlay/common/\u00e4", "overlay/common/a\u0308"),
        ("overlay/common/a", "overlay/common/a.jinja"),
    ],
)
def test_twins_are_refused(sources: Sources, tmp_path: Path, paths: tuple[str, str]) -> None:
    entries = dict.fromkeys(paths, (PLAIN, b"x"))
    said = refused(sources, commit_tree(tmp_path / "evil.git", entries))
    assert "one and the same on some systems" in said or "the same file of a project" in said


def test_too_many_files_and_too_much(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_standard(tmp_path / "acme", {f"overlay/common/{n}": "x" * 10 for n in range(9)})
    monkeypatch.setattr(tree, "MOST_FILES", 5)
    assert "more than 5 files" in refused(sources, folder)
    monkeypatch.setattr(tree, "MOST_FILES", 50)
    monkeypatch.setattr(tree, "LARGEST_OVERLAY", 80)
    assert "together" in refused(sources, folder)


def test_a_tree_that_unfolds_without_end_is_given_up(sources: Sources, tmp_path: Path) -> None:
    """A tree of ten times the tree below it, and so on: a few kilobytes, and 10^9 files."""
    folder = tmp_path / "bomb.git"
    commit_tree(folder, {"overlay/common/a": (PLAIN, b"x")})
    blob = git("rev-parse", "main:overlay/common/a", cwd=folder)
    lines = "".join(f"100644 blob {blob}\t{n}\n" for n in range(10))
    name = ""
    for _ in range(9):
        name = _mktree(folder, lines)
        lines = "".join(f"040000 tree {name}\t{n}\n" for n in range(10))
    top = _mktree(folder, f"040000 tree {name}\tcommon\n")
    standard = git("rev-parse", "main:standard.toml", cwd=folder)
    root = _mktree(folder, f"040000 tree {top}\toverlay\n100644 blob {standard}\tstandard.toml\n")
    made = git("commit-tree", root, "-m", "bomb", cwd=folder)
    git("update-ref", "refs/heads/main", made, cwd=folder)
    assert "printed more than 4096 KiB" in refused(sources, folder)


def _mktree(folder: Path, lines: str) -> str:
    done = subprocess.run(
        ["git", "mktree"], cwd=folder, input=lines.encode(), capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def test_a_history_that_takes_too_long_is_given_up(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    monkeypatch.setattr(cache, "FETCHING_SECONDS", 0.001)
    assert "took longer than 0.001 seconds" in refused(sources, folder)


def test_a_history_that_is_too_large_is_given_up(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_standard(tmp_path / "acme", {"overlay/common/a": os.urandom(300_000)})
    monkeypatch.setattr(cache, "LARGEST_HISTORY", 1000)
    assert "what came was too large" in refused(sources, folder)
    monkeypatch.undo()
    assert sources.open(str(folder)).recorded


def test_what_was_fetched_serves_without_the_address(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    edition = sources.open(str(folder))
    assert edition.recorded
    folder.rename(tmp_path / "gone")
    assert sources.kept(edition.recorded).files == edition.files
    missing = RecordedStandard(url=str(folder), commit="1" * 40)
    with pytest.raises(StandardError, match="is not kept here"):
        sources.kept(missing)


def test_the_newest_that_is_kept(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    first = sources.open(str(folder)).recorded
    assert first
    second = change_standard(folder, {"overlay/common/a.txt": "b\n"})
    assert sources.newest_kept(first).recorded == first  # Nothing was fetched since.
    sources.open(str(folder))
    newest = sources.newest_kept(first).recorded
    assert newest
    assert newest.commit == second
    pinned = RecordedStandard(url=str(folder), commit=first.commit, revision=first.commit)
    assert sources.newest_kept(pinned).recorded == pinned


def test_what_is_kept_and_older_than_what_is_recorded_is_not_the_newest(
    sources: Sources, tmp_path: Path
) -> None:
    """A project may have been brought on elsewhere, or from a clone."""
    folder = make_standard(tmp_path / "acme", FILES)
    first = sources.open(str(folder)).recorded
    assert first
    second = change_standard(folder, {"overlay/common/a.txt": "b\n"})
    later = RecordedStandard(url=str(folder), commit=second)
    with pytest.raises(StandardError, match=r"is not kept here\. `stackgen standard fetch"):
        sources.newest_kept(later)
    sources.open(f"{folder}@main")
    git("reset", "-q", "--hard", first.commit, cwd=folder)
    sources.open(str(folder))
    assert sources.newest_kept(later).recorded == later
    assert sources.newest_kept(first).recorded == first


def test_of_a_rewritten_branch_the_newest_is_what_it_is_now(
    sources: Sources, tmp_path: Path
) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    first = sources.open(str(folder)).recorded
    assert first
    git("commit", "-q", "--amend", "-m", "other", cwd=folder)
    sources.open(str(folder))
    newest = sources.newest_kept(first).recorded
    assert newest
    assert newest.commit == head(folder)
    for where in (str(folder), f"{folder}@main"):
        recorded = dataclasses.replace(first, revision=where.partition("@")[2])
        _, after = sources.step(recorded, where, tmp_path)
        assert after
        assert after.recorded == dataclasses.replace(recorded, commit=head(folder))
        (warning,) = after.warnings
        assert f"was rewritten: its commit {head(folder)[:12]} does not go on from" in warning


def test_an_update_goes_back_only_where_that_is_asked_for(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    first = head(folder)
    second = change_standard(folder, {"overlay/common/a.txt": "b\n"})
    git("tag", "v1", first, cwd=folder)
    sources.open(str(folder))
    git("reset", "-q", "--hard", first, cwd=folder)
    git("branch", "team", cwd=folder)
    names = {"acme": str(folder), "main": f"{folder}@main", "other": f"{folder}@team"}
    sources = Sources(cache=sources.cache, names=names)
    stays = f"{first[:12]}, an earlier one than the project follows: it stays at commit"
    for revision, where, commit_, said in [
        ("", None, second, stays),
        ("", str(folder), second, stays),
        ("", "acme", second, stays),
        ("main", "acme", second, stays),
        ("main", "main", second, stays),
        ("main", "acme@main", first, "the project goes back"),
        ("main", "other", first, "the project goes back"),
        ("main", "acme@v1", first, ""),
        ("", f"acme@{first}", first, ""),
    ]:
        recorded = RecordedStandard(url=str(folder), commit=second, revision=revision)
        _, after = sources.step(recorded, where, tmp_path)
        assert after
        assert after.recorded
        assert after.recorded.commit == commit_, where
        assert said in "".join(after.warnings)
        assert bool(said) == bool(after.warnings)


def test_what_was_fetched_before_takes_no_project_back(sources: Sources, tmp_path: Path) -> None:
    """A project that was brought on from a clone, while the address cannot be reached."""
    origin = make_standard(tmp_path / "origin", FILES)
    git("clone", "-q", str(origin), "clone", cwd=tmp_path)
    sources.open(str(origin))
    change_standard(tmp_path / "clone", {"overlay/common/a.txt": "b\n"})
    address = "https://localhost:1/acme.git"
    kept = sources.cache.of(address).repository
    sources.cache.of(str(origin)).repository.rename(kept)
    git("remote", "set-url", "origin", address, cwd=tmp_path / "clone")
    recorded = sources.open(str(tmp_path / "clone")).recorded
    assert recorded
    assert sources.newest_kept(recorded).recorded == recorded
    _, after = sources.step(recorded, address, tmp_path)
    assert after
    assert after.recorded == recorded
    assert ["What was fetched before is used." in each for each in after.warnings] == [True, False]


def test_an_address_that_cannot_be_reached_is_named_or_done_without(
    sources: Sources, tmp_path: Path
) -> None:
    address = "https://localhost:1/acme.git"
    assert f"`{address}` cannot be fetched" in refused(sources, address)
    folder = make_standard(tmp_path / "acme", FILES)
    git("remote", "add", "origin", address, cwd=folder)
    sources.open(str(folder))
    edition = sources.open(f"{address}@{head(folder)}")
    assert edition.recorded
    assert edition.recorded.url == address
    assert "What was fetched before is used." in edition.warnings[0]


def test_a_token_of_ones_own_configuration_is_used(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pipelines give it; it is neither recorded nor shown."""
    settings = tmp_path / "gitconfig"
    settings.write_text(
        '[url "https://ci:t0ken@localhost:1/"]\n insteadOf = https://example.com/\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    said = refused(sources, "https://example.com/acme")
    assert "connect to localhost port 1" in said
    assert "t0ken" not in said


def test_a_path_that_depends_on_the_place_is_no_address() -> None:
    with pytest.raises(StandardError, match="Give an absolute path"):
        checked_names({"acme": "standard"})
    assert checked_names({"acme": "/srv/acme@v1", "home": "~/acme"})


def test_a_name_stands_for_an_address(tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", {**FILES, "standard.toml": NAMED})
    git("tag", "v1", cwd=folder)
    named = Sources(cache=Cache(tmp_path / "cache"), names={"acme": f"{folder}@v1"})
    edition = named.open("acme")
    assert edition.recorded == RecordedStandard(url=str(folder), commit=head(folder), revision="v1")


@pytest.mark.parametrize("where", ["acme", "acme@main", "PATH", ""])
def test_what_was_fetched_of_a_folder_serves_when_it_is_gone(tmp_path: Path, where: str) -> None:
    """And a line says so; whoever fetches it gets to know by which name it is looked for."""
    folder = make_standard(tmp_path / "acme", FILES)
    sources = Sources(cache=Cache(tmp_path / "cache"), names={"acme": str(folder)})
    where = where.replace("PATH", str(folder))
    first = sources.open(where or "acme")
    assert first.recorded
    folder.rename(tmp_path / "gone")
    named = where or str(folder)
    found = [sources.open(named), sources.kept_of(named)]
    found += [each for each in sources.step(first.recorded, where or None, tmp_path) if each]
    for edition in found:
        assert edition.recorded == first.recorded
    said = f"`acme` is the folder `{folder}` in your configuration, and there is none. "
    for edition in (found[0], found[1], found[-1]):
        (warning,) = edition.warnings
        assert warning.endswith("What was fetched before is used.")
        assert warning.startswith(said)
    with pytest.raises(StandardError) as caught:
        sources.fetch(named)
    assert str(caught.value).startswith(said)


def test_a_folder_that_is_gone_and_was_never_fetched_is_named(tmp_path: Path) -> None:
    names = {"acme": str(tmp_path / "acme")}
    sources = Sources(cache=Cache(tmp_path / "cache"), names=names)
    for use in (sources.open, sources.fetch, sources.kept_of):
        with pytest.raises(StandardError, match=r"`acme` is the folder .* there is none"):
            use("acme")
        with pytest.raises(StandardError, match="`other` is no name in your configuration"):
            use("other")
    assert not (tmp_path / "cache").exists()


def test_an_audit_is_not_told_what_others_could_not_fetch(sources: Sources, tmp_path: Path) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    git("remote", "add", "origin", "https://example.com/acme", cwd=folder)
    assert sources.open(str(folder)).warnings
    assert not sources.kept_of(str(folder)).warnings


def test_a_branch_without_a_commit_is_not_the_whole_repository(
    sources: Sources, tmp_path: Path
) -> None:
    folder = make_standard(tmp_path / "acme", FILES)
    git("symbolic-ref", "HEAD", "refs/heads/other", cwd=folder)
    assert "is on a branch that has no commit yet" in refused(sources, folder)
