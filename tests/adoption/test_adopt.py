"""A project without its record is found again, by what is in it."""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import pytest
import yaml
from command_line import run_here
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from template_history import LAST, PERSON, TAGS, commit, git, snapshot, start_merge

from stackgen.adoption.adopt import adopt
from stackgen.changes import transaction
from stackgen.errors import ProjectError, RenderError
from stackgen.project.drift import drift
from stackgen.template.drafts import NoDraftError
from stackgen.template.loading import load_options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.source import PUBLIC_URLS, Source
from stackgen.updating.applying import update


@pytest.fixture
def call(capsys):
    return run_here(capsys)


@pytest.fixture(autouse=True, scope="module")
def _renders_once(cached_renderer):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stackgen.adoption.adopt.Renderer", cached_renderer)
        patch.setattr("stackgen.project.several.Renderer", cached_renderer)
        patch.setattr("stackgen.updating.planning.Renderer", cached_renderer)
        yield


@pytest.fixture(autouse=True)
def _person(monkeypatch):
    for name, value in PERSON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def lost(history, tmp_path):
    """A project of the third release, with options, whose record is gone."""
    values = {"extras": True, "database": "postgresql", "theme": "dark", "year": 2019}
    project = history.project(tmp_path / "shop", "v1.2.0", **values)
    (project / ANSWERS_FILE).unlink()
    commit(project, "without a record")
    return project


def test_version_and_options_are_found_and_the_answers_file_alone_is_written(lost, history):
    before, head = snapshot(lost), git("rev-parse", "HEAD", cwd=lost)
    adopted = adopt(lost, template=history.source(LAST))
    assert (adopted.tag, adopted.framework, adopted.behind) == ("v1.2.0", "django", True)
    assert adopted.options | {"year": 0} == {
        "framework": "django",
        "project_name": "shop",
        "database": "postgresql",
        "extras": True,
        "ci": "github",
        "theme": "dark",
        "year": 0,
    }
    assert adopted.counts == {"same": len(before)}
    after = snapshot(lost)
    record = yaml.safe_load(after.pop(ANSWERS_FILE)[1])
    assert after == before
    assert (record["_commit"], record["_src_path"]) == ("v1.2.0", PUBLIC_URLS[0])
    assert git("rev-parse", "HEAD", cwd=lost) == head
    assert git("status", "--porcelain", cwd=lost) == f"?? {ANSWERS_FILE}"
    (compared,) = drift([lost], template=history.source(LAST))
    assert (compared.error, compared.drifted) == (None, ())


def test_what_cannot_be_drafted_is_rendered_by_copier(lost, history, monkeypatch):
    """As a version of another shape would be."""

    def refuse(*_: object) -> None:
        raise NoDraftError

    monkeypatch.setattr("stackgen.template.drafts.Drafts.files", refuse)
    adopted = adopt(lost, dry_run=True, template=history.source(LAST))
    assert (adopted.tag, adopted.options["theme"]) == ("v1.2.0", "dark")
    assert set(adopted.counts) == {"same"}


def test_nothing_is_written_where_that_is_asked_for(lost, history):
    before = snapshot(lost)
    adopted = adopt(lost, dry_run=True, template=history.source(LAST))
    assert (adopted.tag, adopted.written) == ("v1.2.0", False)
    assert snapshot(lost) == before


def test_the_commit_is_of_that_file_alone_and_update_goes_on_from_there(lost, history):
    main = lost / "app/main.py"
    main.write_text(main.read_text().replace("main line 20\n", "mine\n"))
    (lost / "README.md").unlink()
    commit(lost, "edits")
    with (lost / "settings.py").open("a") as file:
        file.write("STAGED = 1\n")
    git("add", "settings.py", cwd=lost)
    (lost / "own.txt").write_text("of nobody's business\n")
    adopted = adopt(lost, commit=True, template=history.source(LAST))
    states = {file.path: file.state for file in adopted.files if file.state != "same"}
    assert states == {"app/main.py": "edited", "README.md": "missing", "settings.py": "edited"}
    assert 0.9 < adopted.likeness["app/main.py"] < 1
    assert git("show", "--name-only", "--format=%s", cwd=lost).split("\n") == [
        "Follow stackgen v1.2.0",
        "",
        ANSWERS_FILE,
    ]
    assert git("status", "--porcelain", cwd=lost) == "M  settings.py\n?? own.txt"
    git("checkout", "-q", "HEAD", "settings.py", cwd=lost)
    updated = update(lost, template=history.source(LAST))
    assert updated.conflicts == ()
    assert "mine\n" in main.read_text()
    assert "main line 24 1.5\n" in main.read_text()
    assert not (lost / "README.md").exists()
    assert yaml.safe_load((lost / ANSWERS_FILE).read_text())["theme"] == "dark"


def test_what_plain_copier_recorded_is_taken_over(lost, history):
    """It records where it copied from, which is no address of stackgen's."""
    record = (
        "# Mine\n_src_path: /home/me/template\ndatabase: postgresql  # as ops want it\n"
        "extras: true\nframework: django\nproject_name: shop\ntheme: dark\ngone: 1\nyear: 2019\n"
        "_own: kept\n"
    )
    (lost / ANSWERS_FILE).write_text(record)
    (lost / "settings.py").unlink()  # Nothing else tells the database.
    adopted = adopt(lost, template=history.source(LAST))
    assert (adopted.tag, adopted.options["database"]) == ("v1.2.0", "postgresql")
    text = (lost / ANSWERS_FILE).read_text()
    assert text.startswith("# Mine\n")
    assert "database: postgresql  # as ops want it\n" in text
    found = yaml.safe_load(text)
    assert (found["_src_path"], found["_commit"]) == (PUBLIC_URLS[0], "v1.2.0")
    assert (found["_own"], found["year"], "gone" in found) == ("kept", 2019, False)
    commit(lost)
    assert update(lost, template=history.source(LAST)).to_tag == LAST


def test_a_recorded_value_that_makes_no_sense_is_found_anew(lost, history):
    (lost / ANSWERS_FILE).write_text("database: oracle\nframework: rails\nextras: true\n")
    adopted = adopt(lost, template=history.source(LAST))
    assert (adopted.framework, adopted.options["database"]) == ("django", "postgresql")
    assert yaml.safe_load((lost / ANSWERS_FILE).read_text())["database"] == "postgresql"


def test_a_version_that_no_other_build_knows_is_replaced_by_the_nearest(project, history):
    record = project / ANSWERS_FILE
    dirty = "v1.0.1.dev3+g0123456789ab.dirty.t0123456789ab"
    record.write_text(record.read_text().replace("_commit: v1.0.0", f"_commit: {dirty}"))
    assert adopt(project, template=history.source(LAST)).tag == "v1.0.0"


def test_the_installed_version_goes_before_one_that_renders_the_same(history, tmp_path):
    """The fifth release and the sixth make the same project without the more of both."""
    project = history.project(tmp_path / "shop", LAST, extras=True)
    (project / ANSWERS_FILE).unlink()
    adopted = adopt(project, template=history.source(LAST))
    assert (adopted.tag, adopted.behind) == (LAST, False)


def test_without_a_history_the_installed_version_is_found(history, tmp_path):
    project = history.project(tmp_path / "shop", LAST)
    (project / ANSWERS_FILE).unlink()
    alone = Source(root=history.source(LAST).root, tag=LAST, history=None)
    assert adopt(project, template=alone).tag == LAST


def test_line_ends_of_another_system_make_no_difference(lost, history):
    for path in lost.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    adopted = adopt(lost, template=history.source(LAST))
    assert (adopted.tag, set(adopted.counts)) == ("v1.2.0", {"same"})


def test_a_project_within_a_repository_is_committed_there(history, tmp_path):
    top = tmp_path / "repository"
    project = history.project(top / "services/shop", "v1.3.0")
    shutil.rmtree(project / ".git")
    (project / ANSWERS_FILE).unlink()
    git("init", "-q", "-b", "main", cwd=top)
    commit(top)
    assert adopt(project, commit=True, template=history.source(LAST)).tag == "v1.3.0"
    assert git("status", "--porcelain", cwd=top) == ""
    assert git("show", "--name-only", "--format=", cwd=top) == f"services/shop/{ANSWERS_FILE}"


def refused(path: Path, history, **more) -> str:
    before = snapshot(path) if path.is_dir() else {}
    with pytest.raises(ProjectError) as caught:
        adopt(path, template=history.source(LAST), **more)
    assert (snapshot(path) if path.is_dir() else {}) == before
    return str(caught.value)


def test_one_that_follows_already_is_refused(project, history):
    assert "follows 1.0.0 already" in refused(project, history)


@pytest.mark.parametrize(
    "later",
    [
        "v99.0.0",
        "v99.0.0.dev3+g0123456789ab",
        "v99.0.0.dev3+g0123456789ab.dirty.t0123456789ab",
    ],
)
def test_the_record_of_a_later_version_stays(project, history, later):
    record = project / ANSWERS_FILE
    record.write_text(record.read_text().replace("_commit: v1.0.0", f"_commit: {later}"))
    commit(project)
    for commits in (False, True):
        message = refused(project, history, commit=commits)
        assert later in message
        assert f"this is stackgen {LAST}" in message
        assert message.endswith("Upgrade stackgen.")


def test_a_version_stays_that_another_build_of_this_stackgen_knows(project, history):
    """Without its history nobody can tell whether the installed version is nearer."""
    alone = Source(root=history.source(LAST).root, tag=LAST, history=None)
    before = snapshot(project)
    with pytest.raises(ProjectError, match="Install it from a clone"):
        adopt(project, template=alone)
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("_kept: 5", "_kept"),
        ("_standard: {url: https://git.example.com/s.git, commit: zz}", "_standard"),
        ("_standard: true", "_standard"),
    ],
)
@pytest.mark.parametrize("follows", [True, False])
def test_a_broken_entry_that_cannot_be_found_anew_is_refused(
    project, history, entry, name, follows
):
    """It says what updates leave alone, or whose standard it is: no file tells that."""
    record = project / ANSWERS_FILE
    text = record.read_text()
    record.write_text(
        f"{text if follows else text.replace('_src_path: ', '_src_path: /x')}{entry}\n"
    )
    message = refused(project, history)
    assert f"`{name}` in `{record}`" in message
    assert message.endswith("Or remove that entry.")


@pytest.mark.parametrize(
    "said",
    ["", "_commit: v1.2.0\n", "_commit: null\n", "_commit: 5\n", "_commit: v1.2.0-3-g0123456\n"],
)
@pytest.mark.parametrize("address", ["", f"_src_path: {PUBLIC_URLS[0]}\n", "_src_path: [x]\n"])
@pytest.mark.proof
def test_a_record_that_was_mended_can_be_followed(lost, history, said, address):
    record = lost / ANSWERS_FILE
    record.write_text(f"{address}{said}extras: maybe\ngone: 1\n_kept: [mine.txt]\n")
    assert adopt(lost, template=history.source(LAST)).tag == "v1.2.0"
    (compared,) = drift([lost], template=history.source(LAST))
    assert (compared.error, compared.drifted) == (None, ())
    assert yaml.safe_load(record.read_text())["_kept"] == ["mine.txt"]


def test_half_of_the_files_must_be_there(lost, history):
    for path in [path for path in lost.rglob("*") if path.is_file()]:
        if ".git" not in path.parts and path.parent.name != "app":
            path.unlink()
    message = refused(lost, history)
    assert "near to no version" in message
    # What is left speaks for no option that brings more files.
    assert re.search(
        r"is 1\.2\.0 with django, and of its 1\d files 3 are the same, 0 edited", message
    )


def test_other_repositories_are_refused(history, tmp_path):
    foreign = tmp_path / "foreign"
    (foreign / "app").mkdir(parents=True)
    assert "nothing in common" in refused(foreign, history)
    (foreign / "app/main.py").write_text("print('hello')\n")
    (foreign / "settings.py").write_text("# Of another origin\n")
    assert "nothing in common" in refused(foreign, history)
    assert "not a directory" in refused(tmp_path / "none", history)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf# mine\r\n_src_path: /x  # from here\r\ntheme: dark\r\n_own: 1\r\n",
        b"%YAML 1.1\n--- # mine\ntheme: &name dark\n_own: >\n  a\n  b\n...\n",
        b'{"theme": "dark", "_own": [1], "year": 0xfffffffffffffffff}',
        b"_own:\n  # mine\n  - .nan\n\n\n'theme': dark",
        b'recommendation: "[x"\n_own: "\\ud83d\\ude00"\n',
    ],
)
def test_an_odd_answers_file_is_mended_and_ones_own_stays(lost, history, content):
    record = lost / ANSWERS_FILE
    record.write_bytes(content)
    assert adopt(lost, template=history.source(LAST)).options["theme"] == "dark"
    (compared,) = drift([lost], template=history.source(LAST))
    assert (compared.error, compared.drifted) == (None, ())
    text = record.read_bytes()
    before, after = (yaml.safe_load(each.decode("utf-8-sig")) for each in (content, text))
    assert repr(after["_own"]) == repr(before["_own"])
    assert (b"# mine" in text) == (b"# mine" in content)
    assert text.count(b"\r\n") in {0, text.count(b"\n")}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<<<<<<< HEAD\n_commit: v1\n=======\n", "cannot be read"),
        (b"- a list\n", "not a mapping"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x: &a [1]\ny: *a\n", "aliases are not allowed"),
    ],
)
def test_an_answers_file_that_cannot_be_read_is_refused(lost, history, content, said):
    (lost / ANSWERS_FILE).write_bytes(content)
    message = refused(lost, history)
    assert said in message
    assert "delete it" in message


def test_a_link_in_the_place_of_the_answers_file_is_refused(lost, history):
    (lost / ANSWERS_FILE).symlink_to("/etc/passwd")
    assert "symbolic link" in refused(lost, history)


def test_it_is_committed_only_where_that_can_be(lost, history, monkeypatch):
    start_merge(lost, legacy="theirs\n")
    assert "middle of a merge" in refused(lost, history, commit=True)
    git("merge", "--abort", cwd=lost)
    for name in PERSON:
        if "NAME" in name or "EMAIL" in name:
            monkeypatch.delenv(name)
    assert "knows no author" in refused(lost, history, commit=True)
    shutil.rmtree(lost / ".git")
    assert "in no git repository" in refused(lost, history, commit=True)


def test_what_fails_at_the_end_leaves_all_as_it_was(lost, history, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = snapshot(lost), git("rev-parse", "HEAD", cwd=lost)
    monkeypatch.setattr(transaction, "_make", fail)
    for commits in (False, True):
        with pytest.raises(RenderError, match="No space left"):
            adopt(lost, commit=commits, template=history.source(LAST))
        assert (snapshot(lost), git("rev-parse", "HEAD", cwd=lost)) == before
        assert git("status", "--porcelain", cwd=lost) == ""


def test_a_file_that_may_not_be_read_is_named(lost, history):
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    (lost / "app/main.py").chmod(0)
    with pytest.raises(RenderError, match=r"app/main\.py"):
        adopt(lost, template=history.source(LAST))


def test_the_command_says_what_it_found(lost, history, call, monkeypatch):
    monkeypatch.setattr("stackgen.template.source.installed", lambda: history.source(LAST))
    (lost / "legacy.py").unlink(missing_ok=True)
    (lost / "app/models.py").write_text("mine\n")
    done = call("adopt", lost, "--dry-run", "--json")
    assert (done.returncode, done.json["version"], done.json["error"]) == (0, "1.2.0", None)
    assert done.json["options"]["theme"] == "dark"
    states = {file["path"]: file["state"] for file in done.json["files"]}
    assert states["app/models.py"] == "edited"
    assert not (lost / ANSWERS_FILE).exists()
    done = call("adopt", lost)
    assert done.returncode == 0
    assert f"{lost} follows 1.2.0; files: " in done.stdout
    assert "  edited   app/models.py (8% of its lines)\n" in done.stdout
    assert "  theme: dark\n" in done.stdout
    assert f"git -C {lost} add --force {ANSWERS_FILE}" in done.stderr
    assert f"stackgen update {lost} --dry-run" in done.stderr
    done = call("adopt", lost, "--json")
    assert (done.returncode, done.json["files"], done.json["version"]) == (2, [], None)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
@pytest.mark.proof
def test_a_project_is_found_whatever_its_options_and_edits(history, tmp_path_factory, seed):
    chance = random.Random(seed)  # noqa: S311 - no secret
    tag = chance.choice(TAGS)
    options = load_options(history.source(tag).root)
    values = {"framework": "django", "project_name": chance.choice(["shop", "acme-web", "b2"])}
    for name, option in options.settable.items():
        if option.allowed and name != "framework":
            values[name] = option.parse(chance.choice(option.allowed))
    project = history.project(tmp_path_factory.mktemp("found") / "project", tag, **values)
    (project / ANSWERS_FILE).unlink()

    def assert_found(states: set[str]) -> None:
        adopted = adopt(project, dry_run=True, template=history.source(LAST))
        assert (adopted.tag, set(adopted.counts)) == (tag, states)
        found = dict(adopted.options)
        for name in ("ci", "year"):  # Nothing that is rendered depends on these.
            found.pop(name, None), values.pop(name, None)
        assert found == values

    assert_found({"same"})
    (project / "docs").rename(project / "documents")
    for path in (path for path in project.rglob("*.*") if path.is_file()):
        if ".git" not in path.parts and path.suffix != ".bin":
            lines = path.read_text().splitlines(keepends=True)
            lines.insert(chance.randrange(len(lines) + 1), f"mine {chance.random()}\n")
            path.write_text("".join(lines))
    assert_found({"edited", "same", "missing"})
