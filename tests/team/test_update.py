"""An update merges template and standard at once, each from its recorded to its new version."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from command_line import Done, run_here
from standards import LOCKED, NAMED, change_standard, head, make_standard
from template_history import LAST, TAGS, commit, git, snapshot

from stackgen.template import source

Call = Callable[..., Done]
TEXT = "".join(f"team line {number}\n" for number in range(1, 9))
FILES = {
    "overlay/common/team.md": TEXT,
    "overlay/common/settings.py.jinja": "DATABASE = '{{ database }}'\n" + TEXT,
    "overlay/django/docs/guide.md": "the team's own guide\n",
}


@pytest.fixture
def at(history, monkeypatch, capsys):
    """Call the command line as an installation of a release."""

    def installed(tag: str = LAST) -> Call:
        monkeypatch.setattr(source, "installed", lambda: history.source(tag))
        monkeypatch.setattr(source, "template_root", lambda: history.source(tag).root)
        monkeypatch.setattr(source, "version", lambda: tag.removeprefix("v"))
        return run_here(capsys)

    return installed


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    standard = NAMED + '[files]\ndrop = ["legacy.py", "extras"]\n'
    return make_standard(tmp_path / "acme", {"standard.toml": standard, **FILES})


@pytest.fixture
def service(at, project: Path, acme: Path) -> Path:
    """A project of the first release that follows the first commit of the standard."""
    done = at(TAGS[0])("update", project, "--standard", acme)
    assert done.returncode == 0, done.stderr
    commit(project)
    return project


def record(project: Path) -> dict:
    return yaml.safe_load((project / ".copier-answers.yml").read_text())


def configure(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config/stackgen/config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_project_takes_a_standard_on(at, project: Path, acme: Path) -> None:
    done = at(TAGS[0])("update", project, "--standard", acme, "--json")
    assert done.returncode == 0, done.stderr
    assert done.json["standard"] == {"url": str(acme), "from": None, "to": head(acme)}
    states = {each["path"]: each["state"] for each in done.json["files"]}
    assert states["team.md"] == "added"
    assert (states["settings.py"], states["docs/guide.md"]) == ("updated", "updated")
    assert (states["legacy.py"], states["extras/one.py"]) == ("deleted", "deleted")
    assert states["app/main.py"] == "unchanged"
    assert record(project)["_standard"] == {"url": str(acme), "commit": head(acme)}
    assert (project / "settings.py").read_text() == "DATABASE = 'sqlite'\n" + TEXT


def test_template_and_standard_move_in_one_merge(at, service: Path, acme: Path) -> None:
    (service / "team.md").write_text(TEXT.replace("line 1\n", "line 1, mine\n"))
    (service / "app/main.py").write_text(
        (service / "app/main.py").read_text().replace("main line 20\n", "mine\n")
    )
    commit(service)
    new = change_standard(
        acme,
        {"overlay/common/team.md": TEXT.replace("line 8", "line 8, theirs"),
         "overlay/common/more.md": "more\n", "overlay/django/docs/guide.md": None},
    )  # fmt: skip
    plan = at()("update", service, "--standard", acme, "--dry-run", "--json").json
    done = at()("update", service, "--standard", acme, "--json")
    assert done.returncode == 0, done.stderr
    assert done.json == plan
    assert done.json["conflicts"] == []
    states = {each["path"]: each["state"] for each in done.json["files"]}
    assert (states["team.md"], states["more.md"]) == ("merged", "added")
    assert (states["app/main.py"], states["app/api.py"]) == ("merged", "added")
    text = (service / "team.md").read_text()
    assert "line 1, mine" in text
    assert "line 8, theirs" in text
    assert not (service / "legacy.py").exists()
    found = record(service)
    assert (found["_commit"], found["_standard"]["commit"]) == (LAST, new)
    assert at()("update", service, "--undo").returncode == 0
    assert git("status", "--porcelain", cwd=service) == ""


def test_a_conflict_is_the_standards_own(at, service: Path, acme: Path) -> None:
    (service / "team.md").write_text(TEXT.replace("line 4", "line 4, mine"))
    commit(service)
    change_standard(acme, {"overlay/common/team.md": TEXT.replace("line 4", "line 4, theirs")})
    done = at(TAGS[0])("update", service, "--standard", acme, "--json")
    assert (done.returncode, done.json["conflicts"]) == (3, ["team.md"])
    label = f">>>>>>> {TAGS[0]}-with-standard-{head(acme)[:12]}\n"
    assert label in (service / "team.md").read_text()


def test_a_file_that_the_overlay_replaces_never_conflicts_with_the_templates(
    at, service: Path, acme: Path
) -> None:
    """The template changed `settings.py` and took `docs/guide.md` away meanwhile."""
    done = at()("update", service, "--standard", acme, "--json")
    states = {each["path"]: each["state"] for each in done.json["files"]}
    assert (done.returncode, states["docs/guide.md"]) == (0, "unchanged")
    assert (service / "settings.py").read_text().endswith(TEXT)


def test_nothing_to_do_is_nothing_done(at, service: Path, acme: Path) -> None:
    before = snapshot(service)
    done = at(TAGS[0])("update", service, "--standard", acme)
    assert (done.returncode, snapshot(service)) == (0, before)
    assert at(TAGS[0])("update", service, "--standard", acme, "--check").returncode == 0
    change_standard(acme, {"overlay/common/more.md": "more\n"})
    assert at(TAGS[0])("update", service, "--standard", acme, "--check").returncode == 3


def test_an_address_counts_only_where_it_is_named(
    at, service: Path, acme: Path, tmp_path: Path
) -> None:
    before = snapshot(service)
    done = at()("update", service)
    assert (done.returncode, snapshot(service)) == (2, before)
    assert f"records the standard `{acme}`" in done.stderr
    assert "Give it with `--standard`" in done.stderr
    configure(tmp_path, f'[standards]\nother = "{tmp_path}/other"\nacme = "{acme}"\n')
    done = at()("update", service)
    assert done.returncode == 0, done.stderr
    git("reset", "-q", "--hard", cwd=service)
    assert at()("update", service, "--no-config").returncode == 2
    assert at()("update", service, "--standard", "acme").returncode == 0


def test_a_record_that_somebody_changed_leads_nowhere(
    at, service: Path, acme: Path, tmp_path: Path
) -> None:
    evil = make_standard(tmp_path / "evil", {"overlay/common/evil.sh": "evil\n"})
    file = service / ".copier-answers.yml"
    file.write_text(file.read_text().replace(str(acme), str(evil)).replace(head(acme), head(evil)))
    commit(service)
    configure(tmp_path, f'[standards]\nacme = "{acme}"\n')
    assert at()("update", service).returncode == 2
    done = at()("update", service, "--standard", "acme")
    assert done.returncode == 2
    assert "does not hold" in done.stderr
    assert not (service / "evil.sh").exists()


@pytest.mark.parametrize(
    "entry",
    ["3", "{url: x}", "{url: x, commit: main}", "{url: [x], commit: '1'}",
     "{url: x, commit: '1', more: y}",
     "{url: x, commit: " + "1" * 40 + ", revision: 'main~1'}",
     "{url: x, commit: " + "1" * 40 + ", revision: ../../clone/head}",
     "{url: '', commit: " + "1" * 40 + "}"],
)  # fmt: skip
def test_a_malformed_record_is_named(at, service: Path, entry: str) -> None:
    file = service / ".copier-answers.yml"
    lines = [line for line in file.read_text().splitlines() if "  url:" not in line]
    lines = [line for line in lines if "  commit:" not in line and "_standard" not in line]
    file.write_text("\n".join([*lines, f"_standard: {entry}\n"]))
    commit(service)
    done = at()("update", service)
    assert done.returncode == 2
    assert "`_standard` in" in done.stderr


def test_a_tag_stays_and_a_branch_moves(at, project: Path, acme: Path) -> None:
    git("tag", "v1", cwd=acme)
    first = head(acme)
    call = at(TAGS[0])
    assert call("update", project, "--standard", f"{acme}@v1").returncode == 0
    commit(project)
    assert record(project)["_standard"]["revision"] == "v1"
    second = change_standard(acme, {"overlay/common/more.md": "more\n"})
    git("tag", "v2", cwd=acme)
    assert call("update", project, "--standard", acme).returncode == 0
    assert record(project)["_standard"]["commit"] == first
    assert call("update", project, "--standard", f"{acme}@v2").returncode == 0
    assert record(project)["_standard"]["commit"] == second
    commit(project)
    assert call("update", project, "--standard", f"{acme}@main").returncode == 0
    commit(project)
    third = change_standard(acme, {"overlay/common/more.md": "still more\n"})
    assert call("update", project, "--standard", acme).returncode == 0
    assert record(project)["_standard"]["commit"] == third


def test_a_branch_that_is_gone_is_told(at, project: Path, acme: Path) -> None:
    git("branch", "team", cwd=acme)
    call = at(TAGS[0])
    assert call("update", project, "--standard", f"{acme}@team").returncode == 0
    commit(project)
    git("branch", "-D", "team", cwd=acme)
    done = call("update", project, "--standard", acme)
    assert done.returncode == 0
    assert "has no `team` any more: the project stays at commit" in done.stderr


def test_history_that_was_fetched_serves_when_the_branch_was_rewritten(
    at, service: Path, acme: Path
) -> None:
    git("commit", "-q", "--amend", "-m", "other", cwd=acme)
    git("reflog", "expire", "--expire=now", "--all", cwd=acme)
    git("gc", "-q", "--prune=now", cwd=acme)
    done = at(TAGS[0])("update", service, "--standard", acme)
    assert done.returncode == 0, done.stderr
    assert "was rewritten" in done.stderr
    assert record(service)["_standard"]["commit"] == head(acme)


def test_what_is_missing_is_named(
    at, service: Path, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = head(acme)
    git("commit", "-q", "--amend", "-m", "other", cwd=acme)
    git("reflog", "expire", "--expire=now", "--all", cwd=acme)
    git("gc", "-q", "--prune=now", cwd=acme)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    before = snapshot(service)
    done = at(TAGS[0])("update", service, "--standard", acme)
    assert (done.returncode, snapshot(service)) == (2, before)
    assert old in done.stderr
    assert str(acme) in done.stderr


def test_locked_options_come_to_a_project(at, service: Path, acme: Path) -> None:
    change_standard(acme, {"standard.toml": LOCKED.split("[options.ci]")[0]})
    done = at(TAGS[0])("update", service, "--standard", acme)
    assert done.returncode == 0, done.stderr
    assert "`database` has another value now, set by the standard acme" in done.stderr
    assert record(service)["database"] == "postgresql"
    assert (service / "settings.py").read_text().startswith("DATABASE = 'postgresql'\n")
    commit(service)
    done = at(TAGS[0])("update", service, "--standard", acme, "--set", "database=sqlite")
    assert done.returncode == 2
    assert "`database` cannot be `sqlite`: the standard `acme` locks it at" in done.stderr


@pytest.mark.parametrize(
    ("until", "value"), [("2999-01-01", "sqlite"), ("2020-01-01", "postgresql")]
)
def test_an_exception_counts_until_it_has_run_out(
    at, service: Path, acme: Path, until: str, value: str
) -> None:
    (service / "pyproject.toml").write_text(
        '[[tool.stackgen.exceptions]]\nrule = "options.database"\n'
        f'because = "It is read-only."\nuntil = {until}\n'
    )
    commit(service)
    change_standard(acme, {"standard.toml": LOCKED.split("[options.ci]")[0]})
    done = at(TAGS[0])("update", service, "--standard", acme)
    assert done.returncode == 0, done.stderr
    assert record(service)["database"] == value


def test_status_compares_with_both_and_fetches_nothing(
    at, service: Path, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.rename(tmp_path / "moved")
    (service / "team.md").write_text("mine\n")
    (status,) = at(TAGS[0])("status", service, "--json").json
    states = {each["path"]: each["state"] for each in status["files"]}
    assert status["error"] is None
    assert states["team.md"] == "edited"
    assert states["settings.py"] == "same"
    assert "legacy.py" not in states
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    (status,) = at(TAGS[0])("status", service, "--json").json
    assert "is not kept here" in status["error"]
    assert not (tmp_path / "another").exists()


def test_status_tells_what_the_standard_asks_for_now(at, service: Path, acme: Path) -> None:
    """A later commit that was fetched is lag, its rules count, and a forecast merges it."""
    (status,) = at(TAGS[0])("status", service, "--forecast", "--json").json
    assert status["standard"]["behind"] is False
    assert (status["rules"], status["forecast"]["state"]) == ([], "clean")
    former = status["standard"]["commit"]
    text = (acme / "standard.toml").read_text()
    files = text.replace("[files]", '[files]\nrequired = ["docs/runbook.md"]')
    commit_now = change_standard(acme, {"standard.toml": files, "overlay/common/team.md": "new\n"})
    assert at(TAGS[0])("update", service, "--check", "--standard", acme).returncode == 3
    (service / "team.md").write_text("mine\n")
    commit(service)
    done = at(TAGS[0])("status", service, "--forecast", "--only", "failing", "--json")
    (status,) = done.json
    assert done.returncode == 3
    assert status["standard"] == {"url": str(acme), "commit": former, "behind": True}
    assert commit_now != former
    assert [each["rule"] for each in status["rules"]] == ["required:docs/runbook.md"]
    assert status["forecast"]["conflicts"] == ["team.md"]
    said = at(TAGS[0])("status", service).stdout
    assert f"standard {acme} at {former[:12]}, behind\n" in said
    assert "rule     required:docs/runbook.md: `docs/runbook.md` is not there." in said
    (service / "pyproject.toml").write_text(
        '[[tool.stackgen.exceptions]]\nrule = "required:docs/runbook.md"\nbecause = "Later."\n'
    )
    assert at(TAGS[0])("status", service, "--only", "failing", "--json").json == []


def test_what_is_kept_and_older_is_not_later(
    at, service: Path, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine's cache may be behind what a project records: it is not held against that."""
    text = (acme / "standard.toml").read_text()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    now = text.replace("[files]", '[files]\nforbidden = ["team.md"]')
    change_standard(acme, {"standard.toml": now})
    assert at(TAGS[0])("standard", "fetch", acme).returncode == 0
    change_standard(acme, {"standard.toml": text})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert at(TAGS[0])("update", service, "--standard", acme).returncode == 0
    commit(service)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    (status,) = at(TAGS[0])("status", service, "--json").json
    assert status["standard"] == {"url": str(acme), "commit": head(acme), "behind": None}
    assert "is not kept here. `stackgen standard fetch" in status["error"]
    done = at(TAGS[0])("audit", service, "--json")
    assert done.returncode == 3
    (audited,) = done.json
    assert "is not kept here. `stackgen standard fetch" in audited["error"]
    assert audited["rules"] == []
    assert at(TAGS[0])("standard", "fetch", acme).returncode == 0
    git("reset", "-q", "--hard", "HEAD~", cwd=acme)
    assert at(TAGS[0])("standard", "fetch", acme).returncode == 0
    (status,) = at(TAGS[0])("status", service, "--json").json
    assert (status["standard"]["behind"], status["rules"], status["error"]) == (False, [], None)
    assert at(TAGS[0])("audit", service).returncode == 0
    done = at(TAGS[0])("update", service, "--standard", acme)
    assert "an earlier one than the project follows: it stays at commit" in done.stderr
    assert "there is nothing to change" in done.stdout


def test_one_process_renders_the_standards_of_many_projects(
    at, service: Path, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the comparison, the rules and the forecast of each."""
    rule = "[[rules]]\nid = 'name'\nfile = 'n.txt'\nequals = 'common/n.txt.jinja'\n"
    text = (acme / "standard.toml").read_text()
    overlay = {"overlay/common/n.txt.jinja": "{{ project_name }}\n"}
    change_standard(acme, {"standard.toml": text + rule, **overlay})
    assert at(TAGS[0])("update", service, "--standard", acme).returncode == 0
    commit(service)
    other = shutil.copytree(service, tmp_path / "blog", symlinks=True)
    started = []

    def start() -> subprocess.Popen[bytes]:
        started.append(real())
        return started[-1]

    from stackgen.team.jinja import _start as real

    monkeypatch.setattr("stackgen.team.jinja._start", start)
    found = at()("status", service, other, "--forecast", "--json").json
    assert [(each["error"], each["rules"]) for each in found] == [(None, [])] * 2
    assert [each["forecast"]["state"] for each in found] == ["clean"] * 2
    assert len(started) == 1
    assert started[0].poll() is not None


def test_undo_and_standard_do_not_go_together(at, service: Path) -> None:
    done = at()("update", service, "--undo", "--standard", "x")
    assert (done.returncode, "contradict" in done.stderr) == (2, True)
    assert json.dumps(record(service)["_standard"])


def test_a_file_changes_hands_without_a_conflict(at, service: Path, acme: Path) -> None:
    """From the overlay to the template, as it is replaced or dropped no more, and back again."""
    assert not (service / "legacy.py").exists()
    change_standard(
        acme, {"standard.toml": NAMED, "overlay/common/settings.py.jinja": None,
               "overlay/common/team.md": None},
    )  # fmt: skip
    done = at(TAGS[0])("update", service, "--standard", acme, "--json")
    assert (done.returncode, done.json["conflicts"]) == (0, [])
    assert (service / "legacy.py").is_file()
    assert not (service / "team.md").exists()
    assert "team line" not in (service / "settings.py").read_text()
    commit(service)
    change_standard(acme, {"overlay/common/legacy.py": "ours\n"})
    done = at(TAGS[0])("update", service, "--standard", acme, "--json")
    assert (done.returncode, done.json["conflicts"]) == (0, [])
    assert (service / "legacy.py").read_text() == "ours\n"
    commit(service)
    done = at()("update", service, "--standard", acme, "--json")  # The template drops it.
    assert (done.returncode, (service / "legacy.py").read_text()) == (0, "ours\n")


def test_edits_of_a_file_that_the_standard_takes_away_are_kept(
    at, service: Path, acme: Path
) -> None:
    (service / "team.md").write_text(f"{TEXT}mine\n")
    commit(service)
    change_standard(acme, {"overlay/common/team.md": None})
    done = at(TAGS[0])("update", service, "--standard", acme, "--json")
    assert (done.returncode, done.json["conflicts"]) == (3, ["team.md"])
    assert (service / "team.md").read_text() == f"{TEXT}mine\n"


def test_a_project_changes_to_another_standard(at, service: Path, acme: Path, tmp_path) -> None:
    other = make_standard(tmp_path / "other", {"overlay/common/team.md": TEXT + "other\n"})
    before = snapshot(service)
    done = at(TAGS[0])("update", service, "--standard", other)
    assert (done.returncode, snapshot(service)) == (2, before)
    assert "the recorded address below `[standards]`" in done.stderr
    configure(tmp_path, f'[standards]\nacme = "{acme}"\n')
    done = at(TAGS[0])("update", service, "--standard", other, "--json")
    assert (done.returncode, done.json["conflicts"]) == (0, [])
    assert done.json["standard"]["to"] == head(other)
    assert (service / "team.md").read_text() == TEXT + "other\n"
    assert (service / "legacy.py").is_file()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"overlay/common/new.jinja": "{{ nothing }}"}, "`common/new.jinja` of the overlay"),
        ({"overlay/common/TEAM.md": "x"}, "one and the same on some systems"),
        ({"overlay/common/app": "x"}, "one and the same on some systems"),
        ({"standard.toml": "name = 1"}, "`name` is `1`"),
        ({"standard.toml": NAMED + "[options.nothing]\nvalue = 1\n"}, "does not fit"),
    ],
)
def test_a_commit_that_breaks_is_refused(
    at, service: Path, acme: Path, files: dict[str, str], said: str
) -> None:
    change_standard(acme, files)
    before = snapshot(service)
    for words in ((), ("--dry-run",)):
        done = at(TAGS[0])("update", service, "--standard", acme, *words)
        assert (done.returncode, snapshot(service)) == (2, before)
        assert said in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_newest_commit_that_breaks_hides_nothing_of_a_project(
    at, service: Path, acme: Path
) -> None:
    """A refused fetch leaves what `status` and `audit` go by; one line says what is broken."""
    former = record(service)["_standard"]["commit"]
    broken = change_standard(acme, {"standard.toml": 'name="x'})
    named = f"Commit {broken[:12]} of the standard `{acme}` cannot be used: `standard.toml`: it"
    for words in (
        ("standard", "fetch", acme),
        ("update", service, "--standard", acme),
        ("audit", service, "--standard", acme),
    ):
        done = at(TAGS[0])(*words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert named in done.stderr
    (service / "team.md").write_text("mine\n")
    commit(service)
    for count in (1, 2):
        done = at()("status", *[service] * count, "--forecast", "--json")
        status = done.json[0]
        assert status["error"] is None
        assert (status["from"], status["behind"]) == (TAGS[0].removeprefix("v"), True)
        assert status["standard"] == {"url": str(acme), "commit": former, "behind": False}
        assert {"path": "team.md", "state": "edited"} in status["files"]
        assert named in status["forecast"]["reason"]  # As the update itself would be refused.
        assert done.stderr.count(named) == 1
    done = at(TAGS[0])("audit", service, service, "--json")
    assert [each["error"] for each in done.json] == [None, None]
    assert done.stderr.count(named) == 1


@pytest.mark.parametrize("words", [("status", "--forecast"), ("audit",)])
def test_what_keeps_a_standard_from_being_read_is_told_in_words(
    at, service: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path / "nowhere"))
        (one,) = at(TAGS[0])(words[0], service, *words[1:], "--json").json
    assert one["error"] == "git cannot be run: it is not on `PATH`. Install git."
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ("x" * 300)))
    (one,) = at(TAGS[0])(words[0], service, *words[1:], "--json").json
    assert one["error"].endswith(
        "cannot be read: it is too long, or a name in it is. Standards are kept there."
    )
