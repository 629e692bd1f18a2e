"""Writes the history that a build carries: a git bundle of the template alone.

It has a commit for every state that the template went through, so that projects of any of them can
be updated without a network. Its bytes depend on the commit that is built and its releases alone,
and nothing is written into the clone that it is made from. `index` tells what its refs mean.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from packaging.version import Version

from stackgen import git, git_objects
from stackgen.errors import SourceError
from stackgen.template.clone import CARRIED, carried_files, find_clone
from stackgen.template.index import COMMITS, HEAD, MAIN, OMITTED, SHALLOW, TAGS, header, read_refs
from stackgen.template.objects import Objects, all_objects
from stackgen.template.releases import FILE, Release, carried_releases, known_releases
from stackgen.template.states import Lineage, clone_lineage, template_of
from stackgen.template.versions import DIGITS

NAME = "templates.bundle"
"""What it is called, beside the template."""

LIMIT = 3_000_000
"""The bytes that it may have before the oldest states that are no release are left out."""

_LEAST_SHARE = 1 / 16
"""How many of them go at least before it is written again."""

# By one thread, and with nothing of packs that differ from clone to clone.
_PACKING = (
    *("pack-objects", "--quiet", "--stdout", "--revs", "--delta-base-offset"),
    *("--no-reuse-delta", "--no-reuse-object", "--threads=1"),
)


def write_bundle(
    root: Path, version: str, bundle: Path, *, time: int = 0, limit: int = LIMIT
) -> list[str]:
    """Write the history of a source tree, in which what is built comes last.

    Args:
        root: A clone, an sdist with the bundle that it carries, or files without a history.
        version: What is built.
        bundle: The file to write.
        time: When, in seconds since 1970, where no commit tells.
        limit: The bytes that it may have.

    Returns:
        What the history lacks and why, for the person who builds: a line for each.

    Raises:
        SourceError: The releases are malformed or contradict each other, or a file of the
            template cannot be carried.
        RenderError: git failed.
    """
    clone = find_clone(root)
    tag = f"v{version}"
    if clone is None:
        _write_files(root, tag, bundle, time)
        return []
    with _repository(clone.object_format) as own, all_objects(clone, own / "objects") as objects:
        # Not where the clone is seen: there git would renew the time of what the clone has.
        tree = git_objects.write_tree(own, root, carried_files(root, clone))
        template = template_of(objects.directories([tree])[tree])
        if template is None:
            raise SourceError(f"`{root}` holds no template: `copier.yml` and `templates/`.")
        releases = known_releases(clone, objects)
        line = frozenset(commit.name for commit in clone.line())
        carried = carried_releases(releases, line, Version(version))
        lineage = clone_lineage(clone, objects, carried)
        [head] = clone.commits([clone.head])
        lineage.add_build(template, tag, head.time)
        _write_lineage(lineage, objects, bundle, limit, clone.object_format)
    return list(_lacks(releases, lineage))


def _write_files(root: Path, tag: str, bundle: Path, time: int) -> None:
    """Write the bundle of an sdist anew, with its files as they are now, or begin with them."""
    former = root / NAME
    refs = read_refs(former) if former.is_file() else {}
    with _repository(git_objects.object_format(*refs.values())) as alone:
        if refs:
            _git("bundle", "unbundle", str(former.resolve()), cwd=alone)
        tree = git_objects.write_tree(alone, root, carried_files(root, None))
        own = refs.get(TAGS + tag)
        if own and _git("rev-parse", f"{own}^{{tree}}", cwd=alone).decode().strip() == tree:
            shutil.copyfile(former, bundle)
            return
        parent = ("-p", refs[MAIN]) if refs else ()
        made = _git("commit-tree", tree, *parent, "-m", tag, cwd=alone, time=time)
        commit = made.decode().strip()
        _write(alone, {**refs, MAIN: commit, HEAD: commit, TAGS + tag: commit}, bundle)


def _write_lineage(
    lineage: Lineage, objects: Objects, bundle: Path, limit: int, object_format: str
) -> None:
    """Write the states of the template, and fewer of them until the limit holds."""
    pack = objects.pack(name for state in lineage.states for _, name in state.template)
    while True:
        with _repository(object_format) as alone:
            _git("index-pack", "--stdin", cwd=alone, stdin=pack)
            _write(alone, _commit(lineage, alone), bundle)
        size = bundle.stat().st_size
        share = max((size - limit) / size, _LEAST_SHARE)
        if size <= limit or not lineage.omit_oldest(share):
            return


def _commit(lineage: Lineage, repository: Path) -> dict[str, str]:
    """Commit the states one after another, and return the refs that name them."""
    marks = repository / "marks"
    script = "".join(_script(lineage)).encode()
    _git("fast-import", "--quiet", f"--export-marks={marks}", cwd=repository, stdin=script)
    lines = (line.split() for line in marks.read_text("ascii").splitlines())
    commits = {int(mark.removeprefix(":")): name for mark, name in lines}
    first, last = commits[1], commits[len(lineage.line)]
    refs = {HEAD: last, MAIN: last}
    for number, state in enumerate(lineage.states, 1):
        refs |= {TAGS + tag: commits[number] for tag in state.tags}
        refs |= {COMMITS + name[:DIGITS]: commits[number] for name in state.commits}
    refs |= {OMITTED + name[:DIGITS]: first for name in lineage.omitted}
    return refs | ({SHALLOW: first} if lineage.is_shallow else {})


def _script(lineage: Lineage) -> Iterator[str]:
    """Yield the states as git-fast-import(1) reads them; one of another branch has no parent."""
    for mark, state in enumerate(lineage.states, 1):
        yield f"commit {MAIN if mark <= len(lineage.line) else f'refs/others/{mark}'}\n"
        yield f"mark :{mark}\n"
        yield f"committer {git_objects.NAME} <{git_objects.EMAIL}> {state.time} +0000\n"
        yield f"data {len(state.name)}\n{state.name}\ndeleteall\n"
        for path, (mode, name) in zip(CARRIED, state.template, strict=True):
            yield f"M {mode} {name} {path}\n"


def _write(repository: Path, refs: Mapping[str, str], bundle: Path) -> None:
    """Write what refs name as a bundle, whose bytes depend on nothing else."""
    tips = "".join(f"{name}\n" for name in sorted(set(refs.values())))
    pack = _git(*_PACKING, cwd=repository, stdin=tips.encode())
    bundle.write_bytes(header(refs) + pack)


def _lacks(releases: Sequence[Release], lineage: Lineage) -> Iterator[str]:
    """Return what the person who builds should know: each in a sentence, with what to do."""
    for release in releases:
        if not release.is_here:
            yield (
                f"`{FILE}` names commit `{release.commit[:DIGITS]}` for {release.version}, which "
                "this clone does not hold: fetch it, or correct the entry. Until then this build "
                f"cannot update projects of {release.version}."
            )
    if lineage.is_shallow:
        yield (
            "This clone is shallow: run `git fetch --unshallow`. Until then this build can update "
            "projects of none but the commits that are there."
        )
    if lineage.omitted:
        yield (
            f"{len(lineage.omitted)} commits are left out of the history, the first of them "
            f"`{min(lineage.omitted)[:DIGITS]}`: this build cannot update their projects."
        )


@contextlib.contextmanager
def _repository(object_format: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="stackgen-build-") as folder:
        git_objects.make_repository(Path(folder), object_format=object_format)
        yield Path(folder)


def _git(*arguments: str, cwd: Path, stdin: bytes = b"", time: int = 0) -> bytes:
    environment = {**git.PRIVATE, **git_objects.identity(time)}
    done = git.run(
        *arguments, cwd=cwd, environment=environment, stdin=stdin, settings=git.SHORT_LIVED
    )
    return done.stdout
