"""The rules by which the templates stay readable; `docs/template.md` explains them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from option_matrix import COMBINATIONS, OPTIONS, ROOT, Answers

TEMPLATES = ROOT / "templates"
SHARED = TEMPLATES / "shared"
SUFFIX = ".jinja"
ANSWERS_FILE = "{{ _copier_conf.answers_file }}.jinja"
CACHES = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}

FRONT_END = re.compile(r"(?<=/)\{\{ [a-z]+ \}\}/")
"""A folder that is named by an option of that name, alike in each tree (test_front_ends.py)."""

SETTINGS = {"_min_copier_version", "_subdirectory", "_envops", "_exclude"}
ATTRIBUTES = {"type", "help", "choices", "default", "validator", "when", "ask"}
ALWAYS_EXCLUDED = ["__pycache__", "*.py[co]", ".DS_Store", "~*"]

OPENING = {"autoescape", "block", "call", "filter", "for", "if", "macro", "with"}

JINJA = Environment(  # noqa: S701 - no HTML is rendered here
    loader=FileSystemLoader(ROOT),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def all_files() -> list[Path]:
    files = [path for path in TEMPLATES.rglob("*") if not path.is_dir() or path.is_symlink()]
    return sorted(path for path in files if not CACHES & set(path.parts))


def is_rendered(path: Path) -> bool:
    """Whether Copier renders the file; everything shared is, through an include."""
    return path.suffix == SUFFIX or path.is_relative_to(SHARED)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = all_files()
RENDERED = [path for path in FILES if is_rendered(path)]
CONFIGURATION: dict[str, Any] = yaml.safe_load((ROOT / "copier.yml").read_text())
EXCLUSIONS: list[str] = CONFIGURATION.get("_exclude", [])
QUESTIONS = {name: entry for name, entry in CONFIGURATION.items() if not name.startswith("_")}

Rule = Callable[[Path], None]


def of_each(paths: Sequence[Path]) -> Callable[[Rule], Callable[[], None]]:
    """Make one test of a rule for many files; it names each file that breaks the rule, and how.

    As tests of their own they would take longer to be called than to be read.
    """

    def decorate(rule: Rule) -> Callable[[], None]:
        def test() -> None:
            faults = {}
            for path in paths:
                try:
                    rule(path)
                except AssertionError as fault:
                    faults[named(path)] = str(fault)
            assert paths
            assert not faults, "\n".join(f"{name}: {said}" for name, said in faults.items())

        test.__doc__ = rule.__doc__
        return test

    return decorate


each_file = of_each(FILES)
each_rendered = of_each(RENDERED)


# --- names ---------------------------------------------------------------------------------


@each_file
def test_path_has_no_statement(path: Path) -> None:
    """A listing shows the project: what is conditional stands in `_exclude`.

    Front ends are the exception, each a folder whose name is computed.
    """
    name = FRONT_END.sub("frontend/", named(path))
    assert "{%" not in name
    assert "{" not in name.removesuffix(ANSWERS_FILE)
    assert "}" not in name.removesuffix(ANSWERS_FILE)


@each_file
def test_path_is_legal_on_windows(path: Path) -> None:
    reserved = {"con", "prn", "aux", "nul"} | {f"{a}{n}" for a in ("com", "lpt") for n in range(10)}
    for part in PurePosixPath(named(path)).parts:
        assert not re.search(r'[<>:"\\|?*\x00-\x1f]', part)
        assert not part.endswith((".", " "))
        assert part.split(".")[0].lower() not in reserved
    assert len(named(path)) <= 120, "Windows allows 260 characters, site-packages included"


def test_paths_differ_in_more_than_case() -> None:
    lower = [named(path).lower() for path in FILES]
    assert len(lower) == len(set(lower))


@each_file
def test_file_is_no_symlink(path: Path) -> None:
    """A wheel cannot hold one, and a checkout on Windows breaks it."""
    assert not path.is_symlink()


def test_every_framework_has_a_folder() -> None:
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert folders - CACHES == {*OPTIONS.frameworks, "shared"}


@each_rendered
def test_suffix_means_substitution(path: Path) -> None:
    """A tree's file has the suffix where something is substituted, a partial never."""
    if path.is_relative_to(SHARED):
        assert path.suffix != SUFFIX
    else:
        assert re.search(r"\{\{|\{%", path.read_text()), "nothing is substituted: drop the suffix"


# --- how much is Jinja -----------------------------------------------------------------------

RENDERED_SHARE = 0.15
STATEMENT_SHARE = 0.10
SHORT = 20
DECIDES = re.compile(r"\{%[-+]?\s*(if|elif|else|endif|for|endfor|set|endset)\b")


def own_lines(path: Path) -> list[str]:
    """The lines of a file without those that take in a partial: a spine has one for each option."""
    return [line for line in ours(path).splitlines() if "{% include " not in line]


def ours(path: Path) -> str:
    """Return the text of a file without what the project's own engine renders."""
    return re.sub(r"(?s)\{% raw %\}.*?\{% endraw %\}", "", path.read_text("utf-8"))


@pytest.mark.parametrize("framework", ["django", "flask"])
def test_most_files_are_as_in_the_project(framework: str) -> None:
    """An option is a folder: that a file is rendered is the exception, and a stub says nothing."""
    files = [path for path in FILES if path.is_relative_to(TEMPLATES / framework)]
    rendered = [named(path) for path in files if path.suffix == SUFFIX and own_lines(path)]
    assert len(rendered) <= RENDERED_SHARE * len(files), rendered


@each_rendered
def test_few_lines_decide(path: Path) -> None:
    lines = own_lines(path)
    deciding = [line for line in lines if DECIDES.search(line)]
    if len(lines) > SHORT and not path.is_relative_to(SHARED):
        assert len(deciding) <= STATEMENT_SHARE * len(lines), deciding


# --- statements ----------------------------------------------------------------------------


@cache
def statements(path: Path) -> list[tuple[int, str]]:
    """Return the line and the keyword of each statement of a file."""
    found = []
    tokens = JINJA.lex(path.read_text())
    expect_keyword = False
    for line, kind, value in tokens:
        if kind == "block_begin":
            expect_keyword = True
        elif expect_keyword and kind == "name":
            expect_keyword = False
            found.append((line, value))
    return found


def blocks(path: Path) -> Iterator[tuple[str, int, int, int]]:
    """Yield keyword, first line, last line and depth of each branch of each block."""
    stack: list[tuple[str, int]] = []
    for line, keyword in statements(path):
        if keyword == "else" or keyword.startswith("end"):
            opened, start = stack.pop()
            yield opened, start, line, len(stack) + 1
        if keyword in OPENING or keyword == "else":
            stack.append((keyword, line))


@each_rendered
def test_statements_are_few(path: Path) -> None:
    """At most one block or assignment in twenty lines; eight where a file is short.

    A partial is taken in by one line, however many options bring one.
    """
    lines = path.read_text().count("\n")
    count = sum(
        keyword not in {"else", "include"} and not keyword.startswith("end")
        for _, keyword in statements(path)
    )
    assert count <= max(8, lines / 20), f"{count} statements in {lines} lines"


def test_statements_are_few_in_all() -> None:
    lines = sum(path.read_bytes().count(b"\n") for path in FILES)
    count = sum(1 for path in RENDERED for _ in statements(path))
    assert count / lines <= 0.03


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_most_files_are_verbatim(framework: str) -> None:
    """Code that editors and linters understand as it stands; stubs do not count."""
    tree = [path for path in FILES if path.is_relative_to(TEMPLATES / framework)]
    own = [path for path in tree if not is_stub(path)]
    assert sum(path.suffix != SUFFIX for path in own) / len(own) >= 0.7


def is_stub(path: Path) -> bool:
    return path.suffix == SUFFIX and "{% include 'templates/shared/" in path.read_text()


@each_rendered
def test_blocks_are_short_and_shallow(path: Path) -> None:
    for keyword, first, last, depth in blocks(path):
        where = f"{{% {keyword} %}} in line {first}"
        assert last - first - 1 <= 10, f"{where} is longer than ten lines: make it a file"
        assert depth == 1, f"{where} stands inside another block"


@each_rendered
def test_no_chain_of_conditions(path: Path) -> None:
    keywords = [keyword for _, keyword in statements(path)]
    assert "elif" not in keywords, "look the text up by the option's value"


@each_rendered
def test_no_partial_branches_on_the_framework(path: Path) -> None:
    """What differs is a parameter that the stub sets, or a file named after the framework."""
    for node in JINJA.parse(path.read_text()).find_all(nodes.If):
        names = {name.name for name in node.test.find_all(nodes.Name)}
        if isinstance(node.test, nodes.Name):
            names.add(node.test.name)
        assert "framework" not in names


@each_rendered
def test_nothing_depends_on_date_or_chance(path: Path) -> None:
    """The year is an answer; everything else must render the same at each update."""
    code = " ".join(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", ours(path), re.DOTALL))
    assert not re.search(r"\b(?:now|strftime|to_datetime|random|shuffle|ans_random|uuid)\b", code)


@each_rendered
def test_free_text_is_quoted(path: Path) -> None:
    """In a file with a syntax, free text passes the filter of that syntax."""
    name = path.name.removesuffix(SUFFIX)
    filters = [r"to_json\(ensure_ascii=false\)"]
    if name.endswith((".md", ".txt")) or name == "LICENSE":
        return
    for expression in re.findall(r"\{\{(.*?)\}\}", path.read_text(), re.DOTALL):
        if re.search(r"\b(?:description|author_name|author_email)\b", expression):
            quoted = any(re.search(rf"\|\s*{filter_}\s*$", expression) for filter_ in filters)
            assert quoted, f"{{{{{expression}}}}}"


# --- partials ------------------------------------------------------------------------------


def targets(source: str) -> Iterator[str]:
    """Yield what a text includes or imports, each computed part as `*`."""
    wanted = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
    for node in JINJA.parse(source).find_all(wanted):
        yield pattern_of(node.template)


def pattern_of(node: nodes.Node) -> str:
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Concat):
        return "".join(pattern_of(part) for part in node.nodes)
    return "*"


def included() -> dict[str, set[str]]:
    """Who includes what: patterns of files to the names of those that include them."""
    sources = {named(path): path.read_text() for path in RENDERED}
    sources["copier.yml"] = "\n".join(str(entry.get("default", "")) for entry in QUESTIONS.values())
    found: dict[str, set[str]] = {}
    for name, source in sources.items():
        for target in targets(source):
            found.setdefault(target, set()).add(name)
    return found


def test_every_partial_is_included_and_every_include_exists() -> None:
    partials = {named(path) for path in FILES if path.is_relative_to(SHARED)}
    patterns = included()
    unused = [name for name in partials if not any(fnmatch(name, one) for one in patterns)]
    missing = [one for one in patterns if not any(fnmatch(name, one) for name in partials)]
    assert unused == []
    assert missing == []


def test_a_file_equal_in_both_trees_is_a_stub() -> None:
    """Otherwise a change must be made twice. A short file of a few lines may be repeated."""
    first, *others = OPTIONS.frameworks
    repeated = []
    for path in FILES:
        if not path.is_relative_to(TEMPLATES / first) or is_stub(path):
            continue
        if FRONT_END.search(named(path)):
            continue
        name = path.relative_to(TEMPLATES / first)
        content = path.read_bytes()
        twins = [TEMPLATES / other / name for other in others]
        if content.count(b"\n") > 5 and any(
            twin.exists() and twin.read_bytes() == content for twin in twins
        ):
            repeated.append(name.as_posix())
    assert repeated == []


# --- copier.yml ----------------------------------------------------------------------------


def test_settings_are_known() -> None:
    """Copier accepts a misspelt setting without a word; tasks and extensions need trust."""
    assert {name for name in CONFIGURATION if name.startswith("_")} == SETTINGS


def test_jinja_is_strict() -> None:
    assert CONFIGURATION["_envops"] == {
        "undefined": "jinja2.StrictUndefined",
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_question_attributes_are_known(question: str) -> None:
    entry = QUESTIONS[question]
    assert set(entry) <= ATTRIBUTES
    assert {"type", "default"} <= set(entry)
    asked = entry.get("when") is not False and entry["type"] != "yaml"
    assert bool(entry.get("help")) == asked


compiled = cache(JINJA.from_string)


def exclusions(answers: Answers) -> list[str]:
    """The patterns that are in force for these answers, without those that always are."""
    resolved = OPTIONS.resolve(
        {name: value for name, value in answers.items() if name != "recommendation"}
    )
    values = OPTIONS.variables(resolved.values)
    entries = [entry for entry in EXCLUSIONS if entry not in ALWAYS_EXCLUDED]
    lines = (compiled(entry).render(values).splitlines() for entry in entries)
    return [line for entry in lines for line in entry if line]


@cache
def all_exclusions() -> list[list[str]]:
    """The patterns in force for each rendered combination."""
    return [exclusions(answers) for answers in COMBINATIONS]


def test_exclusions_are_a_table() -> None:
    entries = EXCLUSIONS
    assert entries[: len(ALWAYS_EXCLUDED)] == ALWAYS_EXCLUDED
    for entry in entries[len(ALWAYS_EXCLUDED) :]:
        assert re.fullmatch(r"\{% if [^%]+ %\}[^{}%]+\{% endif %\}\n?", entry), entry


def conditional_patterns() -> list[str]:
    entries = EXCLUSIONS[len(ALWAYS_EXCLUDED) :]
    bodies = (re.sub(r"\{%.*?%\}", "", entry) for entry in entries)
    return [line.strip() for body in bodies for line in body.splitlines() if line.strip()]


@pytest.mark.parametrize("pattern", conditional_patterns())
def test_exclusion_is_anchored_and_alive(pattern: str) -> None:
    """It names something that is there, leaves no empty folder, and is not always in force."""
    assert pattern.startswith("/")
    assert not pattern.endswith("/")
    paths = set()
    for framework in OPTIONS.frameworks:
        for path in FILES:
            if path.is_relative_to(TEMPLATES / framework):
                name = path.relative_to(TEMPLATES / framework).as_posix().removesuffix(SUFFIX)
                paths |= {f"/{name}", *(f"/{parent}" for parent in PurePosixPath(name).parents)}
    assert any(fnmatch(path, pattern) for path in paths), "no file of any tree has this name"
    states = {pattern in patterns for patterns in all_exclusions()}
    assert states == {True, False}, "no rendered combination makes a difference"


# --- commands ------------------------------------------------------------------------------


def computed(name: str, answers: Answers) -> Any:
    values = OPTIONS.variables(OPTIONS.resolve(answers).values)
    return yaml.safe_load(JINJA.from_string(QUESTIONS[name]["default"]).render(values))


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_commands_are_single_lines(framework: str) -> None:
    commands = computed("commands", {"framework": framework, "project_name": "acme"})
    assert list(commands) == ["run", "test", "production"]
    checks = computed("checks", {"framework": framework, "project_name": "acme"})
    lines = [line for group in commands.values() for line in group]
    lines += [check["run"] for check in checks["commands"]]
    assert [line for line in lines if re.search(r"&&|;|\||\n|\\$|^sudo\b", line)] == []
    assert all(len(group) >= 3 for group in commands.values())


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_checks_run_with_any_python(framework: str) -> None:
    """Each works on PATH, as in CI, and with `.venv/bin/` or `uv run` before it."""
    checks = computed("checks", {"framework": framework, "project_name": "acme"})
    programs = {check["run"].partition(" ")[0] for check in checks["commands"]}
    assert programs <= {"python", "djangofmt", "deptry"}
    names = [check["name"] for check in checks["commands"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("python", OPTIONS.by_id["python"].allowed)
def test_pythons_are_those_from_the_oldest_on(python: str) -> None:
    known = list(OPTIONS.by_id["python"].allowed)
    assert (
        computed("pythons", {"project_name": "acme", "python": python})
        == known[known.index(python) :]
    )


# --- every text ----------------------------------------------------------------------------


@each_file
def test_text_is_tidy(path: Path) -> None:
    content = path.read_bytes()
    if b"\0" in content:
        return
    text = content.decode()
    assert "\r" not in text
    assert "\t" not in text or path.name.startswith(("Makefile", "Caddyfile"))
    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert not re.search(r"\b(?:TODO|FIXME|XXX|HACK)\b", text)


@pytest.mark.parametrize("pattern", [line for line in EXCLUSIONS if "{" in line])
def test_a_pattern_stands_where_its_option_is_not_recorded(pattern: str) -> None:
    """Copier reads it with the values of a project that is older than the option."""
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - no HTML
    # What every project had before the option
    takes_away = re.search(r"== 'none'|(?<!not )\(client", pattern) is not None
    assert environment.from_string(pattern).render().startswith("/") is not takes_away
