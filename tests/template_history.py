"""A small template with a history: six releases that do to files what real ones do."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stackgen.project.creation import generate
from stackgen.template.loading import load_options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.source import Source

TAGS = ("v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.4.0", "v1.5.0")
LAST = TAGS[-1]

PERSON = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_AUTHOR_NAME": "A Person",
    "GIT_AUTHOR_EMAIL": "person@example.com",
    "GIT_COMMITTER_NAME": "A Person",
    "GIT_COMMITTER_EMAIL": "person@example.com",
}

_OPTIONS = """\
_subdirectory: "templates/{{ framework }}"
_envops:
  undefined: jinja2.StrictUndefined
  keep_trailing_newline: true
_exclude:
  - "{% if not (extras | default(false)) %}/extras{% endif %}"
  - "{% if not (more | default(false)) %}/more{% endif %}"

framework:
  type: str
  help: The framework
  choices: [django, flask]
  default: django
project_name:
  type: str
  help: The name
  default: "{{ _copier_conf.dst_path.name if _copier_conf.dst_path else 'project' }}"
database:
  type: str
  help: The database
  choices: [sqlite, postgresql]
  default: DATABASE
extras:
  type: bool
  help: More files
  default: false
NEW
year:
  type: int
  help: The year
  ask: false
  default: "{{ '%Y' | strftime }}"
recommendation:
  type: yaml
  ask: false
  default: null
commands:
  type: yaml
  when: false
  default: '{"run": ["true"], "test": ["true"], "production": ["true"]}'
"""
_CI = "ci:\n  type: str\n  help: Checks\n  choices: [github, none]\n  default: github\n"
_MORE = "more:\n  type: bool\n  help: Still more\n  default: true\n"
_THEME = "theme:\n  type: str\n  help: The colours\n  choices: [light, dark]\n  default: light\n"

_RECORD = "# Recorded by stackgen.\n{{ _copier_answers | to_nice_yaml -}}\n"


def _lines(name: str, count: int = 24) -> list[str]:
    return [f"{name} line {number}" for number in range(1, count + 1)]


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _changed(lines: list[str], *numbers: int, by: str) -> list[str]:
    return [f"{line} {by}" if number in numbers else line for number, line in enumerate(lines, 1)]


def _releases() -> list[tuple[str, dict[str, str | bytes | None]]]:
    """Per release its options and its files; `None` deletes one."""
    main, models, guide = _lines("main"), _lines("models"), _lines("guide")
    tools, setting = _lines("tool"), _lines("setting", 6)
    first: dict[str, str | bytes | None] = {
        "README.md.jinja": "# {{ project_name }}\n\n" + _text(_lines("readme")),
        "app/main.py": _text(main),
        "app/models.py": _text(models),
        "app/__init__.py": "",
        "settings.py.jinja": "DATABASE = '{{ database }}'\n\n" + _text(setting),
        "docs/guide.md": _text(guide),
        "tests/test_main.py": _text(_lines("test")),
        "legacy.py": _text(_lines("legacy")),
        "scripts/run.sh": _text(["#!/bin/sh", *tools]),
        "scripts/stop.sh": _text(["#!/bin/sh", *_lines("stop")]),
        "extras/one.py": _text(_lines("one")),
        "extras/two.py": _text(_lines("two")),
        "data.bin": b"\0\1\2" * 50,
        ".gitignore": ".env\n*.log\n",
        ".gitattributes": "*.md text\n",
        "späte Datei.txt": _text(_lines("late")),
        "assets/one.txt": _text(_lines("asset")),
        "assets/deep/two.txt": _text(_lines("deep")),
        "plan": _text(_lines("plan")),
    }
    second = {
        "app/main.py": _text(_changed(main, 3, 12, by="1.1")),
        "README.md.jinja": "# {{ project_name }}\n\n"
        + _text(_changed(_lines("readme"), 1, by="1.1")),
        "CHANGELOG.md": _text(_lines("change", 5)),
        "extras/two.py": _text(_changed(_lines("two"), 5, by="1.1")),
    }
    third = {
        "docs/guide.md": None,
        "docs/manual.md": _text(_changed(guide, 2, by="1.2")),
        "legacy.py": None,
        "settings.py.jinja": "DATABASE = '{{ database }}'\nTHEME = '{{ theme }}'\n\n"
        + _text(setting),
    }
    fourth = {
        "app/models.py": None,
        "app/tables.py": _text(_changed(models, 20, by="1.3")),
        "app/main.py": _text(_changed(main, 3, 12, 23, by="1.3")),
        "data.bin": b"\0\1\3" * 50,
    }
    fifth = {
        "app/api.py": _text(_lines("api")),
        "docs/faq.md": _text(_lines("faq", 4)),
        "tests/test_main.py": _text(_changed(_lines("test"), 10, 11, by="1.4")),
        "notes.log": "kept though ignored\n",
        "späte Datei.txt": _text(_changed(_lines("late"), 4, by="1.4")),
        "more/page.md": _text(_lines("page")),
    }
    sixth = {
        "scripts/run.sh": None,
        "scripts/stop.sh": None,
        "tools/run.sh": _text(["#!/bin/sh", *_changed(tools, 6, by="1.5")]),
        "tools/stop.sh": _text(["#!/bin/sh", *_lines("stop")]),
        "assets/one.txt": None,
        "assets/deep/two.txt": None,
        "assets": _text(_lines("list of assets")),
        "plan": None,
        "plan/first.md": _text(_changed(_lines("plan"), 8, by="1.5")),
        "app/main.py": _text(["main line 0", *_changed(main, 3, 12, 24, by="1.5")]),
    }
    before = _OPTIONS.replace("DATABASE", "sqlite").replace("NEW\n", _CI)
    themed = _OPTIONS.replace("DATABASE", "sqlite").replace("NEW\n", _CI + _THEME)
    after = _OPTIONS.replace("DATABASE", "postgresql").replace("NEW\n", _THEME)
    last = _OPTIONS.replace("DATABASE", "postgresql").replace("NEW\n", _THEME + _MORE)
    options = [before, before, themed, after, last, last]
    return list(zip(options, [first, second, third, fourth, fifth, sixth], strict=True))


@dataclass(frozen=True)
class TemplateHistory:
    """The releases: a repository, and each release as a folder like that of a wheel."""

    repository: Path

    def source(self, tag: str) -> Source:
        root = self.repository.parent / tag
        return Source(root=root, tag=tag, history=self.repository)

    def project(self, path: Path, tag: str = TAGS[0], **values: object) -> Path:
        """Make a project of a release, committed."""
        path.parent.mkdir(parents=True, exist_ok=True)
        source = self.source(tag)
        resolved = load_options(source.root).resolve({"project_name": path.name, **values})
        generate(path, resolved.values, template=source.root, with_git=False)
        record = path / ANSWERS_FILE
        lines = record.read_text().splitlines(keepends=True)
        stamped = [f"_commit: {tag}\n" if line.startswith("_commit") else line for line in lines]
        record.write_text("".join(stamped))
        git("init", "-q", "-b", "main", cwd=path)
        commit(path)
        return path


def make_history(folder: Path) -> TemplateHistory:
    """Write the releases below a folder."""
    repository = folder / "template"
    tree = repository / "templates/django"
    (repository / "templates/flask").mkdir(parents=True)
    (repository / "templates/flask/README.md").write_text("flask\n")
    for name in ("django", "flask"):
        record = repository / "templates" / name / "{{ _copier_conf.answers_file }}.jinja"
        record.parent.mkdir(exist_ok=True)
        record.write_text(_RECORD)
    git("init", "-q", "-b", "main", cwd=repository)
    for tag, (options, files) in zip(TAGS, _releases(), strict=True):
        (repository / "copier.yml").write_text(options)
        for name, content in files.items():
            path = tree / name
            if content is None:
                path.unlink()
                for parent in (path.parent, path.parent.parent):
                    if not any(parent.iterdir()):
                        parent.rmdir()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.encode() if isinstance(content, str) else content)
            if name.endswith(".sh") and content is not None:
                path.chmod(0o755)
        git("add", "--all", "--force", cwd=repository)
        git("commit", "-qm", tag, cwd=repository)
        git("tag", tag, cwd=repository)
        git("worktree", "add", "-q", "--detach", str(folder / tag), tag, cwd=repository)
        (folder / tag / ".git").unlink()
    return TemplateHistory(repository)


def git(*arguments: str, cwd: Path, code: int = 0, **environment: str) -> str:
    """Run git as a person without a configuration, and return what it prints."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=cwd,
        env={**os.environ, **PERSON, **environment},
        capture_output=True,
        check=False,
    )
    assert done.returncode == code, (arguments, done.stdout, done.stderr)
    return done.stdout.decode(errors="surrogateescape").strip("\n")


def commit(project: Path, message: str = "mine") -> None:
    """Commit all there is, ignored files aside."""
    git("add", "--all", cwd=project)
    git("commit", "-qm", message, "--allow-empty", cwd=project)


def start_merge(project: Path, **theirs: str) -> None:
    """Leave a project in the middle of a merge, with `app/main.py` in conflict.

    Args:
        project: The project.
        theirs: Further files of the branch that is merged: name without suffix to content.
    """
    git("checkout", "-q", "-b", "other", cwd=project)
    for name, content in theirs.items():
        (project / f"{name}.py").write_text(content)
    (project / "app/main.py").write_text("theirs\n")
    commit(project)
    git("checkout", "-q", "main", cwd=project)
    (project / "app/main.py").write_text("ours\n")
    commit(project)
    git("merge", "-q", "other", cwd=project, code=1)


def snapshot(folder: Path) -> Mapping[str, tuple[int, bytes]]:
    """All files of a folder but git's own: mode and content."""
    return {
        path.relative_to(folder).as_posix(): (path.lstat().st_mode, _content(path))
        for path in folder.rglob("*")
        if ".git" not in path.relative_to(folder).parts
        if path.is_symlink() or not path.is_dir()
    }


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return os.fsencode(path.readlink())
    return path.read_bytes()
