"""The page of `stackgen status --html` in a browser: it sorts, and loads and runs nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import QUIET, chromium
from playwright.sync_api import sync_playwright

from stackgen.fleet.survey import Status, Tally
from stackgen.project.drift import Drift, FileDrift
from stackgen.text.fleet_page import Page

pytestmark = pytest.mark.proof

NASTY = "</code></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def status(name: str, tag: str) -> Status:
    files = (FileDrift(path=NASTY, state="edited"),)
    return Status(drift=Drift(path=Path("/c") / name, from_tag=tag, to_tag="v0.10.0", files=files))


def test_a_click_on_a_title_sorts_and_nothing_foreign_runs(tmp_path: Path) -> None:
    projects = [status("b", "v0.9.0"), status(NASTY, "v0.2.0"), status("a", "v0.10.0")]
    paths = [each.drift.path for each in projects]
    report, tally = Page(paths, "v0.10.0", "today", with_forecast=False), Tally()
    for each in projects:
        tally.add(each)
        report.add(each)
    (tmp_path / "page.html").write_text(report.end(tally), encoding="utf-8")
    address = (tmp_path / "page.html").as_uri()
    seen: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = browser.new_page()
        page.on("request", lambda request: seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("dialog", lambda dialog: (seen.append("a dialog"), dialog.dismiss()))
        page.goto(address)

        def versions() -> list[str]:
            return page.locator("tbody td:nth-child(2)").all_inner_texts()

        assert versions() == ["0.9.0", "0.2.0", "0.10.0"]
        page.get_by_role("button", name="Version").click()
        assert versions() == ["0.2.0", "0.9.0", "0.10.0"]
        page.get_by_role("button", name="Version").click()
        assert versions() == ["0.10.0", "0.9.0", "0.2.0"]
        assert page.locator("thead th[aria-sort=descending]").count() == 1
        page.get_by_role("searchbox").fill("0.9")
        assert page.locator("tbody tr:visible").count() == 1
        page.get_by_role("searchbox").fill("")
        assert page.locator("tbody tr:visible").count() == 3
        browser.close()
    assert seen == [address]
