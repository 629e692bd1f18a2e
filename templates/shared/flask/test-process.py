def check(place, **variables):
    """Run `flask check` in a process of its own, with these variables alone."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check", "--fail-level", "error"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="Only Linux tells.")
def test_no_file_feeds_production_and_what_the_process_has_counts(place):
    file = "".join(f"{name}={value}\n" for name, value in PRODUCTION.items())
    (place / ".env").write_text(f"{file}FLASK_SKIP_DOTENV=1\n")
    (place / "below").mkdir()
    fed = check(place / "below")
    assert (fed.returncode, "{{ 'SECRET_KEY' if frontend != 'none' else 'ALLOWED_HOSTS' }} is missing" in fed.stderr) == (1, True)
    (place / ".env").write_text(file)
    assert check(place, **PRODUCTION).returncode == 0


def test_the_tools_are_the_same_for_pip_and_uv():
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text(encoding="utf-8"))
    assert project["dependency-groups"]["dev"] == project["project"]["optional-dependencies"]["dev"]
