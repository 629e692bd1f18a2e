"""Screenshots of both starters: `python docs/pictures/starters.py DJANGO FLASK`.

The two are projects that stackgen made, each with its tools installed in `.venv`. Needs the extra
`test`, for the browser, and Debian's package `chromium`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
PERSON = {"DJANGO_SUPERUSER_EMAIL": "ann@example.org", "DJANGO_SUPERUSER_PASSWORD": "Oolong-1912!"}
NOTES = {
    "Oolong from Alishan": "Twelve boxes came in today. Two of them go to the tasting on Friday.",
    "Opening hours": "Closed on Monday: the floor is oiled.",
}


@contextmanager
def _served(project: Path, *command: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    words = [str(project / ".venv/bin" / command[0]), *command[1:], port]
    with subprocess.Popen(words, cwd=project, start_new_session=True) as server:
        try:
            _wait_for(int(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, 15)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing listens on port {port}.")


def _write_notes(page: Page, site: str) -> None:
    for title, text in NOTES.items():
        page.goto(f"{site}/notes/new/")
        page.get_by_label("Title").fill(title)
        page.get_by_label("Text").fill(text)
        page.locator("main form [type=submit]").click()
    page.goto(f"{site}/notes/")


def _django(page: Page, project: Path) -> None:
    python = project / ".venv/bin/python"
    with _served(project, "python", "manage.py", "dev") as site:
        command = [str(python), "manage.py", "createsuperuser", "--no-input"]
        subprocess.run(command, cwd=project, env={**os.environ, **PERSON}, check=True)
        page.goto(f"{site}/accounts/login/")
        page.get_by_label("Email").fill(PERSON["DJANGO_SUPERUSER_EMAIL"])
        page.locator("input[type=password]").fill(PERSON["DJANGO_SUPERUSER_PASSWORD"])
        page.locator("main form [type=submit]").click()
        _write_notes(page, site)
        page.screenshot(path=HERE / "django.png")


def _flask(page: Page, project: Path) -> None:
    with _served(project, "flask", "dev", "--port") as site:
        _write_notes(page, site)
        page.screenshot(path=HERE / "flask.png")


def main(django: Path, flask: Path) -> None:
    """Write the screenshots beside this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        size = {"width": 800, "height": 420}
        _django(browser.new_page(viewport=size), django)
        _flask(browser.new_page(viewport=size, color_scheme="dark"), flask)
        browser.close()


if __name__ == "__main__":
    main(*(Path(word).resolve() for word in sys.argv[1:3]))
