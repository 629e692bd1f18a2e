"""A developer in the first week of a product: what they type, and what they look at."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from browser import QUIET, chromium
from newcomer import AS_PROXY, clean_environment, fetch, free_port, install, run, serving
from playwright.sync_api import Page, Route, sync_playwright

WRITTEN = Path(__file__).parent / "weeks"
"""What the developers wrote, a folder a framework."""
TOOLS = ("pytest", "ruff check", "ruff format", "mypy", "djangofmt", "deptry")


@dataclass
class Developer:
    """Somebody in the folder of a project, with its environment activated."""

    path: Path
    framework: str

    def types(self, command: str, *, status: int = 0, **variables: str) -> str:
        """Type a command into a shell; returns what it printed."""
        done = run("sh", "-c", command, cwd=self.path, check=False, **self._activated(variables))
        assert done.returncode == status, f"{command} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    @contextmanager
    def serves(self, command: str, **variables: str) -> Iterator[tuple[str, Path]]:
        """Keep a server running; yields its address and the file of what it prints."""
        port = free_port()
        command = command.format(port=port)
        with serving(command, self.path, port, **self._activated(variables)) as log:
            yield f"http://127.0.0.1:{port}", log
        log.unlink()

    def writes(self, *names: str) -> None:
        """Put files of the week into the project."""
        for name in names:
            source, target = WRITTEN / self.framework / name, self.path / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            target.parent.mkdir(parents=True, exist_ok=True)
            copy(source, target, **({"dirs_exist_ok": True} if source.is_dir() else {}))

    def edits(self, name: str, before: str, after: str) -> None:
        """Replace the one place of a text in a file."""
        path = self.path / name
        text = path.read_text()
        assert text.count(before) == 1, f"{name} has {text.count(before)} times {before!r}"
        path.write_text(text.replace(before, after))

    def releases(self, folder: Path, uv: str) -> Developer:
        """Clone what is committed to where a server would have it, and install it there."""
        run("git", "clone", "--quiet", str(self.path), str(folder), cwd=self.path.parent)
        install(uv, folder, ".")
        return Developer(folder, self.framework)

    def checks(self, *, covered: bool = True, **variables: str) -> list[str]:
        """Run every check that the README names, and return them.

        Tests that are counted by lines take twice their time: a week does without.
        """
        text = (self.path / "README.md").read_text()
        section = re.search(r"(?ms)^## Check it\n.*?^```shell\n(.*?)^```", text)
        assert section
        commands = section[1].splitlines()
        has_templates = "djangofmt" in (self.path / "pyproject.toml").read_text()
        tools = [tool for tool in TOOLS if tool != "djangofmt" or has_templates]
        assert all(any(tool in command for command in commands) for tool in tools)
        for command in commands:
            self.types(command if covered else command.replace(" --cov", ""), **variables)
        return commands

    def allows_other_hosts(self) -> None:
        """Copy what the README says on scripts and images from elsewhere, as it is."""
        text = (self.path / "README.md").read_text()
        section = re.search(r"(?ms)^### Scripts and images from elsewhere\n(.*?)(?=^#)", text)
        assert section
        found = re.findall(r"(?ms)the end of `([\w./]+)`:\s+^```python\n(.*?)^```", section[1])
        ((name, block),) = found
        with (self.path / name).open("a") as file:
            file.write("\n" + block)

    def _activated(self, variables: dict[str, str]) -> dict[str, str]:
        places = [str(self.path / ".venv" / "bin"), clean_environment()["PATH"]]
        return {"PATH": os.pathsep.join(places), **variables}


@contextmanager
def browsing() -> Iterator[Page]:
    """A browser for which two hosts elsewhere have a chart and a picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        context = browser.new_context()
        context.set_default_timeout(15_000)
        context.route("https://*.example.com/**", _elsewhere)
        yield context.new_page()
        browser.close()


def _elsewhere(route: Route) -> None:
    if route.request.url.endswith(".js"):
        text = 'document.getElementById("chart").textContent = "chart drawn";'
        route.fulfill(body=text, content_type="text/javascript")
    else:
        text = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'
        route.fulfill(body=text, content_type="image/svg+xml")


def uploads_and_downloads(page: Page, site: str, manual: Path) -> None:
    """Add a product with its manual, whose name could be imported, and get that back as a file."""
    page.goto(f"{site}/shop/new/")
    page.get_by_label("Category").select_option(label="Tea")
    page.get_by_label("Name").fill("Oolong")
    page.get_by_label("Price").fill("3.50")
    page.get_by_label("Manual").set_input_files(manual)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Oolong").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Manual").click()
    assert download.value.path().read_bytes() == manual.read_bytes()


def production_answers(site: str, *, private: bool) -> None:
    """What a release says behind its proxy: to visitors, to a program, and of what is private."""
    assert fetch(f"{site}/readyz").status == 200
    assert fetch(f"{site}/shop/", **AS_PROXY).status == 200
    missing = fetch(f"{site}/nothing/", Accept="application/json", **AS_PROXY)
    assert missing.status == 404
    assert missing.headers["Content-Type"] == "application/problem+json"
    assert fetch(f"{site}/shop/sales/", **AS_PROXY).status == (302 if private else 200)


def strangers_and_programs(site: str, *, private: bool = True) -> None:
    """What somebody without a session gets: the list, no address for programs, the webhook."""
    assert fetch(f"{site}/shop/").status == 200
    if private:
        refused = fetch(f"{site}/shop/api/products/", Accept="application/json")
        assert refused.status == 401
        assert refused.headers["Content-Type"] == "application/problem+json"
    sent = fetch(
        f"{site}/shop/paid/", method="POST", data=b'{"order": "a1"}',
        Content_Type="application/json",
    )  # fmt: skip
    assert (sent.status, sent.body) == (200, "a1")
