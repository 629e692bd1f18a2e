"""Copier alone makes, and keeps current, what stackgen makes: for every combination of options."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from newcomer import run
from option_matrix import (
    COVERING,
    OPTIONS,
    PLAIN,
    ROOT,
    Answers,
    allowed_values,
    label,
    refusal,
)
from template_history import commit, git

from stackgen.template.clone import find_clone
from stackgen.template.loading import load_options
from stackgen.template.options import Options
from stackgen.template.releases import FILE, read_releases

RECORD = ".copier-answers.yml"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the template with two releases: the last one, and this tree."""
    clone = find_clone(ROOT)
    if clone is None or clone.is_shallow:
        pytest.skip("needs a whole clone")
    folder = tmp_path_factory.mktemp("releases") / "stackgen"
    folder.mkdir()
    git("init", "-q", "-b", "main", cwd=folder)
    known = read_releases((ROOT / FILE).read_text("utf-8"))
    archive = ["git", "archive", known[max(known)], "copier.yml", "templates"]
    former = subprocess.run(archive, cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x"], cwd=folder, input=former.stdout, check=True)
    commit(folder, "former")
    git("tag", "v1.0.0", cwd=folder)
    git("rm", "-q", "-r", ".", cwd=folder)
    for name in git("ls-files", "-co", "--exclude-standard", "copier.yml", "templates",
                    cwd=ROOT).splitlines():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    commit(folder, "present")
    git("tag", "v2.0.0", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def former(releases: Path) -> Options:
    """What the former release could be asked for."""
    git("checkout", "-q", "v1.0.0", cwd=releases)
    return load_options(releases)


def copier(*words: str, cwd: Path) -> None:
    run(sys.executable, "-m", "copier", *words, "--defaults", "--quiet", cwd=cwd)


def contents(project: Path) -> dict[str, bytes]:
    names = git("ls-files", "-z", cwd=project).split("\0")
    return {name: (project / name).read_bytes() for name in names if name not in {"", RECORD}}


def known_to(options: Options, row: Answers) -> Answers:
    """The answers of a row that these options allow."""
    known = dict(options.resolve(PLAIN | {"framework": row["framework"]}).values)
    taken = {}
    for name, option in options.settable.items():
        value = row.get(name)
        is_choice = not option.allowed or value in allowed_values(option)
        if name in row and is_choice and not refusal(option, known | {name: value}):
            known[name] = taken[name] = value
    return taken


def data(answers: Answers) -> list[str]:
    return [f"--data={name}={value}" for name, value in answers.items()]


# One of each framework; the others are looked at when there is time.
ROWS = [next(row for row in COVERING if row["framework"] == name) for name in OPTIONS.frameworks]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=label(row), marks=() if row in ROWS else pytest.mark.soak)
        for row in COVERING
    ],
)
def test_a_release_is_followed_without_stackgen(
    row: Answers, releases: Path, former: Options, tmp_path: Path
) -> None:
    """What the former release could not be asked for is chosen with the update."""
    path, fresh = tmp_path / "acme-shop", tmp_path / "fresh" / "acme-shop"
    first = known_to(former, row)
    copier("copy", "--vcs-ref=v1.0.0", *data(first), str(releases), str(path), cwd=tmp_path)
    git("init", "-q", cwd=path)
    commit(path, "made")
    later = {name: value for name, value in row.items() if name not in first}
    copier("update", "--vcs-ref=v2.0.0", *data(later), cwd=path)
    commit(path, "updated")
    recorded = yaml.safe_load((path / RECORD).read_text())
    assert recorded["_commit"] == "v2.0.0"

    answers = tmp_path / "answers.yml"
    given = {name: value for name, value in recorded.items() if not name.startswith("_")}
    answers.write_text(yaml.safe_dump(given))
    copier("copy", "--vcs-ref=v2.0.0", f"--data-file={answers}", str(releases), str(fresh),
           cwd=tmp_path)  # fmt: skip
    git("init", "-q", cwd=fresh)
    commit(fresh, "made")
    assert contents(path) == contents(fresh)
