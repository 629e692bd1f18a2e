"""What the build adds: the version, and the template with its history.

A wheel and an sdist carry `copier.yml`, `templates/` and `templates.bundle`, a git bundle in which
the version that is built is recorded from the very files that are carried beside it. What that
means is said once, in `src/stackgen/template`, which works without any dependency of stackgen's
but `packaging`. (`hatch-vcs` takes new files for clean although a wheel would carry them, dates a
changed tree instead of naming it, and cannot read a clone that belongs to another user.)
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp

ROOT = Path(__file__).resolve().parent

# From this source tree, whichever stackgen is installed; and a build writes nothing into that.
_before = (sys.path[:], sys.dont_write_bytecode)
sys.path.insert(0, str(ROOT / "src"))
sys.dont_write_bytecode = True
from stackgen import git  # noqa: E402
from stackgen.errors import StackgenError  # noqa: E402
from stackgen.template import bundle  # noqa: E402
from stackgen.template.clone import carried_files, find_clone  # noqa: E402
from stackgen.template.objects import all_objects  # noqa: E402
from stackgen.template.versions import NAMELESS, clone_version  # noqa: E402

sys.path[:], sys.dont_write_bytecode = _before


class TemplateBuildHook(BuildHookInterface[Any]):
    """Adds the template, its history and the version."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Register what is added, each file with its place in the archive."""
        if version == "editable":  # reads the checkout
            return
        self._private = tempfile.TemporaryDirectory(prefix="stackgen-build-")
        try:
            self._add_files(build_data["force_include"])
        except StackgenError as error:
            self.app.abort(str(error))

    def finalize(self, version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        """Remove what was made for the build."""
        if version != "editable":
            self._private.cleanup()

    def _add_files(self, included: dict[str, str]) -> None:
        private = Path(self._private.name)
        is_wheel = self.target_name == "wheel"
        place = "stackgen/_template/" if is_wheel else ""
        for name in carried_files(ROOT, find_clone(ROOT)):
            included[str(ROOT / name)] = place + name
        history = private / bundle.NAME
        if git.available():
            time = get_reproducible_timestamp()
            for line in bundle.write_bundle(ROOT, self.metadata.version, history, time=time):
                self.app.display_warning(line)
        else:
            history = ROOT / bundle.NAME
        if history.is_file():
            included[str(history)] = place + bundle.NAME
        else:
            self.app.display_warning("Without git this build has no history: it cannot update.")
        if is_wheel:
            (private / "version.txt").write_text(f"{self.metadata.version}\n", encoding="ascii")
            included[str(private / "version.txt")] = "stackgen/version.txt"


def version() -> str:
    """Return the version of this source tree; hatchling asks where there is no `PKG-INFO`."""
    clone = find_clone(ROOT)
    if clone is None:
        return NAMELESS
    try:
        with all_objects(clone) as objects:
            return clone_version(clone, objects)
    except StackgenError as error:
        sys.exit(str(error))
