"""Projects are found below a folder, and folders that hold none are counted."""

from __future__ import annotations

import os

import pytest

from stackgen.errors import ProjectError
from stackgen.fleet.discovery import discover

URL = "https://stackgen.invalid/stackgen.git"


def project(path, url=URL):
    path.mkdir(parents=True)
    (path / ".copier-answers.yml").write_text(f"# Recorded.\n_commit: v1\n_src_path: {url}\n")
    return path


def found(*folders):
    result = discover(folders, [URL])
    return list(result.projects), result.others


def test_projects_at_any_depth_are_found_and_others_are_counted(tmp_path):
    shop, blog = project(tmp_path / "shop"), project(tmp_path / "team/web/blog")
    project(shop / "vendored")  # below a project
    project(tmp_path / ".cache/old")
    project(tmp_path / "team/node_modules/one")
    (tmp_path / "empty/deep/er").mkdir(parents=True)
    (tmp_path / "team/library/.git").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    assert found(tmp_path) == ([shop, blog], 2)
    assert found(shop) == ([shop], 0)
    assert found(tmp_path, tmp_path / "team") == ([shop, blog], 3)


def test_projects_of_other_templates_are_counted(tmp_path):
    project(tmp_path / "other", "gh:somebody/template")
    quoted = project(tmp_path / "quoted", f"'{URL}'")
    broken = project(tmp_path / "broken")
    (broken / ".copier-answers.yml").write_text("{")
    assert found(tmp_path) == ([broken, quoted], 1)


def test_links_are_not_followed(tmp_path):
    (tmp_path / "clones").mkdir()
    outside = project(tmp_path / "outside")
    (tmp_path / "clones/link").symlink_to(outside)
    (tmp_path / "clones/loop").symlink_to(tmp_path / "clones")
    assert found(tmp_path / "clones") == ([], 0)


def test_a_very_deep_folder_ends_nothing(tmp_path):
    shop = project(tmp_path / "shop")
    place = os.open(tmp_path, os.O_RDONLY)
    for name in ["deep"] * 1200:
        os.mkdir(name, dir_fd=place)
        below = os.open(name, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)
    projects, _ = found(tmp_path)
    assert shop in projects
    removed = tmp_path / "deep"
    os.system(f"rm -rf {removed}")  # noqa: S605 - Python's own way is too deep a recursion


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_what_cannot_be_looked_into_is_left_to_whoever_looks_at_it(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    assert found(tmp_path) == ([tmp_path / "closed"], 0)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(ProjectError, match=r"`.*none` is not a directory"):
        found(tmp_path / "none")
