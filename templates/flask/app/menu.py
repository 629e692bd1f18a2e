"""The menus of the site: each part adds its pages."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flask import Flask, current_app, request


class Entry(NamedTuple):
    """A page in the menu: its label, its endpoint, and who sees the entry."""

    label: str
    endpoint: str
    shown: Callable[[], bool] = lambda: True


class Link(NamedTuple):
    """An entry as a page shows it; `current` is a value of `aria-current`, or empty."""

    label: str
    url: str
    current: str


def init_app(app: Flask) -> None:
    """Give templates of `app` the menu, and the templates that are shown behind it."""
    app.extensions["menu"] = defaultdict(list)
    app.extensions["menu_templates"] = []
    app.jinja_env.globals.update(menu=links, menu_templates=app.extensions["menu_templates"])


def add(app: Flask, entry: Entry, menu: str = "main") -> None:
    """Put a page into a menu, once its blueprint is registered."""
    # Every page shows the menu: `url_for` would look the same address up each time.
    rule = next(app.url_map.iter_rules(entry.endpoint))
    app.extensions["menu"][menu].append((entry, rule.rule))


def add_template(app: Flask, name: str) -> None:
    app.extensions["menu_templates"].append(name)


def links(menu: str = "main") -> Iterator[Link]:
    root, here = request.root_path, request.path
    for entry, path in current_app.extensions["menu"][menu]:
        if entry.shown():
            part = "true" if here.startswith(path) else ""
            yield Link(entry.label, root + path, "page" if here == path else part)
