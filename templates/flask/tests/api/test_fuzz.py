"""What a machine makes of the schema: `pytest -m fuzz`, with the extra `fuzz`."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from app.api.models import ApiToken
from app.environment import ROOT
from app.extensions import alembic, db
from tests.api.conftest import make_program

pytestmark = pytest.mark.fuzz


@pytest.fixture
def server(make_app, tmp_path):
    """A server of its own, whose requests come from a proxy; its address, and a token."""
    app = make_app(
        ALLOWED_HOSTS="127.0.0.1",
        API_LIMIT_NETWORK="0",
        API_LIMIT_TOKEN="0",
        DATABASE_URL=f"sqlite:///{tmp_path}/fuzz.sqlite3",
        TRUSTED_PROXY_COUNT="1",
    )
    with app.app_context():
        alembic.upgrade()
        program = make_program(app, db.session, *owners())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", program.secret
    server.shutdown()
    thread.join()


def owners():
    """Return a new user, where there are users."""
    if not hasattr(ApiToken, "owner"):
        return []
    return [import_module("tests.accounts.people").make_user(db.session)]


def test_nothing_is_found_that_the_schema_forbids(server):
    pytest.importorskip("schemathesis")
    address, token = server
    found = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", "openapi.json"),
            *("--url", address, "--header", "X-Forwarded-Proto: https"),
            *("--checks", "all", "--max-examples", "50", "--seed", "1"),
        ],
        cwd=ROOT,
        env={**os.environ, "API_TOKEN": token},  # `schemathesis.toml` has its place
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
