"""Rendering: right for many threads at once, and nothing of the process is touched."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import plumbum
import pytest
from option_matrix import HOSTILES, OPTIONS, Answers
from rendering import Render, write_tree

from stackgen.errors import RenderError
from stackgen.template.rendering import Renderer, get_ready, render

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")

OPTIONS_OF_TINY = """
_subdirectory: "templates/{{ framework }}"
_envops: {undefined: jinja2.StrictUndefined}
framework: {type: str, choices: [one, two], default: one}
name: {type: str, default: shop}
license: {type: str, choices: [mit, none], default: mit}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A template of two trees with a few files, quick to render."""
    return write_tree(
        tmp_path / "tiny",
        {
            "copier.yml": OPTIONS_OF_TINY,
            "templates/one/a.txt.jinja": "one {{ name }}\n" * 200,
            "templates/one/deep/er/b.txt": "plain\n",
            "templates/two/a.txt.jinja": "two {{ name }} {{ license }}\n" * 200,
        },
    )


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """One that has rendered before, and failed before."""
    with Renderer() as renderer:
        yield renderer


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def process_state() -> dict[str, Any]:
    """All that a render could leave behind in its process."""
    state = {
        "environment": dict(os.environ),
        "environment of Copier's library": dict(plumbum.local.env),
        "programs of Copier's library": [str(path) for path in plumbum.local.env.path],
        "directory": os.getcwd(),  # noqa: PTH109 - what a call of chdir changes
        "umask": umask(),
        "search path": list(sys.path),
        "warnings": list(warnings.filters),
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "threads": threading.active_count(),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
    }
    if Path("/proc/self/fd").is_dir():
        state["open files"] = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        state["children"] = workers()
    return state


def workers() -> set[int]:
    """The processes that render for this one."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(folder.joinpath("stat").read_text().rpartition(")")[2].split()[1])
            words = folder.joinpath("cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            continue
        if parent == os.getpid() and b"stackgen.template.worker" in words:
            found.add(int(folder.name))
    return found


@contextmanager
def watched() -> Iterator[None]:
    """Fail where another thread would see a change while it goes on."""
    seen, ended = set(), threading.Event()

    def look() -> None:
        while not ended.wait(0.001):
            lines = Path("/proc/self/status").read_text().splitlines()
            mask = next(line for line in lines if line.startswith("Umask"))
            path = os.environ["PATH"], plumbum.local.env["PATH"]
            seen.add((mask, path, os.getcwd()))  # noqa: PTH109

    thread = threading.Thread(target=look)
    if Path("/proc/self/status").exists():
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if thread.ident:
            thread.join()
    assert len(seen) <= 1


@pytest.mark.proof
def test_threads_render_at_once_what_each_would_alone(
    render: Render, tmp_path: Path, template: Path
) -> None:
    """Real projects, compared with what Copier itself makes of the same answers."""
    matrix: list[Answers] = [
        OPTIONS.resolve(each).values
        for framework, hostile in HOSTILES.items()
        for each in (hostile, {**hostile, "ci": "none", "license": "proprietary"})
    ]
    wrong = {**matrix[0], "license": "beer"}
    alone = [contents(render(values).path) for values in matrix]
    before = process_state()

    def work(number: int) -> None:
        with Renderer() as renderer:
            values = matrix[number % len(matrix)]
            with pytest.raises(RenderError, match="beer"):
                renderer.render(template, tmp_path / f"{number}-wrong", wrong)
            renderer.render(template, tmp_path / str(number), values)

    with watched(), ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(len(matrix))))
    assert process_state() == before
    for number, expected in enumerate(alone):
        made = contents(tmp_path / str(number))
        record = ".copier-answers.yml"
        assert made.keys() == expected.keys()
        assert {name for name in made if made[name] != expected[name]} <= {record}
        assert made[record].splitlines()[2:] == expected[record].splitlines()[2:]


@pytest.mark.proof
@pytest.mark.parametrize("shared", [True, False])
def test_many_renders_of_many_threads_leave_the_process_alone(
    tiny: Path, tmp_path: Path, shared: bool
) -> None:
    before = process_state()

    def work(thread: int, renderer: Renderer) -> None:
        for turn in range(12):
            framework, name = ("one", "two")[(thread + turn) % 2], f"{thread}-{turn}"
            values = {"framework": framework, "name": name, "license": "mit"}
            destination = tmp_path / name
            if turn % 3 == 1:
                with pytest.raises(RenderError, match="Invalid choice"):
                    renderer.render(tiny, destination, {**values, "license": "beer"})
                assert not destination.exists()
            else:
                renderer.render(tiny, destination, values)
                lines = (destination / "a.txt").read_text().splitlines()
                expected = f"{framework} {name}" + (" mit" if framework == "two" else "")
                assert lines == [expected] * 200

    def work_alone(thread: int) -> None:
        with Renderer() as renderer:
            work(thread, renderer)

    with watched(), ThreadPoolExecutor(5) as pool:
        if shared:
            with Renderer() as renderer:
                list(pool.map(lambda thread: work(thread, renderer), range(5)))
        else:
            list(pool.map(work_alone, range(5)))
    assert process_state() == before


def test_a_checkout_is_rendered_as_it_lies_there(
    renderer: Renderer, tiny: Path, tmp_path: Path
) -> None:
    """Copier alone would clone its last tag."""
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"], ["tag", "v1.0.0"]):
        identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
        subprocess.run(["git", *identity, *words], cwd=tiny, check=True)
    write_tree(tiny, {"templates/one/new.txt": "not committed\n"})
    renderer.render(tiny, tmp_path / "shop", {"framework": "one"})
    assert (tmp_path / "shop/new.txt").read_text() == "not committed\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"templates/one/c.jinja": "first\n{% include 'templates/shared/c.md' %}"},
            (
                "The template cannot be rendered: `templates/shared/c.md` is not in it "
                "(`templates/one/c.jinja`, line 2)."
            ),
        ),
        (
            {"templates/one/c.jinja": "\n{{ nmae }}"},
            (
                "The template cannot be rendered: 'nmae' is undefined (`templates/one/c.jinja`, "
                "line 2)."
            ),
        ),
        (
            {"templates/one/c.jinja": "{% if name %}"},
            "The template cannot be rendered: Unexpected end of template.",
        ),
        (
            {"templates/one/c.jinja": b"\xe9"},
            "The template cannot be rendered: a file in it is not UTF-8.",
        ),
        (
            {"copier.yml": "_subdirectory: templates/three\n"},
            "`templates/three` of the template cannot be read: No such file or directory.",
        ),
        (
            {"copier.yml": "a: [\n"},
            "The template cannot be rendered: InvalidConfigFileError: ",
        ),
        (
            {"copier.yml": "_min_copier_version: '99'\n"},
            "The template cannot be rendered: UnsupportedVersionError: This template requires",
        ),
        (
            {"templates/one/c.jinja": "{% for a in range(10 ** 9) %}{% endfor %}"},
            "The template cannot be rendered: OverflowError: Range too big.",
        ),
    ],
)
def test_what_is_wrong_with_a_template_is_told_as_what_it_is(
    renderer: Renderer,
    tiny: Path,
    tmp_path: Path,
    change: dict[str, str | bytes],
    message: str,
) -> None:
    write_tree(tiny, change)
    with pytest.raises(RenderError) as caught:
        renderer.render(tiny, tmp_path / "shop", {"framework": "one"})
    said = str(caught.value)
    assert said.startswith(message.removesuffix("."))
    assert said.endswith("Nothing was kept.")
    assert "\n" not in said
    assert not (tmp_path / "shop").exists()


def test_what_is_wrong_with_the_place_is_told_as_what_it_is(
    renderer: Renderer, tiny: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RenderError, match="The project cannot be written: Not a directory"):
        renderer.render(tiny, tmp_path / "file/shop", {"framework": "one"})


def test_a_missing_copier_is_named(tiny: Path, tmp_path: Path, monkeypatch) -> None:
    fake = write_tree(tmp_path / "fake", {"copier.py": "raise ImportError('No Copier here')"})
    monkeypatch.syspath_prepend(fake)
    with pytest.raises(RenderError, match=r"ImportError: No Copier here\. Nothing was kept"):
        render(tiny, tmp_path / "shop", {"framework": "one"})


def test_without_python_it_says_so(tiny: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(RenderError, match="cannot be started: No such file"):
        render(tiny, tmp_path / "shop", {"framework": "one"})


SLOW = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"


@needs_proc
def test_a_worker_that_is_killed_is_an_error_and_replaced(tiny: Path, tmp_path: Path) -> None:
    write_tree(tiny, {"templates/two/slow.jinja": SLOW})
    others = workers()
    with Renderer() as renderer:
        (worker,) = workers() - others
        killer = threading.Timer(0.5, os.kill, (worker, signal.SIGKILL))
        killer.start()
        with pytest.raises(RenderError, match="ended with exit code -9"):
            renderer.render(tiny, tmp_path / "two", {"framework": "two"})
        killer.join()
        renderer.render(tiny, tmp_path / "one", {"framework": "one"})
    assert (tmp_path / "one/a.txt").is_file()
    assert workers() == others


@needs_proc
def test_an_interrupted_render_writes_nothing_more(tiny: Path, tmp_path: Path) -> None:
    """The caller removes what there is: no other process may still be adding to it."""
    write_tree(tiny, {"templates/two/slow.jinja": SLOW})
    script = (
        "import sys, os\nfrom pathlib import Path\nfrom stackgen.template.rendering import *\n"
        "with Renderer() as renderer:\n"
        "    renderer.render(Path('tiny'), Path('one'), {'framework': 'one'})\n"
        "    print('ready', flush=True)\n"
        "    try: renderer.render(Path('tiny'), Path('two'), {'framework': 'two'})\n"
        "    except KeyboardInterrupt: print(os.listdir('/proc/self/task/%d' % os.getpid()), "
        "open('/proc/self/task/%d/children' % os.getpid()).read() or 'alone', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert "alone" in said


def test_modes_are_those_of_new_files_and_folders(tiny: Path, tmp_path: Path) -> None:
    (tiny / "templates/one/a.txt.jinja").chmod(0o444)
    (tiny / "templates/one/deep/er/b.txt").chmod(0o500)
    (tiny / "templates/one/deep").chmod(0o700)
    before = os.umask(0o027)
    try:
        render(tiny, tmp_path / "shop", {"framework": "one"})
    finally:
        os.umask(before)
    modes = {
        path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "shop").rglob("*")
    }
    assert modes == {
        "shop/a.txt": 0o640,
        "shop/deep": 0o750,
        "shop/deep/er": 0o750,
        "shop/deep/er/b.txt": 0o750,
    }


def test_what_folders_hand_down_stays(renderer: Renderer, tiny: Path, tmp_path: Path) -> None:
    """A folder whose group owns all that is made in it: the setgid bit."""
    place = tmp_path / "team"
    place.mkdir()
    if os.geteuid() == 0:
        os.chown(place, -1, 4321)
    place.chmod(0o2775)
    if not place.stat().st_mode & stat.S_ISGID:
        pytest.skip("this file system keeps no setgid bit")
    renderer.render(tiny, place / "shop", {"framework": "one"})
    for path in (place / "shop", *(place / "shop").rglob("*")):
        assert path.stat().st_gid == place.stat().st_gid
        assert not path.is_dir() or path.stat().st_mode & stat.S_ISGID


# Lets every call that changes a mode fail with EPERM, as some mounts do, for the process and those
# that it starts: a filter of Linux's seccomp(2), over the numbers of chmod, fchmod, fchmodat and
# fchmodat2 on x86-64.
_REFUSE_CHMOD = """
import ctypes, struct, sys
libc = ctypes.CDLL(None)
numbers = (90, 91, 268, 452)
code = [struct.pack("HBBI", 0x20, 0, 0, 0)]
for left, number in zip(range(len(numbers), 0, -1), numbers):
    code.append(struct.pack("HBBI", 0x15, left, 0, number))
code += [struct.pack("HBBI", 6, 0, 0, 0x7FFF0000), struct.pack("HBBI", 6, 0, 0, 0x00050001)]
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
program = Program(len(code), b"".join(code))
refused = libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0)
"""


@pytest.fixture
def refuse_chmod(
    program: Path, tmp_path: Path
) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Run Python code in a process that may change no file's mode.

    The copy of the program is no clone, of which git would be asked for the version.
    """
    check = "import os\ntry: os.chmod('.', 0o700)\nexcept PermissionError: print('refused')\n"

    def run(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", _REFUSE_CHMOD + check + code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(program / "src")},
            capture_output=True,
            text=True,
            check=False,
        )

    if run("").stdout != "refused\n":
        pytest.skip("this system cannot refuse chmod")
    return run


def test_a_mount_that_refuses_modes_gets_a_project_all_the_same(
    refuse_chmod: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = refuse_chmod(
        "from stackgen.cli.app import run\n"
        "sys.exit(run(['new', 'shop', '--defaults', '--quiet', '--no-git']))"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "shop/manage.py").is_file()


@needs_proc
def test_a_process_that_was_started_ahead_is_taken_over_once(tiny: Path, tmp_path: Path) -> None:
    others = workers()
    get_ready()
    ahead = workers() - others
    with Renderer() as first, Renderer() as second:
        assert len(ahead) == 1
        assert len(workers() - others) == 2
        first.render(tiny, tmp_path / "one", {"framework": "one"})
        second.render(tiny, tmp_path / "two", {"framework": "two"})
    assert workers() == others


def test_a_process_that_cannot_be_started_ahead_is_no_error_yet(
    tiny: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    get_ready()
    with pytest.raises(RenderError, match="cannot be started: No such file"):
        render(tiny, tmp_path / "shop", {"framework": "one"})
