@pytest.fixture
def handlers():
    """The handlers of signals of this process, put back afterwards."""
    names = [name for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.fixture
def frontend(tmp_path, monkeypatch, handlers):
    """A folder in place of `frontend/`, in which npm is a script that says how it was called."""
    (tmp_path / "package-lock.json").touch()
    program = (
        "import os, pathlib, sys, time;"
        "here = pathlib.Path('node_modules'); here.mkdir(exist_ok=True);"
        "called = pathlib.Path('calls').open('a'); print(*sys.argv[1:], file=called, flush=True);"
        "sys.argv[1] == 'ci' and (here / '.package-lock.json').touch();"
        "print(os.environ.get('BACKEND'), file=called, flush=True);"
        "sys.argv[1] == 'run' and time.sleep(float(os.environ.get('LASTS', '60')))"
    )
    monkeypatch.setattr(npm, "FRONTEND", tmp_path)
    monkeypatch.setattr(npm, "command", lambda *args: [sys.executable, "-c", program, *args])
    return tmp_path


def calls(frontend, number):
    """Return what npm was called with, once it was called so often."""
    for _ in range(200):
        lines = (frontend / "calls").read_text().splitlines()
        if len(lines) >= 2 * number:
            break
        time.sleep(0.05)
    return lines


def test_vite_runs_beside_the_server_and_ends_with_it(frontend):
    for number in (2, 3):
        with vite.running("--port", "5199", BACKEND="http://127.0.0.1:8000"):
            lines = calls(frontend, number)
        assert lines[-2:] == ["run dev -- --port 5199", "http://127.0.0.1:8000"]
    assert [line for line in lines if line == "ci"] == ["ci"], "it is installed once"


def serve_until_interrupted():
    with vite.running(), suppress(KeyboardInterrupt):
        time.sleep(30)
        pytest.fail("Nothing interrupted the server.")


def test_the_server_ends_with_vite(frontend, monkeypatch):
    monkeypatch.setenv("LASTS", "0.1")
    with pytest.raises(vite.Ended, match="Vite has ended with 0"):
        serve_until_interrupted()


def test_npm_is_that_of_this_environment(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    first, last = npm.environment()["PATH"].split(os.pathsep)
    assert (first, last) == (str(Path(sys.executable).parent), "/nowhere")
    monkeypatch.setattr(npm.shutil, "which", lambda *_, **__: None)
    with pytest.raises(SystemExit, match="npm is not installed"):
        npm.command("ci")
