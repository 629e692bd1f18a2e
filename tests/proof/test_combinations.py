"""Combinations of options, installed and run: what one option does to the checks of another."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import postgresql
import pytest
from developer import Developer
from newcomer import AS_PROXY, Installed, Project, fetch, pythons, run
from option_matrix import CHOSEN, COVERING, OPTIONS, PLAIN, REMAINING, Answers, label

from stackgen.template import evidence
from stackgen.template.combinations import possible
from stackgen.template.option import shown
from stackgen.template.verification import LEVELS, Level, Verification, lower

MOST_ROWS = 14
DEPLOY = {
    "django": "python manage.py check --deploy --fail-level WARNING"
    " --settings config.settings.production",
    "flask": "flask --app wsgi check --deploy",
}
COMPLETE = {
    "django": "python manage.py makemigrations --check --dry-run",
    "flask": "flask --app wsgi db check",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


def interpreter(least: str) -> tuple[int, str]:
    """The Python of this machine that a project of `least` or later is installed with.

    Where no Python is new enough, the newest there is: what the project says of Python is looked
    at by its linter and its type checker all the same.
    """
    found = {sys.version_info.minor: sys.executable, **pythons(11)}
    enough = [minor for minor in found if minor >= minor_of(least)]
    minor = min(enough) if enough else max(found)
    return minor, found[minor]


def minor_of(version: str) -> int:
    return int(version.partition(".")[2])


class Seen:
    """What was seen of each choice, in the rows that were played to their end."""

    def __init__(self) -> None:
        self.rows: list[Answers] = []
        self.choices: dict[str, dict[str, Level]] = {}

    def take(self, row: Answers, verification: Verification) -> None:
        """Take a project that was installed, passed its checks and answered."""
        self.rows.append(row)
        minor, _ = interpreter(str(row["python"]))
        limits = dict(verification.limits)
        if row["database"] == "postgresql":  # It is here, other than on a person's machine.
            limits.pop("database", None)
        if minor != minor_of(str(row["python"])):
            limits["python"] = "rendered"
        for option in CHOSEN:
            levels = self.choices.setdefault(option.id, {})
            level = limits.get(option.id, LEVELS[-1])
            value = shown(row[option.id])
            levels[value] = max(level, levels.get(value, level), key=LEVELS.index)

    def in_order(self) -> Mapping[str, Mapping[str, Level]]:
        """All of it, as `copier.yml` has options and choices."""
        words = possible(OPTIONS)
        return {
            option.id: {value: self.choices[option.id][value] for value in words[option.id]}
            for option in CHOSEN
        }


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


def verification_of(row: Answers) -> Verification:
    settable = {name: value for name, value in row.items() if name in OPTIONS.settable}
    found = OPTIONS.verification(OPTIONS.resolve(settable, defaults=PLAIN).values)
    assert found
    return found


def play(row: Answers, installed: Installed, folder: Path, uv: str, server: str) -> None:
    """Make the project of a row, run every check that it names, and put it into production."""
    framework, path = str(row["framework"]), folder / PLAIN["project_name"]
    chosen = {name: value for name, value in row.items() if name not in {*PLAIN, "framework"}}
    settable = {name: value for name, value in chosen.items() if name in OPTIONS.settable}
    words = [f"--set={name}={str(value).lower()}" for name, value in settable.items()]
    made = installed.new(path, *words, framework=framework)

    text = (path / "pyproject.toml").read_text()
    minor, python = interpreter(str(row["python"]))
    run(uv, "venv", "--quiet", "--python", python, ".venv", cwd=path)
    extras = "dev,postgresql" if "postgresql = [" in text else "dev"
    project = f".[{extras}]"
    if minor < minor_of(str(row["python"])):
        # Nothing but its own word keeps the project from this Python.
        (path / "pyproject.toml").write_text(
            text.replace(f'requires-python = ">={row["python"]}"', 'requires-python = ">=3.11"')
        )
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "-e", project, cwd=path)
    (path / "pyproject.toml").write_text(text)

    one = Developer(path, framework)
    has_database = row["database"] != "none"
    url = ""
    if row["database"] == "postgresql":
        name = f"row{[*COVERING, *REMAINING].index(row)}"
        url = postgresql.new_database(path, server, name)
        if row == on_sqlite_too(framework):
            one.types("pytest -q")
    # Where npm builds pages there are most tests, and lines are counted in `test_pipelines.py`.
    is_built = OPTIONS.variables(row)["node"]
    checked = one.checks(covered=not is_built, **({"DATABASE_URL": url} if url else {}))

    verification = verification_of(row)
    variables = Project(path, framework, made, database_url=url).production
    own_names = {"ALLOWED_HOSTS", "API_TOKEN_SHA256", "DATABASE_URL"}
    variables |= {
        name: text for name, text in verification.environment.items() if name not in own_names
    }
    *steps, serve = made["next"]["production"]
    complete = [COMPLETE[framework]] if has_database else []
    for step in (*steps[2:], *complete, DEPLOY[framework]):
        if step not in checked:  # What npm installed and built is there.
            one.types(step, **variables)
    with one.serves(serve.replace(":8000", ":{port}"), **variables) as (site, _log):
        assert fetch(f"{site}/readyz").status == 200
        assert fetch(f"{site}/", Host="shop.example").status in {301, 308}
        assert fetch(f"{site}/", **AS_PROXY).status == 200
        has_notes = has_database and row["frontend"] != "none"
        assert fetch(f"{site}/notes/", **AS_PROXY).status in ({200, 302} if has_notes else {404})
        assert fetch(f"{site}/nowhere.txt", **AS_PROXY).status == 404
        for address in verification.addresses:
            answer = fetch(f"{site}{address.path}", **AS_PROXY)
            assert answer.status in address.status, address
            assert address.type in {"", answer.headers.get_content_type()}, address


def on_sqlite_too(framework: str) -> Answers:
    """The row with PostgreSQL whose tests run as they do where there is none, too."""
    return next(
        row for row in COVERING if (row["framework"], row["database"]) == (framework, "postgresql")
    )


def test_a_run_takes_few_rows() -> None:
    """Each choice is in one of the rows, and the run stays within its time."""
    assert len(COVERING) <= MOST_ROWS
    chosen = {(name, value) for row in COVERING for name, value in row.items()}
    everywhere = {(name, value) for row in REMAINING for name, value in row.items()}
    assert everywhere <= chosen


@pytest.mark.parametrize("row", COVERING, ids=label)
def test_what_is_chosen_works_together(
    row: Answers, installed: Installed, tmp_path: Path, uv: str, server: str, seen: Seen
) -> None:
    play(row, installed, tmp_path, uv, server)
    seen.take(row, verification_of(row))


def test_the_evidence_says_what_was_seen(seen: Seen, pytestconfig: pytest.Config) -> None:
    """What `stackgen questions` tells of a choice, this run has seen; `docs/verify.md`."""
    writes = pytestconfig.getoption("--write-evidence")
    if len(seen.rows) < len(COVERING):
        assert not writes, f"only {len(seen.rows)} of {len(COVERING)} rows passed"
        pytest.skip("not every row was played")
    if writes:
        evidence.FILE.write_text(evidence.document(OPTIONS, seen.in_order()))
        evidence.forget()
    told = evidence.evidence()
    better = {
        (name, value): level
        for name, levels in told.items()
        for value, level in levels.items()
        # A Python that another machine has, and this one has not, was seen there.
        if name != "python" and lower(level, seen.in_order()[name][value]) != level
    }
    assert better == {}


@pytest.mark.soak
@pytest.mark.parametrize("row", REMAINING, ids=label)
def test_every_other_pair_works(
    row: Answers, installed: Installed, tmp_path: Path, uv: str, server: str
) -> None:
    play(row, installed, tmp_path, uv, server)
