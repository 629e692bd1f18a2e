"""What the build adds: the version, and the template with its history.

A clean commit tagged `vX.Y.Z` has version X.Y.Z. Everything else is a development version that
names its commit and, where something differs from it, the template's content. (`hatch-vcs` takes
new files for clean although a wheel would carry them, dates a changed tree instead of naming it,
and cannot read a clone that belongs to another user.)

A wheel and an sdist carry `copier.yml`, `templates/` and `templates.bundle`: a git bundle with one
commit a release, holding only those paths. The version that is built is recorded in it from the
very files that are carried, so that bundle and folder cannot differ.

Nothing is written into the repository that is read: new objects go into a private store.
"""

import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp
from packaging.version import Version

CARRIED = ("copier.yml", "templates")
BUNDLE = "templates.bundle"
RELEASE_TAG = re.compile(r"v\d+\.\d+\.\d+((a|b|rc)\d+)?")
OWN = "own.git"
UNKNOWN_VERSION = "0.0.0.dev0"  # neither a clone nor an sdist

# Never part of the template: Copier leaves them out, too.
JUNK_NAMES = {"__pycache__", ".DS_Store"}
JUNK_SUFFIXES = {".pyc", ".pyo"}

# By these the environment would point git to another repository, as it does in a git hook.
REDIRECTIONS = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
}
# Any owner's clone is read, and without its hooks, monitors and its user's own exclusions.
SETTINGS = {
    "safe.directory": "*",
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.excludesFile": os.devnull,
}
# By these a partial clone fetches what it lacks.
REMOTE_SETTINGS = ("credential.", "extensions.partialclone", "http.", "remote.", "url.")
# What is recorded depends on nobody's settings.
NOBODY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class Release(NamedTuple):
    """A version in the history of the template."""

    tag: str
    tree: str
    time: int


class TemplateBuildHook(BuildHookInterface[Any]):
    """Adds the template, its history and the version."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Register what is added, each file with its place in the archive."""
        if version == "editable":  # reads the checkout
            return
        root = Path(self.root)
        self._private = tempfile.TemporaryDirectory(prefix="stackgen-build-")
        private = Path(self._private.name)
        is_wheel = self.target_name == "wheel"
        place = "stackgen/_template/" if is_wheel else ""
        included: dict[str, str] = build_data["force_include"]
        included.update({str(root / name): place + name for name in carried_files(root)})
        if shutil.which("git"):
            write_bundle(root, self.metadata.version, private / BUNDLE)
            included[str(private / BUNDLE)] = place + BUNDLE
        elif (root / BUNDLE).is_file():
            included[str(root / BUNDLE)] = place + BUNDLE
        else:
            self.app.display_warning("Without git this build has no history: it cannot update.")
        if is_wheel:
            (private / "version.txt").write_text(f"{self.metadata.version}\n", encoding="ascii")
            included[str(private / "version.txt")] = "stackgen/version.txt"

    def finalize(self, version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        """Remove what was made for the build."""
        if version != "editable":
            self._private.cleanup()


def version() -> str:
    """Return the version of this source tree; hatchling asks where there is no `PKG-INFO`."""
    root = Path(__file__).resolve().parent
    commit = is_clone(root) and git("rev-parse", "-q", "--verify", "HEAD", cwd=root, check=False)
    if not commit:
        return UNKNOWN_VERSION
    with object_store(root) as store:
        tree = write_tree(store, root)
        is_clean = tree == template_tree(store, commit) and not changes(root)
    tagged = release_versions(git("tag", "--points-at", "HEAD", cwd=root))
    if is_clean and tagged:
        return str(tagged[-1])
    upcoming, distance = upcoming_version(root)
    return f"{upcoming}.dev{distance}+g{commit[:12]}" + ("" if is_clean else f".dirty.t{tree[:12]}")


def upcoming_version(root: Path) -> tuple[str, str]:
    """Return the version after the last release before HEAD, and the commits since then."""
    reachable = release_versions(git("tag", "--merged", "HEAD", cwd=root))
    if not reachable:
        return "0.0.0", git("rev-list", "--count", "HEAD", cwd=root)
    last = reachable[-1]
    distance = git("rev-list", "--count", f"refs/tags/v{last}..HEAD", cwd=root)
    if last.pre:
        return f"{last.base_version}{last.pre[0]}{last.pre[1] + 1}", distance
    return f"{last.major}.{last.minor}.{last.micro + 1}", distance


def release_versions(tags: str) -> list[Version]:
    """Return the versions of the release tags among the lines of `tags`, oldest first."""
    return sorted(Version(tag) for tag in tags.split() if RELEASE_TAG.fullmatch(tag))


def is_clone(root: Path) -> bool:
    """Say whether `root` is the top of a clone; an sdist unpacked within one is not."""
    if (root / "PKG-INFO").exists() or not shutil.which("git"):
        return False
    top = git("rev-parse", "--show-toplevel", cwd=root, check=False)
    return bool(top) and Path(top).samefile(root)


def carried_files(root: Path) -> list[str]:
    """List the template's files in the working tree, sorted, relative to `root`.

    In a clone these are the tracked ones and new ones, but for those which its own `.gitignore`
    files leave out; elsewhere all there are.

    Raises:
        ValueError: one is a symbolic link, which a wheel cannot hold.
    """
    if is_clone(root):
        listing = ("ls-files", "-z", "--cached", "--others", "--exclude-per-directory=.gitignore")
        names = set(git(*listing, "--", *CARRIED, cwd=root).split("\0")) - {""}
    else:
        paths = [root / "copier.yml", *(root / "templates").rglob("*")]
        names = {path.relative_to(root).as_posix() for path in paths}
    files = []
    for name in sorted(names):
        path = root / name
        if JUNK_NAMES.intersection(Path(name).parts) or path.suffix in JUNK_SUFFIXES:
            continue
        if path.is_symlink():
            raise ValueError(f"`{name}` is a symbolic link, which a wheel cannot hold.")
        if path.is_file():
            files.append(name)
    return files


def changes(root: Path) -> str:
    """List what differs from the commit: changed files, and new ones that a wheel would carry."""
    changed = ("status", "--porcelain", "--untracked-files=no", "--no-renames")
    new = ("ls-files", "--others", "--exclude-per-directory=.gitignore")
    return git(*changed, cwd=root) + git(*new, "--", *CARRIED, "src", cwd=root)


def write_bundle(root: Path, version: str, bundle: Path) -> None:
    """Write the releases before `version`, and `version` as it is in the working tree.

    Args:
        root: A clone, an sdist with the bundle that it carries, or an export without history.
        version: The version that is built.
        bundle: The file to write.
    """
    own_tag = f"v{version}"
    with object_store(root) as store:
        own_tree = write_tree(store, root)
        tags = read_tags(root if is_clone(root) else store)
        carried_own = None if is_clone(root) else tags.get(own_tag)
        if carried_own and template_tree(store, carried_own.tree) == own_tree:
            shutil.copyfile(root / BUNDLE, bundle)  # an sdist as it was made
            return
        if own_tag in tags:
            own_time = tags[own_tag].time
        else:
            head_time = is_clone(root) and git("log", "-1", "--format=%ct", cwd=root, check=False)
            own_time = int(head_time or get_reproducible_timestamp())
        earlier = [
            each
            for tag, each in tags.items()
            if RELEASE_TAG.fullmatch(tag) and Version(tag) < Version(version)
        ]
        releases = [
            Release(tag, template_tree(store, commit), time)
            for tag, commit, time in sorted(earlier, key=lambda each: Version(each.tag))
        ]
        own = Release(own_tag, own_tree, own_time)
        write_history(store, [*complete(store, releases), own])
        pack(store, bundle)


def read_tags(repository: Path) -> dict[str, Release]:
    """Return what is tagged in a repository, by tag, each as the whole of its tree."""
    form = "--format=%(refname:lstrip=2) %(objectname) %(creatordate:unix)"
    releases = {}
    for line in git("for-each-ref", form, "refs/tags", cwd=repository).splitlines():
        tag, name, *time = line.split()
        if time:  # only what is not a commit has none
            releases[tag] = Release(tag, name, int(time[0]))
    return releases


@contextmanager
def object_store(root: Path) -> Iterator[Path]:
    """Make a private bare repository that sees what `root` holds, and receives what is added.

    It sees the objects of a clone, and fetches what a partial clone lacks; of an sdist it has the
    releases of the bundle. Within it lies a second one, `OWN`, for objects of the build's making:
    git renews the time of an object that it sees already instead of writing it, and nothing of
    the clone is to be touched.
    """
    with tempfile.TemporaryDirectory(prefix="stackgen-store-") as folder:
        store = Path(folder)
        cloned = is_clone(root)
        hashes = git("rev-parse", "--show-object-format", cwd=root) if cloned else "sha1"
        init = ("init", "--quiet", "--bare", "--template=", f"--object-format={hashes}")
        git(*init, cwd=store)
        git(*init, OWN, cwd=store)
        visible = [store / OWN / "objects"]
        if cloned:
            visible.append((root / git("rev-parse", "--git-path", "objects", cwd=root)).resolve())
            adopt_remotes(store, root)
        elif (root / BUNDLE).is_file():
            everything = "refs/tags/*:refs/tags/*"
            git("fetch", "--quiet", str((root / BUNDLE).resolve()), everything, cwd=store)
        (store / "objects/info").mkdir(exist_ok=True)
        alternates = "".join(f"{objects}\n" for objects in visible)
        (store / "objects/info/alternates").write_text(alternates, encoding="utf-8")
        yield store


def adopt_remotes(store: Path, root: Path) -> None:
    """Let the store fetch from where the clone would."""
    for setting in git("config", "--local", "--list", "-z", cwd=root).split("\0"):
        name, _, value = setting.partition("\n")
        if name.startswith(REMOTE_SETTINGS):
            is_folder = name.endswith(".url") and (root / value).exists()
            git("config", "--add", name, str(root / value) if is_folder else value, cwd=store)


def write_tree(store: Path, root: Path) -> str:
    """Write the carried files into the store, byte for byte, and return their tree."""
    own = store / OWN
    files = carried_files(root)
    hashing = ("--git-dir", str(own), "hash-object", "-w", "--no-filters", "--stdin-paths")
    names = git(*hashing, cwd=root, stdin="".join(f"{name}\n" for name in files)).splitlines()
    modes = ["100755" if (root / name).stat().st_mode & 0o100 else "100644" for name in files]
    entries = zip(modes, names, files, strict=True)
    index = "".join(f"{mode} {name}\t{file}\0" for mode, name, file in entries)
    git("read-tree", "--empty", cwd=own)
    git("update-index", "-z", "--index-info", cwd=own, stdin=index)
    return git("write-tree", cwd=own)


def template_tree(store: Path, commit: str) -> str:
    """Return the tree of a commit's template alone; empty where there was none yet."""
    entries = git("ls-tree", commit, "--", *CARRIED, cwd=store)
    return git("mktree", "--missing", cwd=store / OWN, stdin=f"{entries}\n") if entries else ""


def complete(store: Path, releases: Sequence[Release]) -> list[Release]:
    """Return the releases whose files are there, after fetching what a partial clone lacks."""
    found = [each for each in releases if each.tree]
    promised = git("config", "--get-regexp", r"^remote\..*\.promisor$", cwd=store, check=False)
    lacking = missing_objects(store, [each.tree for each in found]) if promised else []
    if not lacking:
        return found
    remote = promised.split()[0].removeprefix("remote.").removesuffix(".promisor")
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none")
    wanted = "".join(f"{name}\n" for name in lacking)
    git("fetch", *options, remote, "--stdin", cwd=store, stdin=wanted, check=False)
    whole = [each for each in found if not missing_objects(store, [each.tree])]
    for each in set(found) - set(whole):
        message = f"`{each.tag}` is not in this partial clone and `{remote}` did not give it."
        warnings.warn(f"{message} Projects of that version cannot be updated.", stacklevel=2)
    return whole


def missing_objects(store: Path, trees: Iterable[str]) -> list[str]:
    """List the objects of these trees that a partial clone has not fetched yet."""
    walk = ("rev-list", "--objects", "--missing=print", "--no-object-names", "--stdin")
    lines = git(*walk, cwd=store, stdin="".join(f"{tree}\n" for tree in trees)).splitlines()
    return [line[1:] for line in lines if line.startswith("?")]


def write_history(store: Path, releases: Iterable[Release]) -> None:
    """Commit the releases one after another on `main`, each with its tag."""
    for tag in git("tag", cwd=store).split():
        git("tag", "--delete", tag, cwd=store)
    parent: tuple[str, ...] = ()
    for tag, tree, time in releases:
        author = {
            "NAME": "stackgen",
            "EMAIL": "stackgen@stackgen.invalid",
            "DATE": f"@{time} +0000",
        }
        identity = NOBODY | {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in author.items()
        }
        recording = ("commit-tree", tree, *parent, "-m", tag)
        commit = git(*recording, cwd=store, environment=identity)
        for ref in (f"refs/tags/{tag}", "refs/heads/main"):
            git("update-ref", ref, commit, cwd=store)
        parent = ("-p", commit)
    git("symbolic-ref", "HEAD", "refs/heads/main", cwd=store)


def pack(store: Path, bundle: Path) -> None:
    """Write the store's references to a bundle whose bytes depend on their content alone."""
    refs = ("HEAD", "refs/heads/main", "--tags")
    # The packs of a clone differ from machine to machine, and git reuses what they hold: pack
    # the history alone, anew, by one thread and without anybody's settings.
    single = ("-c", "pack.threads=1")
    with tempfile.TemporaryDirectory(prefix="stackgen-pack-") as folder:
        alone = Path(folder)
        reused = alone / "reused.bundle"
        git("bundle", "create", "--quiet", str(reused), *refs, cwd=store)
        hashes = git("rev-parse", "--show-object-format", cwd=store)
        git("init", "--quiet", "--bare", "--template=", f"--object-format={hashes}", cwd=alone)
        git("fetch", "--quiet", str(reused), "refs/*:refs/*", cwd=alone)
        git("symbolic-ref", "HEAD", "refs/heads/main", cwd=alone)
        anew = ("repack", "-a", "-d", "-f", "-F", "--quiet")
        git(*single, *anew, cwd=alone, environment=NOBODY)
        create = ("bundle", "create", "--quiet", str(bundle))
        git(*single, *create, *refs, cwd=alone, environment=NOBODY)


def git(
    *arguments: str,
    cwd: Path,
    stdin: str = "",
    environment: dict[str, str] | None = None,
    check: bool = True,
) -> str:
    """Run git and return what it prints, without the last line end.

    Raises:
        RuntimeError: it failed; unless not `check`, which returns an empty text instead.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in REDIRECTIONS}
    fixed = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=cwd,
        env={**inherited, **fixed, **(environment or {})},
        input=os.fsencode(stdin),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        if check:
            said = os.fsdecode(done.stderr).strip()
            raise RuntimeError(f"`git {arguments[0]}` failed in `{cwd}`: {said}")
        return ""
    return os.fsdecode(done.stdout).rstrip("\n")
