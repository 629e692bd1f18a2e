"""A browser that looks at pages as people do: narrow and wide, light and dark, by keyboard."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
)

HOST = "shop.example"
SITE = f"https://{HOST}"
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
# The width at which WCAG 2.2 (1.4.10, Reflow) wants pages to do without sideways scrolling.
REFLOW = 320
HEIGHT = 900
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # it would add styles to the page, which the policy refuses
}
# Chromium looks for updates and services of its maker unless it is told not to.
QUIET = [
    *("--disable-background-networking", "--disable-client-side-phishing-detection"),
    *("--disable-component-update", "--disable-default-apps", "--disable-domain-reliability"),
    *("--disable-gpu", "--disable-quic", "--disable-sync", "--metrics-recording-only"),
    *("--no-first-run", "--no-sandbox"),
]
INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary"


def chromium() -> str:
    """The program of the system's Chromium; skips where there is none, fails where CI lacks it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and a check in CI must have it.")
        pytest.skip("Chromium is not installed (Debian's package: chromium)")
    return found


def launch(playwright: Playwright, port: int) -> Browser:
    """Start a browser that finds the site at `port` of this machine, and no other host at all."""
    hosts = ", ".join(f"MAP {name}:443 127.0.0.1:{port}" for name in (HOST, f"*.{HOST}"))
    return playwright.chromium.launch(
        executable_path=chromium(),
        args=[*QUIET, f"--host-resolver-rules={hosts}, MAP * ~NOTFOUND"],
    )


@dataclass
class Visitor:
    """Somebody with a browser, and everything that went wrong while they looked."""

    context: BrowserContext
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Rules of axe that somebody else's pages are known to break."""
    hosts: set[str] = field(default_factory=lambda: {HOST})
    """Where the pages may ask for anything."""
    statuses: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Listen to whatever a page may complain about."""
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.fault(f"script failed: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def fault(self, what: str) -> None:
        """Note what is wrong with the page at hand."""
        self.faults.append(f"{self.page.url}: {what}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith("data:") and urlsplit(request.url).netloc not in self.hosts:
            self.fault(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        is_expected = response.request.is_navigation_request() and response.status in self.statuses
        if response.status >= 400 and not is_expected:
            self.fault(f"{response.url} answered {response.status}")

    def _console(self, message: ConsoleMessage) -> None:
        # The browser reports answers with an error here as well; they are looked at above.
        is_answer = message.text.startswith("Failed to load resource: the server responded with")
        if message.type in {"error", "warning"} and not is_answer:
            self.fault(f"console: {message.text}")

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """Let pages answer with an error while the block runs."""
        self.statuses.add(status)
        yield
        self.statuses.discard(status)

    def go(self, path: str, status: int = 200) -> Response:
        """Visit an address of the site."""
        with self.expecting(status):
            response = self.page.goto(SITE + path)
            assert response is not None
            assert response.status == status, f"{path} answered {response.status}"
        return response

    def send(self, form: Locator | None = None, status: int = 200) -> None:
        """Send a form as it stands, also where the browser itself would find a fault in it."""
        form = form or self.page.locator("main form").first
        form.evaluate("form => { form.noValidate = true }")
        with self.expecting(status), self.page.expect_navigation() as answer:
            form.locator("[type=submit]").first.click()
        assert answer.value is not None
        assert answer.value.status == status, f"{self.page.url} answered {answer.value.status}"

    def links(self) -> list[str]:
        """Paths of this site that the page links to, in order."""
        urls = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        parts = [urlsplit(urldefrag(url).url) for url in urls]
        return [part._replace(scheme="", netloc="").geturl() for part in parts
                if part.netloc == HOST]  # fmt: skip


def kind(path: str) -> str:
    """The page that a path leads to: the same for every row, filter and order of a table."""
    address, _, query = path.partition("?")
    page = "?page" if re.search(r"(?:^|&)page=", query) else ""
    return re.sub(r"/\d+(?=/)", "/N", address) + page


def look(visitor: Visitor) -> None:
    """Look at the page at hand in every width and scheme; what is wrong joins the faults."""
    page = visitor.page
    page.evaluate(AXE_SCRIPT)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
            _measure(visitor, width)
            for found in page.evaluate("rules => axe.run(rules)", RULES)["violations"]:
                if found["id"] in visitor.known:
                    continue
                nodes = "; ".join(node["html"][:120] for node in found["nodes"][:3])
                visitor.fault(f"axe, {width}, {scheme}: {found['id']}: {found['help']}: {nodes}")
    page.set_viewport_size({"width": REFLOW, "height": HEIGHT})
    _measure(visitor, REFLOW)
    page.set_viewport_size({"width": WIDTHS[-1], "height": HEIGHT})


def _measure(visitor: Visitor, width: int) -> None:
    wide = visitor.page.evaluate("document.scrollingElement.scrollWidth")
    if wide > width:
        visitor.fault(f"scrolls sideways: {wide} in a window of {width}")


def crawl(
    visitor: Visitor, start: str, belongs: Callable[[str], bool] = lambda _path: True
) -> set[str]:
    """Follow every link from `start` to where it `belongs`; look at each kind of page once.

    Returns the kinds of pages.
    """
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        if kind(path) in seen or not belongs(path):
            continue
        seen.add(kind(path))
        visitor.go(path)
        look(visitor)
        waiting += visitor.links()
    return seen


def walk_by_keyboard(visitor: Visitor) -> list[str]:
    """Press Tab through the page; returns what cannot be reached, or not be seen to have focus."""
    page = visitor.page
    page.evaluate("document.activeElement.blur()")
    wanted = page.locator(INTERACTIVE)
    waiting = {
        index: wanted.nth(index).evaluate("element => element.outerHTML.slice(0, 90)")
        for index in range(wanted.count())
        if wanted.nth(index).is_visible()
    }
    faults = []
    for _press in range(len(waiting) + 1):
        page.keyboard.press("Tab")
        state = page.evaluate(FOCUS, INTERACTIVE)
        # A page may begin in the middle, with the first field of a form: then Tab comes round once.
        if state["element"].startswith("<body") and waiting:
            continue
        if not waiting:
            break
        what = waiting.pop(state["index"], None)
        if what is None:
            faults.append(f"Tab leads away or back: {state['element']}")
            continue
        if state["style"] in {"none", "hidden"} or state["width"] < 2:
            faults.append(f"focus is not visible: {what}")
        elif contrast(state["outline"], state["ground"]) < 3:
            faults.append(f"focus is too faint: {what}: {state['outline']} on {state['ground']}")
        if not state["shown"]:
            faults.append(f"has focus outside of the window: {what}")
    return faults + [f"Tab never reaches it: {what}" for what in waiting.values()]


FOCUS = """interactive => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  let around = element.parentElement ?? element;
  while (around.parentElement && getComputedStyle(around).backgroundColor === "rgba(0, 0, 0, 0)") {
    around = around.parentElement;
  }
  return {
    element: element.outerHTML.slice(0, 90),
    index: [...document.querySelectorAll(interactive)].indexOf(element),
    style: style.outlineStyle,
    width: parseFloat(style.outlineWidth),
    outline: style.outlineColor,
    ground: getComputedStyle(around).backgroundColor,
    shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
  };
}"""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it; both are written `rgb(r, g, b)`."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in parts]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
