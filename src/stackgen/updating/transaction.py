"""Exchanging files of a work tree: all of them, or none.

Everything is prepared in a private directory on the same file system. Then git's index is locked,
the files are moved, and the new index takes the old one's place: that last rename is what makes
the change. A failure before it moves everything back; after a process that was killed, the next
one does, from the journal that it left.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from stackgen import git
from stackgen.changes.work_tree import Checkout
from stackgen.errors import ProjectError, RenderError
from stackgen.updating.merge import Merge, Store

if sys.platform != "win32":
    import fcntl

_PREFIX = "stackgen-update-"
_JOURNAL = "journal"
_UNDO = "stackgen-undo"
_LISTED = 10
_ENVIRONMENT = {**git.OFFLINE, "GIT_LITERAL_PATHSPECS": "1"}

Signature = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class _Move:
    """One file of the exchange, by its path below the top of the work tree."""

    path: str
    leaves: bool
    comes: bool


def refuse_uncommitted(checkout: Checkout, merge: Merge) -> None:
    """Refuse a merge that would touch what is not committed.

    Raises:
        ProjectError: A file that changes has uncommitted changes, one that comes is there, or a
            submodule is in its place.
    """
    if merge.submodules:
        raise ProjectError(
            f"The update brings files where submodules are: {_names(merge.submodules)}. "
            "Move them away with `git mv`, and commit."
        )
    here = [checkout.prefix + path for path in merge.changed if path in merge.yours]
    edited = {*_differing(checkout, here), *_hidden_edits(checkout, merge, here)}
    if edited:
        raise ProjectError(
            f"The update changes files with uncommitted changes: {_names(edited)}. "
            "Commit or stash them first."
        )
    # Of committed files, too: git may have been told to overlook what became of their folder.
    in_the_way = {
        blocking for path in merge.changed if (blocking := _blocking(checkout, merge, path))
    }
    if in_the_way:
        raise ProjectError(
            f"The update changes files where others are that git does not track: "
            f"{_names(in_the_way)}. Commit them, or move them away."
        )


def exchange(checkout: Checkout, store: Store, merge: Merge, *, last: str) -> None:
    """Give the work tree the result of a merge: files unstaged, conflicts unmerged in the index.

    Args:
        checkout: Where.
        store: What holds the contents.
        merge: What comes of it.
        last: The file that is written after all others.

    Raises:
        ProjectError: It would touch what is not committed, or somebody else changed the project
            meanwhile or works in it with git.
        RenderError: It failed; everything is as it was.
    """
    moves = _moves(checkout, merge, last)
    before = _signatures(checkout, moves)
    # After the signatures: whatever is written from then on is seen by one of the two.
    refuse_uncommitted(checkout, merge)
    stage = _make_stage(checkout)
    finished = True
    try:
        _stage_files(checkout, store, merge, stage)
        _stage_index(checkout, store, merge, stage)
        _stage_undo(checkout, merge, moves)
        # Before the last look at the project: from here on nothing but renames is left to do.
        if checkout.now() != checkout.head or _signatures(checkout, moves) != before:
            raise ProjectError(f"`{checkout.top}` changed meanwhile. Run the update again.")
        with _undisturbed():
            finished = False
            _exchange(checkout, stage, moves)
            finished = True
    except OSError as error:
        reason = error.strerror or str(error)
        left = "Nothing was changed."
        if (stage / _JOURNAL).exists():
            left = f"Its files are in `{stage}`; the next update moves them back first."
        raise RenderError(f"The update failed: {reason}. {left}") from error
    finally:
        if finished or not (stage / _JOURNAL).exists():
            _pending_undo(checkout).unlink(missing_ok=True)
            shutil.rmtree(stage, ignore_errors=True)


def recover(checkout: Checkout) -> list[str]:
    """Move everything back after an update that was killed.

    Returns:
        The files that were moved back, relative to the top of the work tree.

    Raises:
        ProjectError: That update is still at work.
        RenderError: It cannot be moved back.
    """
    found: list[str] = []
    for place in (checkout.git_dir, checkout.top / checkout.prefix):
        for stage in place.glob(f"{_PREFIX}*"):
            try:
                journal = (stage / _JOURNAL).open(encoding="ascii")
            except FileNotFoundError:
                continue  # Nothing was moved yet.
            try:
                with journal:
                    found += _recover(checkout, stage, journal)
            except OSError as error:
                raise RenderError(
                    f"An interrupted update cannot be undone: {error}. Its files are in `{stage}`."
                ) from error
            shutil.rmtree(stage, ignore_errors=True)
    return found


def _recover(checkout: Checkout, stage: Path, journal: IO[str]) -> list[str]:
    if not _hold(journal):
        raise ProjectError(
            f"Another update of `{checkout.top}` is at work. Try again when it has ended."
        )
    lock = _lock(checkout)
    if not (lock.is_file() and lock.read_bytes() == (stage / "index").read_bytes()):
        return []  # The lock turned into the index: that update was whole.
    moves = [_Move(*fields) for fields in json.load(journal)]
    _move_back(checkout.top, stage, moves)
    _forget_undo(checkout)
    lock.unlink()
    return [move.path for move in moves]


def _exchange(checkout: Checkout, stage: Path, moves: Sequence[_Move]) -> None:
    unfinished = stage / "unfinished"
    with unfinished.open("w", encoding="ascii") as journal:
        json.dump([[move.path, move.leaves, move.comes] for move in moves], journal)
        journal.flush()
        _hold(journal)
        unfinished.rename(stage / _JOURNAL)
        _exchange_held(checkout, stage, moves)
    _prune(checkout.top, [move.path for move in moves if not move.comes])


def _exchange_held(checkout: Checkout, stage: Path, moves: Sequence[_Move]) -> None:
    lock = _lock(checkout)
    try:
        with lock.open("xb") as file:
            file.write((stage / "index").read_bytes())
    except FileExistsError:
        (stage / _JOURNAL).unlink()
        raise ProjectError(
            f"git is at work in `{checkout.top}`: `{lock}` exists. Try again when it has ended."
        ) from None
    except OSError:
        lock.unlink(missing_ok=True)
        (stage / _JOURNAL).unlink()
        raise
    try:
        for move in moves:
            target = checkout.top / move.path
            if move.leaves:
                _rename(target, stage / "old" / move.path)
            if move.comes:
                _rename(stage / "new" / move.path, target)
        _pending_undo(checkout).rename(_undo_record(checkout))
        lock.rename(checkout.index)
    except OSError:
        _move_back(checkout.top, stage, moves)
        _forget_undo(checkout)
        lock.unlink()
        (stage / _JOURNAL).unlink()
        raise


def _hold(journal: IO[str]) -> bool:
    """Lock a journal for as long as it is open; whether nobody else holds it."""
    if sys.platform != "win32":
        try:
            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # This file system has no locks.
    return True


def _move_back(top: Path, stage: Path, moves: Sequence[_Move]) -> None:
    """Undo as many of the moves as were made, the last one first."""
    for move in reversed(moves):
        target, new, old = top / move.path, stage / "new" / move.path, stage / "old" / move.path
        if move.comes and not os.path.lexists(new):
            _rename(target, new)
        if move.leaves and os.path.lexists(old):
            _rename(old, target)
    _prune(top, [move.path for move in moves if not move.leaves])


def _rename(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def _prune(top: Path, paths: Iterable[str]) -> None:
    """Remove the directories of files that went, where they are empty now."""
    for path in paths:
        for folder in (top / path).parents:
            if folder == top:
                break
            try:
                folder.rmdir()
            except OSError:
                break


def _moves(checkout: Checkout, merge: Merge, last: str) -> list[_Move]:
    """The moves in their order: what only goes makes room first."""
    moves = []
    for path in merge.changed:
        full = checkout.prefix + path
        leaves = os.path.lexists(checkout.top / full) and path in merge.yours
        moves.append(_Move(full, leaves, path in merge.result))
    return sorted(moves, key=lambda move: (move.path == checkout.prefix + last, move.comes))


def _make_stage(checkout: Checkout) -> Path:
    project = checkout.top / checkout.prefix
    same = checkout.git_dir.stat().st_dev == project.stat().st_dev
    place = checkout.git_dir if same else project
    try:
        return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    except OSError as error:
        reason = error.strerror
        raise RenderError(
            f"`{place}` cannot be written to: {reason}. Nothing was changed."
        ) from error


def _stage_files(checkout: Checkout, store: Store, merge: Merge, stage: Path) -> None:
    """Let git write the files as it would check them out: line ends, filters, modes."""
    environment = {
        **_ENVIRONMENT,
        "GIT_INDEX_FILE": str(stage / "files"),
        "GIT_OBJECT_DIRECTORY": str(store.folder / "objects"),
    }
    entries = {path: merge.result[path] for path in merge.changed if path in merge.result}
    lines = "".join(
        f"{entry.mode} {entry.name}\t{checkout.prefix}{path}\0" for path, entry in entries.items()
    )
    _git(checkout, "update-index", "-z", "--index-info", stdin=lines, environment=environment)
    prefix = f"--prefix={stage / 'new'}/"
    _git(checkout, "checkout-index", "--all", prefix, environment=environment)


def _stage_index(checkout: Checkout, store: Store, merge: Merge, stage: Path) -> None:
    """Prepare the index: conflicts unmerged, new files intended, the rest left to `git diff`."""
    if checkout.index.exists():
        shutil.copyfile(checkout.index, stage / "index")
    environment = {**_ENVIRONMENT, "GIT_INDEX_FILE": str(stage / "index")}
    none = "0" * len(checkout.head)
    lines = ""
    for path, stages in merge.stages.items():
        lines += f"0 {none}\t{checkout.prefix}{path}\0"
        for number, entry in stages.items():
            lines += f"{entry.mode} {entry.name} {number}\t{checkout.prefix}{path}\0"
    if lines:
        entries = {entry for stages in merge.stages.values() for entry in stages.values()}
        pack = store.pack(entries)
        _git(checkout, "unpack-objects", "-q", stdin=pack, environment=environment)
    _git(checkout, "update-index", "-z", "--index-info", stdin=lines, environment=environment)
    added = [
        path
        for path in merge.changed
        if path in merge.result and path not in merge.yours and path not in merge.stages
    ]
    if added:
        beside = {"GIT_DIR": str(checkout.git_dir), "GIT_WORK_TREE": str(stage / "new")}
        options = ("--intent-to-add", "--force", "--sparse", "--pathspec-from-file=-")
        git.run(
            *("add", *options, "--pathspec-file-nul"),
            cwd=stage / "new",
            environment={**environment, **beside},
            stdin=_bytes("".join(f"{checkout.prefix}{path}\0" for path in added)),
            settings=git.IN_WORK_TREE,
        )


def undo(checkout: Checkout, *, discard_edits: bool = False) -> list[str]:
    """Give the files of the last update the content and the place in the index they had before.

    Args:
        checkout: Where.
        discard_edits: Let go what was made of these files since, though no commit has it.

    Returns:
        The files, relative to the top of the work tree.

    Raises:
        ProjectError: There is no update to undo, or work done since would be lost.
        RenderError: It failed.
    """
    record = _undo_record(checkout)
    if not record.is_file():
        raise ProjectError(f"`{checkout.top / checkout.prefix}` has no update to undo.")
    commit, *fields = record.read_bytes().decode(errors="surrogateescape").split("\0")
    came_of_it = dict(zip(fields[1::2], fields[::2], strict=True))
    paths = list(came_of_it)
    edited = [] if discard_edits else _edited_since(checkout, came_of_it)
    if edited:
        raise ProjectError(
            f"Files were edited since the update: {_names(edited)}. Commit them first.",
            remedy="discard_edits",
        )
    former = _git(checkout, "ls-tree", "-r", "-z", "--name-only", commit).split("\0")
    came = [path for path in paths if path not in former]
    kept = "".join(f"{path}\0" for path in paths if path in former)
    listed = ("--pathspec-file-nul", "--pathspec-from-file=-")
    everything = "".join(f"{path}\0" for path in paths)
    _git(checkout, "reset", "--quiet", commit, *listed, stdin=everything)
    try:
        for path in came:
            target = checkout.top / path
            if target.is_symlink() or target.is_file():
                target.unlink()
    except OSError as error:
        raise RenderError(
            f"`{error.filename}` cannot be removed: {error.strerror}. Run the same again then."
        ) from error
    _prune(checkout.top, came)
    restore = ("restore", f"--source={commit}", "--worktree", "--ignore-skip-worktree-bits")
    _git(checkout, *restore, *listed, stdin=kept)
    record.unlink()
    return paths


def _edited_since(checkout: Checkout, came_of_it: Mapping[str, str]) -> list[str]:
    """Files that are neither what an update made of them nor what is committed by now."""
    present = _files_at(checkout.top, came_of_it)
    committed = {}
    if present:
        for line in _git(checkout, "ls-tree", "-z", "HEAD", "--", *present).split("\0")[:-1]:
            fields, path = line.split("\t", 1)
            committed[path] = fields.split()[2]
    return [
        path
        for path, name in _contents(checkout, present).items()
        if name not in {came_of_it.get(path), committed.get(path)}
    ]


def _files_at(top: Path, paths: Iterable[str]) -> list[str]:
    """What lies at these paths; in place of a directory the files in it."""
    found = []
    for path in paths:
        place = top / path
        if place.is_dir() and not place.is_symlink():
            inside = (file for file in place.rglob("*") if file.is_symlink() or not file.is_dir())
            found += [file.relative_to(top).as_posix() for file in inside]
        elif os.path.lexists(place):
            found.append(path)
    return list(dict.fromkeys(found))


def _contents(checkout: Checkout, paths: Sequence[str]) -> Mapping[str, str]:
    """The names that git has for the contents of files."""
    links = [path for path in paths if (checkout.top / path).is_symlink()]
    files = [path for path in paths if path not in links]
    names = _git(checkout, "hash-object", "--", *files).split() if files else []
    found = dict(zip(files, names, strict=True))
    for path in links:
        target = os.fsencode((checkout.top / path).readlink())
        found[path] = _git(checkout, "hash-object", "--stdin", stdin=target).strip()
    return found


def _stage_undo(checkout: Checkout, merge: Merge, moves: Sequence[_Move]) -> None:
    """Prepare the record for `undo`: the commit, then what becomes of each file, and its path."""
    fields = [checkout.head]
    for move in moves:
        entry = merge.result.get(move.path.removeprefix(checkout.prefix))
        fields += [entry.name if entry else "", move.path]
    _pending_undo(checkout).write_bytes(_bytes("\0".join(fields)))


def _pending_undo(checkout: Checkout) -> Path:
    """The record of an update that is not whole yet."""
    record = _undo_record(checkout)
    return record.with_name(f"{record.name}.new")


def _forget_undo(checkout: Checkout) -> None:
    """Drop the record of an update that was moved back; that of an earlier one stays."""
    pending = _pending_undo(checkout)
    if not pending.exists():
        _undo_record(checkout).unlink(missing_ok=True)
    pending.unlink(missing_ok=True)


def _undo_record(checkout: Checkout) -> Path:
    # A repository may hold several projects.
    place = hashlib.sha256(_bytes(checkout.prefix)).hexdigest()[:12]
    return checkout.git_dir / f"{_UNDO}-{place}"


def _differing(checkout: Checkout, paths: Sequence[str]) -> list[str]:
    if not paths:
        return []
    options = ("--porcelain", "-z", "--untracked-files=no", "--no-renames")
    done = _git(checkout, "status", *options, "--", *paths)
    return [line[3:] for line in done.split("\0") if line]


def _hidden_edits(checkout: Checkout, merge: Merge, paths: Sequence[str]) -> list[str]:
    """Files that differ although git was told to assume that they do not."""
    if not paths:
        return []
    done = _git(checkout, "ls-files", "-v", "-z", "--", *paths)
    hidden = [
        line[2:] for line in done.split("\0") if line and (line[0].islower() or line[0] == "S")
    ]
    edited = []
    for path in hidden:
        if (checkout.top / path).is_file():
            name = _git(checkout, "hash-object", "--", path).strip()
            if name != merge.yours[path.removeprefix(checkout.prefix)].name:
                edited.append(path)
    return edited


def _blocking(checkout: Checkout, merge: Merge, path: str) -> str:
    """What is in the place of one of a file's directories, or of a file that comes."""
    project = checkout.top / checkout.prefix
    parts = Path(path).parts
    for depth in range(1, len(parts)):
        parent = Path(*parts[:depth])
        goes = parent.as_posix() in merge.yours and parent.as_posix() not in merge.result
        place = project / parent
        if os.path.lexists(place) and not goes and (place.is_symlink() or not place.is_dir()):
            return checkout.prefix + parent.as_posix()
    comes = path in merge.result and path not in merge.yours
    if not (comes and os.path.lexists(project / path)):
        return ""
    inside = [name for name in merge.yours if name.startswith(f"{path}/")]
    goes = bool(inside) and not any(name in merge.result for name in inside)
    return "" if goes else checkout.prefix + path


def _signatures(checkout: Checkout, moves: Sequence[_Move]) -> Mapping[str, Signature]:
    paths = {move.path: checkout.top / move.path for move in moves}
    return {name: _signature(path) for name, path in {**paths, "": checkout.index}.items()}


def _signature(path: Path) -> Signature:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals that end a process wait for the few milliseconds that the renames take."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    waiting = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    former = signal.pthread_sigmask(signal.SIG_BLOCK, waiting)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _lock(checkout: Checkout) -> Path:
    return checkout.index.with_name(f"{checkout.index.name}.lock")


def _names(paths: Iterable[str]) -> str:
    ordered = sorted(paths)
    more = f" and {len(ordered) - _LISTED} more" if len(ordered) > _LISTED else ""
    return ", ".join(f"`{path}`" for path in ordered[:_LISTED]) + more


def _git(
    checkout: Checkout,
    *arguments: str,
    stdin: str | bytes = b"",
    environment: Mapping[str, str] = _ENVIRONMENT,
) -> str:
    done = git.run(
        *arguments,
        cwd=checkout.top,
        stdin=_bytes(stdin) if isinstance(stdin, str) else stdin,
        environment=environment,
        settings=git.IN_WORK_TREE,
    )
    return done.stdout.decode(errors="surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
