"""What an update deletes and a project's own code still names is said."""

from __future__ import annotations

import shlex
import subprocess
import time
import warnings

import pytest
from command_line import run
from rendering import write_tree
from template_history import LAST, TAGS, commit

from stackgen.updating import mentions
from stackgen.updating.applying import update
from stackgen.updating.planning import plan_update


def said(project, history, files, tag=LAST, **changes):
    """Return the warnings of an update of a project that has some files of its own."""
    write_tree(project, files)
    commit(project)
    changes = changes or {"database": "sqlite"}
    return plan_update(project, changes, template=history.source(tag)).warnings


def test_a_module_that_goes_and_is_imported_is_named_with_the_way_back(project, history):
    write_tree(project, {"shop.py": "from extras.one import x\n"})
    commit(project)
    result = update(project, {"extras": "false"}, template=history.source(TAGS[0]))
    (warning,) = result.warnings
    assert warning == (
        "`extras/one.py` is deleted with this update, and still used in `shop.py`. Change that, "
        f"or take the file back with `git -C {project} checkout HEAD -- extras/one.py`."
    )
    command = warning.split("`")[-2]
    subprocess.run(shlex.split(command), cwd="/", check=True)  # Wherever the person stands.
    assert (project / "extras/one.py").is_file()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shop.py", "import extras.one\n"),
        ("shop.py", "from extras import (\n    zero,\n    one as first,\n)\n"),
        ("shop.py", "PARTS = ['extras.one.Config']\n"),
        ("shop.py", "PARTS = ['extras.one.a.b.c.d']\n"),
        ("extras/own.py", "from .one import x\n"),
        ("extras/own.py", "from . import one\n"),
        ("extras/deep/own.py", "from ..one import x\n"),
        ("extras/deep/own.py", "def f():\n    from .. import one\n"),
    ],
)
def test_it_is_found_however_it_is_named(project, history, path, text):
    (warning,) = said(project, history, {path: text}, TAGS[0], extras="false")
    assert f"`extras/one.py` is deleted with this update, and still used in `{path}`" in warning


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shop.py", "# from extras.one import x\none = 1\n"),
        ("shop.py", "import extras.oneself, extras\n"),
        ("shop.py", "from extras.one import (\n"),  # in the middle of being written
        ("shop.py", b"from extras.one import x\n\xff\0"),
        ("own/deep.py", "from .one import x\n"),
        ("notes.md", "extras.one and 'extras/one.py'\n"),
        ("shop.py", f"import extras.one\n{'# long' * 200_000}\n"),
    ],
)
def test_what_does_not_name_it_is_not_named(project, history, path, text):
    assert said(project, history, {path: text}, TAGS[0], extras="false") == ()


def test_nothing_is_said_where_nothing_goes(project, history):
    files = {"shop.py": "import extras.one\n"}
    assert said(project, history, files, TAGS[0], database="postgresql") == ()


def test_a_module_that_moved_is_named_too(project, history):
    """git follows the file; what imports it does not."""
    (warning,) = said(project, history, {"shop.py": "from app.models import Note\n"})
    assert "`app/models.py`" in warning
    assert "`shop.py`" in warning


def test_a_file_with_many_texts_is_read_once_for_all_that_goes():
    """Neither many names, nor one of very many parts, make it slow."""
    names = frozenset(f"a{n}.b.c.d.e.f" for n in range(2000)) | {".".join("x" * 200_000)}
    started = time.monotonic()
    for _ in range(10):
        found = mentions._with_packages(names, 3)
    assert time.monotonic() - started < 2
    assert {"a7", "a7.b", "a7.b.c", "a7.b.c.d.e.f", "x.x.x"} <= found
    assert "a7.b.c.d" not in found


def test_what_python_warns_of_in_own_files_is_not_told(project, history):
    text = 'import extras.one\nPATTERN = "\\d"\n'
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = said(project, history, {"shop.py": text}, TAGS[0], extras="false")
    assert len(found) == 1


def test_many_files_are_counted(project, history):
    files = {f"shop{number}.py": "import extras.one\n" for number in range(5)}
    (warning,) = said(project, history, files, TAGS[0], extras="false")
    assert "used in `shop0.py`, `shop1.py`, `shop2.py` and 2 more." in warning


def test_a_page_is_told_of_the_layout_that_it_extends(tmp_path):
    """With the template itself, whose pages may become a front end's."""
    assert run("new", "shop", "--framework", "flask", cwd=tmp_path).returncode == 0
    project = tmp_path / "shop"
    own = {
        "app/shop/templates/shop/list.html": '{% extends "base.html" %}\n',
        "app/shop/views.py": 'page = "notes/form.html"\n',
    }
    write_tree(project, own)
    commit(project)
    found = plan_update(project, {"frontend": "react"}).warnings
    pairs = [
        ("app/notes/templates/notes/form.html", "app/shop/views.py"),
        ("app/templates/base.html", "app/shop/templates/shop/list.html"),
    ]
    assert len(found) == len(pairs)
    for warning, (gone, user) in zip(found, pairs, strict=True):
        assert f"`{gone}` is deleted with this update, and still used in `{user}`." in warning
