"""Renders of the template that tests share."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import plumbum
import pytest
from hypothesis import settings
from option_matrix import ROOT, Answers, key
from pytest_copie.plugin import Copie, Result
from rendering import MatchesSnapshot, Project, Render, one_at_a_time
from template_history import TemplateHistory, make_history

from stackgen.signals import NUMBERS
from stackgen.template.compiled import compiling_once
from stackgen.template.rendering import Renderer

# How long an example takes says more about the machine than about the code.
settings.register_profile("stackgen", deadline=None)
settings.load_profile("stackgen")

LONG = 30
"""Seconds."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-snapshots",
        action="store_true",
        help="write the files in tests/snapshots anew",
    )
    parser.addoption(
        "--write-evidence",
        action="store_true",
        help="write what tests/proof/test_combinations.py saw of each choice into the package",
    )


@pytest.fixture(scope="session")
def matches_snapshot(pytestconfig: pytest.Config) -> MatchesSnapshot:
    """Compare what people are shown with a file that a reviewer can read."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests/snapshots" / name
        if pytestconfig.getoption("--update-snapshots"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{name} is missing: run pytest with --update-snapshots and read it"
        assert text == path.read_text(encoding="utf-8")

    return compare


def pytest_configure() -> None:
    """Let Ctrl-C reach what the tests start, also where a shell started them in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # as `nohup` leaves it
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file on one worker, so that they share its renders."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Say what took long as soon as it is through: a run that is cut off shows where it was."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ  # its reports go to the one that prints
    if report.duration > LONG and not is_worker:
        said = f"{report.nodeid} {report.when}: {report.outcome} in {report.duration:.0f} s"
        print(f"\n{said}", file=sys.__stderr__)


@pytest.fixture(scope="session", autouse=True)
def _no_user_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what a person has set for themselves, in Copier or here, out of the tests."""
    folder = tmp_path_factory.mktemp("settings")
    settings = folder / "settings.yml"
    settings.write_text("{}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPIER_SETTINGS_PATH", str(settings))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        yield


@pytest.fixture(autouse=True)
def _process_as_it_was() -> Iterator[None]:
    """Undo what a command does to its whole process, which it expects to end with it.

    Processes that later tests start would inherit ignored signals, and pytest could not be stopped.
    """
    handlers = {number: signal.getsignal(number) for number in NUMBERS}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as a plain folder, as a wheel carries it: no git, no tag, no clone."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(ROOT / "copier.yml", folder)
    ignored = shutil.ignore_patterns("__pycache__", ".ruff_cache", ".mypy_cache")
    shutil.copytree(ROOT / "templates", folder / "templates", ignore=ignored)
    return folder


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a checkout has of the program and its data; tests change copies of it.

    `python -m stackgen` runs it where PYTHONPATH is its `src`. It is compiled, for copies keep the
    times of files, by which Python knows that they need not be compiled each.
    """
    folder = tmp_path_factory.mktemp("program") / "stackgen"
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in ("src", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "copier.yml", folder)
    assert compileall.compile_dir(folder / "src", quiet=1)
    return folder


@pytest.fixture(scope="session")
def try_render(copie_session: Copie, template: Path) -> Callable[[Answers], Result]:
    """Render a project anew and return what pytest-copie saw, errors included."""

    def run(answers: Answers) -> Result:
        # Without git in sight Copier starts no process for every file; the bytes are the same.
        with plumbum.local.env(PATH=os.devnull):
            return copie_session.copy(dict(answers), template_dir=template)

    return run


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of pytest have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def render(try_render: Callable[[Answers], Result], shared_folder: Path) -> Render:
    """Render a project, once for the same answers; tests only read it.

    Each process takes what another has rendered. Copier compiles nothing twice here, which takes
    most of its time: `test_same_answers_give_same_bytes` compares with a render that does.
    """
    folder = shared_folder / "renders"
    folder.mkdir(exist_ok=True)
    projects: dict[str, Project] = {}

    def run(answers: Answers) -> Project:
        name = key(answers)
        if name not in projects:
            place = folder / sha256(name.encode()).hexdigest()[:16]
            with one_at_a_time(place):
                if not place.exists():
                    make(answers, place)
            recorded = json.loads(place.with_suffix(".json").read_text())
            projects[name] = Project(place, recorded)
        return projects[name]

    def make(answers: Answers, place: Path) -> None:
        with compiling_once():
            result = try_render(answers)
        assert result.exception is None, result.exception
        assert result.project_dir is not None
        # pytest-copie passes answers as defaults, so an unknown one vanishes silently.
        recorded: dict[str, Any] = result.answers
        assert {name: recorded.get(name) for name in answers} == dict(answers)
        place.with_suffix(".json").write_text(json.dumps(recorded))
        result.project_dir.rename(place)

    return run


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> TemplateHistory:
    """A small template with six releases."""
    return make_history(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="session")
def pristine(history: TemplateHistory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history.project(tmp_path_factory.mktemp("projects") / "shop", extras=True)


@pytest.fixture(scope="session")
def cached_renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Renderer]]:
    """Copier's own renders, each made once: updates of one project render the same again."""
    folder = tmp_path_factory.mktemp("renders")
    made: dict[str, Path] = {}
    lock = threading.Lock()  # What renders several at a time shares this one.
    with Renderer() as renderer:

        class Cached(Renderer):
            def __enter__(self) -> Self:
                return self

            def render(self, template: Path, destination: Path, values: Answers) -> None:
                name = f"{template.name} {key(values)}"
                with lock:
                    if name not in made:
                        renderer.render(template, folder / str(len(made)), values)
                        made[name] = folder / str(len(made))
                shutil.copytree(made[name], destination)

        yield Cached


@pytest.fixture
def project(
    pristine: Path,
    tmp_path: Path,
    cached_renderer: type[Renderer],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A project of the first of these releases, with every file."""
    monkeypatch.setattr("stackgen.updating.planning.Renderer", cached_renderer)
    monkeypatch.setattr("stackgen.project.several.Renderer", cached_renderer)
    return Path(shutil.copytree(pristine, tmp_path / "shop", symlinks=True))
