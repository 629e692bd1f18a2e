"""The variables that commands of a verification get of those that a person has set."""

from __future__ import annotations

import os

# What a person has set for their shell may be meant for another project, such as DATABASE_URL: a
# check gets what programs need to work at all, and no more.
_NAMES = {
    *("APPDATA", "COMSPEC", "HOME", "LANG", "LOCALAPPDATA", "LOGNAME", "MYPY_CACHE_DIR", "PATH"),
    *("PATHEXT", "REQUESTS_CA_BUNDLE", "SYSTEMROOT", "TZ", "USER", "USERPROFILE"),
    *("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"),
}
_PREFIXES = ("LC_", "PIP_", "PYENV_", "SSL_CERT_", "UV_", "XDG_")

_OTHER_PROJECT = {
    *("CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT", "UV_PROJECT_ENVIRONMENT"),
    *("UV_WORKING_DIR", "UV_WORKING_DIRECTORY", "VIRTUAL_ENV"),
}
# With these packages go elsewhere, or some are left out.
_BREAKS_INSTALLS = {
    *("PIP_DRY_RUN", "PIP_NO_DEPS", "PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET"),
    *("PIP_USER", "UV_FROZEN", "UV_LOCKED", "UV_NO_DEV", "UV_NO_EDITABLE", "UV_NO_SYNC"),
    *("UV_NO_INSTALL_PROJECT", "UV_SYSTEM_PYTHON"),
}
_NEVER = _OTHER_PROJECT | _BREAKS_INSTALLS


def for_installs() -> dict[str, str]:
    """Return what installing gets: all, for an index may ask any helper for a login."""
    return {name: value for name, value in os.environ.items() if name.upper() not in _NEVER}


def for_checks() -> dict[str, str]:
    """Return what the project's own commands get."""
    return {
        name: value
        for name, value in for_installs().items()
        if name.upper() in _NAMES or name.startswith(_PREFIXES)
    }
