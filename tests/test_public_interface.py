"""stackgen as a library: what is promised is there, and does the whole job."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import stackgen


def test_every_promised_name_is_there() -> None:
    for name in stackgen.__all__:
        assert getattr(stackgen, name).__doc__


def test_type_checkers_see_the_same_names_in_the_same_places() -> None:
    (block,) = (
        node
        for node in ast.parse(Path(stackgen.__file__).read_text()).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    )
    seen = {
        alias.asname: f"{node.module}.{alias.name}" for node in block.body for alias in node.names
    }
    assert seen == {name: f"stackgen.{home}.{name}" for name, home in stackgen._HOME_OF.items()}
    assert set(stackgen.__all__) == set(seen)


def test_no_module_hides_a_promised_name() -> None:
    """Importing a module sets it as an attribute of its package, and so over a function's name."""
    package = Path(stackgen.__file__).parent
    modules = {path.stem for path in package.iterdir()}
    assert not modules & set(stackgen.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute `nothing`"):
        stackgen.nothing  # noqa: B018 - looking it up is the test


def test_a_name_loads_its_own_module_and_no_other_of_ours() -> None:
    script = "import sys; from stackgen import load_questionnaire; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert not {"copier", "jinja2", "yaml", "stackgen.updating", "stackgen.project"} & loaded


def test_a_project_is_made_without_the_command_line(tmp_path: Path) -> None:
    options = stackgen.load_options(stackgen.template_root())
    decision = stackgen.decide(
        {"scope": "many-modules", "style": "ready-structure", "data": "linked-tables",
         "backoffice": "from-day-one", "accounts": "few-or-company", "output": "pages"},
        {},
        questionnaire=stackgen.load_questionnaire(),
        options=options,
        defaults={"project_name": "shop", "year": 2026},
    )  # fmt: skip
    assert (decision.framework, decision.by) == ("django", "answers")
    made = stackgen.generate(tmp_path / "shop", decision.resolved.values, with_git=False)
    assert "manage.py" in made.paths
