def test_dev_serves(app, development, monkeypatch):
    served = {}
    monkeypatch.setattr("flask.cli.run_simple", lambda *_, **options: served.update(options))
    monkeypatch.setenv("FLASK_DEBUG", "0")
{% if api %}
    monkeypatch.setenv("API_TOKEN_SHA256", "")
    development.config["SETTINGS"].api_token_sha256 = ()
{% endif %}
    started = development.test_cli_runner().invoke(args=["dev"])
    assert started.exit_code == 0
    assert (served["use_reloader"], served["use_debugger"]) == (True, True)
{% if api %}
    assert re.search(r"until this ends: api_\S{43}\n", started.output)
    assert re.fullmatch("development:write:[0-9a-f]{64}", os.environ["API_TOKEN_SHA256"])
{% endif %}
    monkeypatch.setenv("FLASK_DEBUG", "0")  # which the command set, and which `app` would keep
    refused = app.test_cli_runner().invoke(args=["dev"])
    assert (refused.exit_code, "application of production" in refused.output) == (2, True)
