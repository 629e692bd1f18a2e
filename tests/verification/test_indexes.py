"""Package indexes of this machine: a configuration that nobody can use is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackgen.verification.indexes import warning

INDEX = 'index-url = "https://packages.invalid/simple"\n'


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    place = tmp_path / "uv.lock"
    place.write_text('source = { registry = "https://packages.invalid/simple" }\n')
    return place


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    place = tmp_path / "uv.toml"
    monkeypatch.setenv("UV_CONFIG_FILE", str(place))
    return place


def test_an_index_of_the_configuration_is_named(lock: Path, configuration: Path) -> None:
    configuration.write_text(INDEX)
    assert "`packages.invalid` of this machine" in warning(lock)
    configuration.write_text(f"pip = 3\n{INDEX}")
    assert "`packages.invalid` of this machine" in warning(lock)


@pytest.mark.parametrize(
    "text",
    [f"a = {'[' * 5000}", f"a = {'9' * 5000}", "[", "pip = [1]"],
    ids=["lists", "number", "header", "pip"],
)
def test_one_that_cannot_be_read_is_passed_over(lock: Path, configuration: Path, text: str) -> None:
    configuration.write_text(text)
    assert warning(lock) == ""


def test_a_home_that_nobody_knows_is_passed_over(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_CONFIG_FILE", "UV_NO_CONFIG", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_DIRS", "~nobody-of-that-name/x")
    assert warning(lock) == ""
