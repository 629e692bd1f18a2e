"""What a machine makes of the description: `pytest -m fuzz`, with the extra `fuzz`."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import token_of
from users.models import User

pytestmark = pytest.mark.fuzz


def test_nothing_is_found_that_the_description_forbids(live_server: Any, settings: Any) -> None:
    pytest.importorskip("schemathesis")
    settings.API_LIMIT_TOKEN = settings.API_LIMIT_NETWORK = 0
    token = token_of(User.objects.create_user("fuzz@example.com"))
    # Headers as the proxy in front would send them, and the token
    headers = ["X-Forwarded-Proto: https", f"Authorization: Bearer {token}"]
    found = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", "openapi.json"),
            *("--url", live_server.url, "--checks", "all", "--max-examples", "50", "--seed", "1"),
            *(word for header in headers for word in ("--header", header)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
