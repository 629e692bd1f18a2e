"""The standards that a person may use: where they are kept, and what their configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackgen.cli.presets import cache_folder, configuration_file
from stackgen.errors import StandardError

if TYPE_CHECKING:
    from stackgen.team.sources import Sources


def read_sources(*, configured: bool) -> Sources:
    """Return the standards that may be used.

    Args:
        configured: Let the names of the configuration count.

    Raises:
        ConfigurationError: The configuration cannot be read.
        StandardError: It names an address that is not allowed, or there is no place to keep any.
    """
    from stackgen.project.configuration import read_standards
    from stackgen.team.cache import Cache
    from stackgen.team.sources import Sources, checked_names

    file, folder = configuration_file(), cache_folder()
    if folder is None:
        raise StandardError("Standards are kept in your cache, and `HOME` names no folder. Set it.")
    names = read_standards(file) if configured and file else {}
    try:
        checked = checked_names(names)
    except StandardError as error:
        raise StandardError(f"`{file}`: {error}") from error
    return Sources(cache=Cache(folder), names=checked)
