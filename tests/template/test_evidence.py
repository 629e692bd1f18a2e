"""What is told of a choice was seen, of every choice there is, and with this template."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from option_matrix import CHOSEN, COVERING, OPTIONS, PLAIN

from stackgen.errors import SourceError
from stackgen.template import evidence
from stackgen.template.combinations import possible
from stackgen.template.loading import load_options
from stackgen.template.verification import LEVELS

REMEDY = (
    "run `python -m pytest -m proof tests/proof/test_combinations.py --write-evidence`, "
    "which writes it anew (docs/verify.md)"
)


def test_every_choice_has_its_level_and_nothing_else_has() -> None:
    words = possible(OPTIONS)
    told = {name: list(levels) for name, levels in evidence.evidence().items()}
    assert told == {option.id: list(words[option.id]) for option in CHOSEN}, REMEDY
    assert {level for each in evidence.evidence().values() for level in each.values()} <= {*LEVELS}


def test_the_levels_were_seen_with_this_template() -> None:
    assert evidence.recorded_digest() == evidence.digest(OPTIONS), (
        f"{evidence.FILE.name} is older than the template: {REMEDY}"
    )


def replace(before: str, after: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert before in text
        return text.replace(before, after, 1)

    return change


@pytest.mark.parametrize(
    ("name", "change", "counts"),
    [
        ("copier.yml", replace("    GitLab CI: gitlab\n", "    GitLab: gitlab\n"), True),
        ("copier.yml", replace("default: sqlite", "default: postgresql"), True),
        ("copier.yml", replace("not accounts %}", "not  accounts %}"), False),
        ("copier.yml", lambda text: text + "# A remark.\n", False),
        ("templates/shared/checks-flask.yml", replace("ruff check", "ruff check ."), True),
        ("templates/shared/commands-flask.yml", lambda text: text + "\n", False),
        ("templates/shared/verification-flask.yml", replace("path: /livez", "path: /x"), True),
        ("templates/flask/pyproject.toml.jinja", replace("hatchling>=1.27", "hatchling>=2"), True),
        ("templates/shared/flask/dependencies.toml", lambda text: text + "x\n", True),
        ("templates/flask/wsgi.py", lambda text: text + "x = 1\n", False),
        ("templates/shared/renovate.json", lambda text: text + "\n", False),
    ],
)
def test_what_makes_the_levels_old(
    template: Path, tmp_path: Path, name: str, change: Callable[[str], str], counts: bool
) -> None:
    copy = Path(shutil.copytree(template, tmp_path / "copy"))
    file = copy / name
    file.write_text(change(file.read_text()))
    assert (evidence.digest(load_options(copy)) != evidence.digest(OPTIONS)) is counts


def test_a_file_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(evidence, "FILE", tmp_path / "evidence.json")
    evidence.forget()
    with pytest.raises(SourceError, match="Install stackgen again"):
        evidence.evidence()
    monkeypatch.undo()
    evidence.forget()


def test_whatever_can_be_switched_on_is_asked_for_or_limited() -> None:
    """Nobody forgets to say what a verification sees of an option."""
    asked: set[str] = set()
    limited: set[str] = set()
    for row in COVERING:
        settable = {name: value for name, value in row.items() if name in OPTIONS.settable}
        found = OPTIONS.verification(OPTIONS.resolve(settable, defaults=PLAIN).values)
        assert found
        asked |= {address.option for address in found.addresses}
        limited |= {*found.limits, found.interpreter}
    assert set(OPTIONS.settable) <= asked | limited
    assert asked - {""} <= set(OPTIONS.settable)
    assert limited <= set(OPTIONS.settable)
