"""The commands that README.md names, and what a supervisor and the checks are told."""

{{ 'import os\n' if api else '' }}import re
import runpy

import pytest

from app.environment import ROOT


{% include 'templates/shared/flask/test-dev.py' %}


def test_the_deployment_check_is_green_and_names_what_was_derived(runner):
    result = runner.invoke(args=["check", "--deploy"])
    assert result.exit_code == 0
    assert "SITE_URL is not set: it is https://localhost." in result.output
    assert result.output.endswith("\n0 problems found.\n")


def test_the_deployment_check_sees_what_was_forgotten(make_app):
    runner = make_app(HSTS_SECONDS="0").test_cli_runner()
    result = runner.invoke(args=["check", "--deploy"])
    assert (result.exit_code, "Browsers do not insist on https." in result.output) == (1, True)
    assert runner.invoke(args=["check", "--deploy", "--fail-level", "error"]).exit_code == 0


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_answer_any_host_over_plain_http(client, path):
    answer = client.get(path, base_url="http://10.0.0.7")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


{% include 'templates/shared/flask/test-gunicorn.py' %}
