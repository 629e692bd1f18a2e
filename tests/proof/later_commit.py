"""A repository of stackgen's that has gone on by a commit, which adds a line to every README."""

from __future__ import annotations

import shutil
from pathlib import Path

from option_matrix import ROOT
from template_history import commit, git

NEWS = "\nNew in a later commit.\n"


def make_upstream(root: Path) -> Path:
    """This repository without its tags, what is not committed yet included, and one commit more."""
    git("clone", "-q", "--no-tags", str(ROOT), str(root), cwd=root.parent)
    git("checkout", "-q", "-B", "main", cwd=root)
    git("rm", "-q", "-r", ".", cwd=root)
    for name in git("ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    # More than the entry of a release, which would be that release.
    (root / "CHANGELOG.md").write_text(NEWS + (root / "CHANGELOG.md").read_text("utf-8"), "utf-8")
    commit(root, "present")
    for framework in ("django", "flask"):
        readme = root / "templates" / framework / "README.md.jinja"
        readme.write_text(readme.read_text("utf-8") + NEWS, "utf-8")
    commit(root, "later")
    return root
