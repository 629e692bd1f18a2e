"""What a build carries, from every kind of source tree."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.proof

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "stackgen/_template/"
BUNDLE = TEMPLATE + "templates.bundle"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def run(*command, cwd, **environment):
    """Run a command without the caller's git configuration and return what it prints."""
    settled = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **{f"GIT_{who}_NAME": "A Person" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "person@example.com" for who in ("AUTHOR", "COMMITTER")},
        **environment,
    }
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **settled}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def build(source, out, target="wheel", wrapper=(), **environment):
    """Build without network or isolation, and return the archive."""
    command = (*wrapper, sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out))
    run(*command, cwd=source, **environment)
    (archive,) = out.iterdir()
    return archive


def contents(archive):
    """Return the bytes of every file in a wheel, by name."""
    with zipfile.ZipFile(archive) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


def carried(archive):
    """Return the carried template of a wheel: bytes and executable bit by name."""
    with zipfile.ZipFile(archive) as wheel:
        return {
            item.filename.removeprefix(TEMPLATE): (
                wheel.read(item),
                bool(item.external_attr >> 16 & 0o100),
            )
            for item in wheel.infolist()
            if item.filename.startswith(TEMPLATE) and item.filename != BUNDLE
        }


def version_of(archive):
    return contents(archive)["stackgen/version.txt"].decode().strip()


def unbundle(archive, folder):
    """Make a bare repository of a wheel's bundle."""
    folder.mkdir()
    (folder / "templates.bundle").write_bytes(contents(archive)[BUNDLE])
    run("git", "clone", "-q", "--mirror", "templates.bundle", "history.git", cwd=folder)
    return folder / "history.git"


def tree(repository, commit):
    """Return the files of a commit: bytes and executable bit by name."""
    archive = subprocess.run(
        ("git", "-c", "tar.umask=0022", "archive", commit),
        cwd=repository,
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        return {
            file.name: (files.extractfile(file).read(), bool(file.mode & 0o100))
            for file in files
            if file.isfile()
        }


def assert_whole(archive, folder):
    """Assert that a wheel's history holds its version exactly as the folder beside it."""
    history = unbundle(archive, folder)
    assert tree(history, f"v{version_of(archive)}") == carried(archive)
    return history


def state(folder):
    """Return all there is in a folder, so that a later write shows."""
    return {
        path.relative_to(folder): (path.lstat().st_mtime_ns, path.lstat().st_mode)
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


@pytest.fixture(scope="session")
def origin(tmp_path_factory):
    """A repository with this tree's files, three releases of the template and a branch."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a checkout")
    origin = tmp_path_factory.mktemp("origin") / "stackgen"
    listed = run("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, origin / name)
    run("git", "init", "-q", "-b", "main", cwd=origin)
    run("git", "config", "uploadpack.allowFilter", "true", cwd=origin)
    release(origin, "v0.9.0")
    (origin / "templates/shared/old name.txt").write_text("first\n" * 40)
    (origin / "templates/shared/run.sh").write_text("#!/bin/sh\n")
    (origin / "templates/shared/run.sh").chmod(0o755)
    release(origin, "v1.0.0rc1")
    run("git", "tag", "v1.0.0", cwd=origin)
    run("git", "tag", "nightly", cwd=origin)
    moved = ("templates/shared/old name.txt", "templates/shared/new-näme.txt")
    run("git", "mv", *moved, cwd=origin)
    (origin / moved[1]).write_text("first\n" * 40 + "second\n")
    release(origin, "v1.1.0")
    (origin / "README.md").write_text("# Changed\n")
    run("git", "commit", "-qam", "docs: change", cwd=origin)
    return origin


def release(repository, tag):
    run("git", "add", "-Af", cwd=repository)
    run("git", "commit", "-qm", tag, cwd=repository)
    run("git", "tag", "-am", tag, tag, cwd=repository)


@pytest.fixture
def clone(origin, tmp_path):
    """A clone with the last release checked out."""
    run("git", "clone", "-q", str(origin), "clone", cwd=tmp_path)
    run("git", "checkout", "-q", "v1.1.0", cwd=tmp_path / "clone")
    return tmp_path / "clone"


def test_wheel_holds_these_files_and_no_other(clone, tmp_path):
    names = run("git", "ls-files", "-z", "src", "copier.yml", "templates", cwd=clone).split("\0")
    code = {name.removeprefix("src/") for name in names if name.startswith("src/")}
    template = {TEMPLATE + name for name in names if name and not name.startswith("src/")}
    parts = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    metadata = {f"stackgen-1.1.0.dist-info/{name}" for name in parts}
    archive = build(clone, tmp_path / "out")
    expected = code | template | metadata | {BUNDLE, "stackgen/version.txt"}
    assert set(contents(archive)) == expected
    assert archive.name == "stackgen-1.1.0-py3-none-any.whl"


def test_history_holds_every_release_as_it_was(clone, tmp_path):
    history = assert_whole(build(clone, tmp_path / "out"), tmp_path / "history")
    tags = run("git", "tag", cwd=history).split()
    assert tags == ["v0.9.0", "v1.0.0", "v1.0.0rc1", "v1.1.0"]
    for tag in tags:
        released = tree(clone, tag)
        template = {n: f for n, f in released.items() if n.startswith(("copier.yml", "templates/"))}
        assert tree(history, tag) == template
    # One commit for every state that the template had, named by the commit that made it so.
    log = run("git", "log", "--format=%s", "--reverse", cwd=history).split()
    made = ("v0.9.0", "v1.0.0rc1", "v1.1.0")
    assert log == [run("git", "rev-parse", f"{tag}^{{commit}}", cwd=clone) for tag in made]
    # A release is the same commit in the history of every later one.
    run("git", "checkout", "-q", "v1.0.0", cwd=clone)
    earlier = assert_whole(build(clone, tmp_path / "out1"), tmp_path / "history1")
    assert run("git", "tag", cwd=earlier).split() == ["v0.9.0", "v1.0.0", "v1.0.0rc1"]
    commits = [run("git", "rev-parse", "v1.0.0", cwd=each) for each in (history, earlier)]
    assert commits[0] == commits[1]


def write(name, text="new\n"):
    return lambda clone: (clone / name).write_text(text)


def commit(clone):
    write("templates/shared/new.txt")(clone)
    run("git", "add", ".", cwd=clone)
    run("git", "commit", "-qm", "feat: new", cwd=clone)


def commit_after_candidate(clone):
    run("git", "checkout", "-q", "v0.9.0", cwd=clone)
    commit(clone)
    run("git", "tag", "v1.0.0rc3", cwd=clone)
    (clone / "templates/shared/new.txt").unlink()
    run("git", "commit", "-qam", "fix: less", cwd=clone)


@pytest.mark.parametrize(
    ("change", "version"),
    [
        pytest.param(lambda _: None, r"1\.1\.0", id="release"),
        pytest.param(commit, r"1\.1\.1\.dev1\+g[0-9a-f]{12}", id="commit", marks=pytest.mark.proof),
        pytest.param(
            commit_after_candidate,
            r"1\.0\.0rc4\.dev1\+g[0-9a-f]{12}",
            id="candidate",
            marks=pytest.mark.proof,
        ),
        pytest.param(
            write("templates/shared/run.sh"),
            r"1\.1\.1\.dev0\+g[0-9a-f]{12}\.dirty\.t[0-9a-f]{12}",
            id="changed",
        ),
        pytest.param(
            write("templates/shared/notes.txt"), r"1\.1\.1\.dev0\+.*\.dirty\..*", id="new file"
        ),
        pytest.param(
            write("src/stackgen/new.py"),
            r"1\.1\.1\.dev0\+.*\.dirty\..*",
            id="new code",
            marks=pytest.mark.proof,
        ),
        pytest.param(
            write("LICENSE"),
            r"1\.1\.1\.dev0\+.*\.dirty\..*",
            id="changed elsewhere",
            marks=pytest.mark.proof,
        ),
        pytest.param(
            lambda clone: (clone / "templates/shared/run.sh").unlink(),
            r"1\.1\.1\.dev0\+.*\.dirty\..*",
            id="deleted",
            marks=pytest.mark.proof,
        ),
        pytest.param(
            lambda clone: (clone / "templates/shared/run.sh").chmod(0o644),
            r"1\.1\.1\.dev0\+.*\.dirty\..*",
            id="mode",
            marks=pytest.mark.proof,
        ),
        pytest.param(
            write("notes.txt"),
            r"1\.1\.0",
            id="new file that no wheel carries",
            marks=pytest.mark.proof,
        ),
    ],
)
def test_version_names_the_source_and_history_holds_it(clone, tmp_path, change, version):
    change(clone)
    archive = build(clone, tmp_path / "out")
    history = assert_whole(archive, tmp_path / "history")
    assert re.fullmatch(version, version_of(archive))
    own = f"v{version_of(archive)}"
    assert run("git", "rev-parse", "HEAD", cwd=history) == run("git", "rev-parse", own, cwd=history)
    template = {n: c for n, (c, _) in carried(archive).items()}
    listed = ("git", "ls-files", "-zco", "--exclude-standard", "copier.yml", "templates")
    names = {name for name in run(*listed, cwd=clone).split("\0") if (clone / name).is_file()}
    assert template == {name: (clone / name).read_bytes() for name in names}


@pytest.mark.proof
def test_two_changed_trees_have_two_versions(clone, tmp_path):
    versions = set()
    for text in ("one\n", "two\n"):
        write("templates/shared/run.sh", text)(clone)
        versions.add(version_of(build(clone, tmp_path / text.strip())))
    assert len(versions) == 2


@pytest.mark.proof
def test_what_a_machine_leaves_behind_is_not_carried(clone, tmp_path):
    ignored = tmp_path / "ignored"
    ignored.write_text("*.md\n*.jinja\n*.yml\n.*\nnew*\n")
    config = tmp_path / "config"
    config.write_text(
        f"[core]\n excludesFile = {ignored}\n autocrlf = true\n attributesFile = {ignored}\n"
        "[commit]\n gpgSign = true\n[i18n]\n commitEncoding = latin1\n"
        "[user]\n signingKey = none\n[core]\n compression = 0\n"
    )
    plain = build(clone, tmp_path / "plain")
    (clone / "templates/django/__pycache__").mkdir()
    for name in ("__pycache__/manage.cpython-311.pyc", "stray.pyc", ".DS_Store"):
        (clone / "templates/django" / name).write_bytes(b"\0")
    assert version_of(plain) == "1.1.0"
    again = build(clone, tmp_path / "again", GIT_CONFIG_GLOBAL=str(config), TZ="Asia/Tokyo")
    version = version_of(again)
    assert contents(again).keys() == {name.replace("1.1.0", version) for name in contents(plain)}
    assert carried(again) == carried(plain)


@pytest.mark.proof
def test_new_file_is_carried_though_the_user_ignores_it_everywhere(clone, tmp_path):
    (tmp_path / "ignored").write_text("*.log\n")
    (tmp_path / "config").write_text(f"[core]\n excludesFile = {tmp_path / 'ignored'}\n")
    write("templates/shared/new.log")(clone)
    archive = build(clone, tmp_path / "out", GIT_CONFIG_GLOBAL=str(tmp_path / "config"))
    assert "templates/shared/new.log" in carried(archive)
    assert ".dirty." in version_of(archive)


def test_symbolic_link_is_refused(clone, tmp_path):
    (clone / "templates/shared/link").symlink_to("run.sh")
    with pytest.raises(AssertionError, match=r"templates/shared/link.*symbolic link"):
        build(clone, tmp_path / "out")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("releases = [", "`releases.toml` is not TOML"),
        (
            '[[releases]]\nversion = "1.0.0"\ncommit = "HEAD"\n',
            "Tag `v1.0.0` names commit `.*`, and `releases.toml` names `.*`, which differs",
        ),
    ],
)
def test_releases_that_cannot_be_told_end_the_build_with_one_line(clone, tmp_path, text, line):
    head = run("git", "rev-parse", "HEAD", cwd=clone)
    (clone / "releases.toml").write_text(text.replace("HEAD", head))
    run("git", "commit", "-qam", "docs: releases", cwd=clone)
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "o"))
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(rf"{line}.*\n", done.stderr)


def test_release_by_its_entry_alone(origin, tmp_path):
    run("git", "clone", "-q", "--no-tags", str(origin), "clone", cwd=tmp_path)
    clone = tmp_path / "clone"
    released = run("git", "rev-parse", "HEAD", cwd=clone)
    with (clone / "releases.toml").open("a") as file:
        file.write(f'\n[[releases]]\nversion = "2.0.0"\ncommit = "{released}"\n')
    run("git", "commit", "-qam", "chore: release 2.0.0", cwd=clone)
    archive = build(clone, tmp_path / "out")
    assert archive.name == "stackgen-2.0.0-py3-none-any.whl"
    history = assert_whole(archive, tmp_path / "history")
    assert run("git", "tag", cwd=history) == "v2.0.0"
    line = run("git", "rev-list", "--first-parent", "HEAD", cwd=clone).split()
    refs = run("git", "for-each-ref", "--format=%(refname:lstrip=2)", "refs/commits", cwd=history)
    assert set(refs.split()) == {name[:12] for name in line}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: None, id="release"),
        pytest.param(write("templates/shared/run.sh"), id="changed", marks=pytest.mark.proof),
    ],
)
def test_sdist_builds_the_same_wheel(clone, tmp_path, change):
    change(clone)
    straight = build(clone, tmp_path / "out")
    unpacked = unpack(build(clone, tmp_path / "sdist", "sdist"), tmp_path / "unpacked")
    before = state(unpacked)
    assert hashes(build(unpacked, tmp_path / "again")) == hashes(straight)
    assert state(unpacked) == before
    # Not even the repository around it changes that.
    run("git", "init", "-q", cwd=unpacked)
    run("git", "add", "-A", cwd=unpacked)
    run("git", "commit", "-qm", "import", cwd=unpacked)
    run("git", "tag", "v7.0.0", cwd=unpacked)
    assert hashes(build(unpacked, tmp_path / "imported")) == hashes(straight)


def unpack(archive, folder):
    with tarfile.open(archive) as sdist:
        sdist.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    return unpacked


def hashes(archive):
    return {name: hashlib.sha256(data).hexdigest() for name, data in contents(archive).items()}


@pytest.mark.proof
def test_patched_sdist_records_what_it_carries(clone, tmp_path):
    unpacked = unpack(build(clone, tmp_path / "sdist", "sdist"), tmp_path / "unpacked")
    write("templates/shared/run.sh", "patched\n")(unpacked)
    history = assert_whole(build(unpacked, tmp_path / "out"), tmp_path / "history")
    assert run("git", "tag", cwd=history).split() == ["v0.9.0", "v1.0.0", "v1.0.0rc1", "v1.1.0"]
    assert tree(history, "v1.0.0") == {
        n: f for n, f in tree(clone, "v1.0.0").items() if n.startswith(("copier", "templates/"))
    }


def test_export_without_history_builds(clone, tmp_path):
    shutil.rmtree(clone / ".git")
    archive = build(clone, tmp_path / "out")
    history = assert_whole(archive, tmp_path / "history")
    assert version_of(archive) == "0.0.0.dev0"
    assert run("git", "tag", cwd=history) == "v0.0.0.dev0"


@pytest.mark.proof
def test_export_within_another_repository_builds(clone, tmp_path):
    shutil.rmtree(clone / ".git")
    run("git", "init", "-q", cwd=tmp_path)
    assert version_of(build(clone, tmp_path / "out")) == "0.0.0.dev0"


@pytest.mark.proof
def test_without_git_an_sdist_still_carries_its_history(clone, tmp_path):
    straight = build(clone, tmp_path / "out")
    unpacked = unpack(build(clone, tmp_path / "sdist", "sdist"), tmp_path / "unpacked")
    without = build(unpacked, tmp_path / "again", PATH=str(tmp_path))
    assert hashes(without) == hashes(straight)
    (unpacked / "templates.bundle").unlink()
    names = set(contents(build(unpacked, tmp_path / "none", PATH=str(tmp_path))))
    assert names == set(contents(straight)) - {BUNDLE}


@pytest.mark.proof
def test_empty_repository_builds(clone, tmp_path):
    shutil.rmtree(clone / ".git")
    run("git", "init", "-q", cwd=clone)
    archive = build(clone, tmp_path / "out")
    assert_whole(archive, tmp_path / "history")
    assert version_of(archive) == "0.0.0.dev0"


@pytest.mark.proof
def test_shallow_clone_builds(origin, tmp_path):
    run("git", "clone", "-q", "--depth=1", f"file://{origin}", "clone", cwd=tmp_path)
    before = state(tmp_path / "clone")
    archive = build(tmp_path / "clone", tmp_path / "out")
    assert_whole(archive, tmp_path / "history")
    # The releases that this repository's own file names are older than all that is there.
    assert re.match(r"\d+\.\d+\.1\.dev1\+g", version_of(archive))
    assert state(tmp_path / "clone") == before


def test_shallow_clone_of_a_release_has_its_version(origin, tmp_path):
    shallow = ("--depth=1", "--branch=v1.1.0", "-c", "advice.detachedHead=false")
    run("git", "clone", "-q", *shallow, f"file://{origin}", "clone", cwd=tmp_path)
    archive = build(tmp_path / "clone", tmp_path / "out")
    assert_whole(archive, tmp_path / "history")
    assert version_of(archive) == "1.1.0"


@pytest.mark.parametrize("kind", ["blob:none", pytest.param("tree:0", marks=pytest.mark.proof)])
def test_partial_clone_builds_the_same_wheel(origin, clone, tmp_path, kind):
    partial = tmp_path / "partial"
    run("git", "clone", "-q", f"--filter={kind}", f"file://{origin}", str(partial), cwd=tmp_path)
    run("git", "checkout", "-q", "v1.1.0", cwd=partial)
    lacking = run("git", "rev-list", "--objects", "--missing=print", "--all", cwd=partial)
    assert "?" in lacking
    before = state(partial)
    archive = build(partial, tmp_path / "out")
    assert state(partial) == before
    assert hashes(archive) == hashes(build(clone, tmp_path / "whole"))


@pytest.mark.proof
def test_partial_clone_whose_origin_is_gone_names_what_is_missing(origin, tmp_path):
    partial = tmp_path / "partial"
    run("git", "clone", "-q", "--filter=blob:none", f"file://{origin}", "partial", cwd=tmp_path)
    run("git", "remote", "set-url", "origin", f"file://{tmp_path}/gone", cwd=partial)
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "o"))
    done = subprocess.run(command, cwd=partial, capture_output=True, text=True, check=True)
    assert "commits are left out of the history" in done.stderr
    (archive,) = (tmp_path / "o").iterdir()
    history = assert_whole(archive, tmp_path / "history")
    assert "v1.0.0" not in run("git", "tag", cwd=history).split()


@pytest.mark.proof
def test_worktree_builds_the_same_wheel(clone, tmp_path):
    run("git", "worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "v1.1.0", cwd=clone)
    archive = build(tmp_path / "tree", tmp_path / "out")
    assert hashes(archive) == hashes(build(clone, tmp_path / "main"))


@pytest.mark.proof
def test_git_hook_that_builds_is_not_mistaken_for_the_source(clone, tmp_path):
    run("git", "init", "-q", "other", cwd=tmp_path)
    pointers = {
        "GIT_DIR": str(tmp_path / "other/.git"),
        "GIT_WORK_TREE": str(tmp_path / "other"),
        "GIT_INDEX_FILE": str(tmp_path / "other/.git/index"),
    }
    assert version_of(build(clone, tmp_path / "out", **pointers)) == "1.1.0"


@pytest.mark.skipif(not AS_ROOT, reason="only root can give files away")
def test_clone_of_another_user_builds_the_same_wheel(clone, tmp_path):
    plain = build(clone, tmp_path / "plain")
    for path in (clone, *clone.rglob("*")):
        os.lchown(path, 54321, 54321)
    before = state(clone)
    assert hashes(build(clone, tmp_path / "out")) == hashes(plain)
    assert state(clone) == before


def test_read_only_clone_builds_the_same_wheel(clone, tmp_path):
    plain = build(clone, tmp_path / "plain")
    wrapper = ()
    if AS_ROOT:  # permissions do not bind root; a mount does
        script = 'mount --bind . . && mount -o remount,ro,bind "$PWD" && cd "$PWD" && exec "$@"'
        wrapper = ("unshare", "--mount", "sh", "-c", script, "sh")
        if subprocess.run([*wrapper, "true"], cwd=clone, check=False).returncode:
            pytest.skip("needs the right to mount")
    else:
        for path in (clone, *clone.rglob("*")):
            path.chmod(path.stat().st_mode & 0o555)
    assert hashes(build(clone, tmp_path / "out", wrapper=wrapper)) == hashes(plain)
    for path in (clone, *clone.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


def test_build_is_deterministic(clone, tmp_path):
    first = build(clone, tmp_path / "first")
    run("git", "repack", "-adfq", "--depth=1", "--window=1", cwd=clone)
    run("git", "tag", "later", cwd=clone)
    (tmp_path / "config").write_text(
        "[pack]\n threads = 2\n compression = 9\n[i18n]\n commitEncoding = latin1\n"
    )
    config = str(tmp_path / "config")
    second = build(clone, tmp_path / "second", GIT_CONFIG_GLOBAL=config, TZ="Asia/Tokyo")
    assert first.read_bytes() == second.read_bytes()
    sdists = [build(clone, tmp_path / name, "sdist").read_bytes() for name in ("third", "fourth")]
    assert sdists[0] == sdists[1]


def test_build_needs_no_library_but_packaging():
    """In an isolated build there is hatchling, which brings that, and nothing else."""
    modules = ("bundle", "clone", "objects", "versions")
    names = ", ".join(f"stackgen.template.{name}" for name in modules)
    code = (
        f"import {names}, sys\n"
        "files = [getattr(module, '__file__', None) or '' for module in sys.modules.values()]\n"
        "libraries = [file.partition('site-packages/')[2] for file in files]\n"
        "print(*sorted({name.partition('/')[0] for name in libraries if name}))"
    )
    loaded = set(run(sys.executable, "-c", code, cwd=ROOT / "src").split())
    assert loaded - {"_distutils_hack"} == {"packaging"}


def test_build_leaves_no_bytecode_beside_the_source(clone, tmp_path):
    build(clone, tmp_path / "out", PYTHONDONTWRITEBYTECODE="")
    assert not list((clone / "src").rglob("*.pyc"))


def install(environment, *source):
    """Install into an environment of its own that sees this one's libraries; return its Python."""
    folder = environment.parent
    run(sys.executable, "-m", "venv", "--without-pip", str(environment), cwd=folder)
    python = environment / "bin/python"
    (site,) = environment.glob("lib/python*/site-packages")
    others = [entry for entry in sys.path if entry.endswith("site-packages")]
    (site / "outer.pth").write_text("".join(f"{entry}\n" for entry in others))
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--ignore-installed")
    pip = (sys.executable, "-m", "pip", "--python", str(python), "install", *options)
    run(*pip, *source, cwd=folder)
    return python


@pytest.mark.proof
def test_every_installation_renders_the_same(clone, origin, tmp_path):
    sdist = build(clone, tmp_path / "sdist", "sdist")
    run("git", "clone", "-q", str(origin), "editable", cwd=tmp_path)
    run("git", "checkout", "-q", "v1.1.0", cwd=tmp_path / "editable")
    pythons = [
        install(tmp_path / "wheel", str(build(clone, tmp_path / "out"))),
        install(tmp_path / "from-sdist", str(sdist)),
        install(tmp_path / "from-git", f"git+file://{origin}@v1.1.0"),
        install(tmp_path / "from-folder", str(clone)),
        install(tmp_path / "from-checkout", "--editable", str(tmp_path / "editable")),
    ]
    renders = [projects(python, tmp_path / "made" / python.parts[-3]) for python in pythons]
    assert {name.split("/")[0] for name in renders[0]} == {"django-site", "flask-site"}
    for render in renders[1:]:
        assert render == renders[0]
    assert renders[0]["django-site/.copier-answers.yml"].count(b"\n_commit: v1.1.0\n") == 1


def projects(python, folder):
    """Make a project of every framework and return their files, but for the secrets."""
    folder.mkdir(parents=True)
    for framework in ("django", "flask"):
        options = ("--defaults", "--no-git", "--quiet", "--framework", framework)
        run(str(python), "-m", "stackgen", "new", f"{framework}-site", *options, cwd=folder)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".env"
    }
