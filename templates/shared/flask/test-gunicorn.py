def test_gunicorn_serves_nothing_unsafe(monkeypatch, server):
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    monkeypatch.setenv("FLASK_SKIP_DOTENV", "")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("{{ 'SECRET_KEY", "short' if frontend != 'none' else 'ALLOWED_HOSTS", "*' }}")
    gunicorn = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert (gunicorn["workers"], gunicorn["keepalive"]) == (3, 75)
    starting = type("Server", (), {"app": type("App", (), {"app_uri": "wsgi:app"})})
    with pytest.raises(SystemExit, match="{{ 'SECRET_KEY has 5 characters' if frontend != 'none' else 'ALLOWED_HOSTS cannot hold' }}"):
        gunicorn["on_starting"](starting)


def test_what_gunicorn_asks_is_whether_this_is_production(development):
    runner = development.test_cli_runner()
    result = runner.invoke(args=["check", "--deploy", "--fail-level", "error"])
    assert (result.exit_code, "not the application of production" in result.output) == (1, True)


def test_each_protection_names_a_test_that_exists():
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert named
    for file, name in named:
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")
