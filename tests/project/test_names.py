"""What a project may be called is one rule, wherever it is asked: three places know of it."""

from __future__ import annotations

import keyword
import sys

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgen.advice.loading import load_questionnaire
from stackgen.errors import DestinationError
from stackgen.project.destination import INSTALLERS, WINDOWS_DEVICES, check_name
from stackgen.project.packages import installed_packages
from stackgen.schemas.answers import answers_schema
from stackgen.template import source
from stackgen.template.loading import load_options

OPTIONS = load_options(source.template_root())
ENTRY = answers_schema(load_questionnaire(), OPTIONS)["properties"]["options"]["properties"][
    "project_name"
]
SCHEMA = jsonschema.Draft202012Validator(ENTRY)

TAKEN = [*keyword.kwlist, *INSTALLERS, *WINDOWS_DEVICES, *OPTIONS.frameworks]
# Copier's own rule cannot know the modules of the Python that stackgen runs on, nor what a package
# needs that a project depends on.
MODULES = {name for name in sys.stdlib_module_names if not name.startswith("_")}
PACKAGES = {name.replace("-", "_") for name in installed_packages() - set(OPTIONS.frameworks)}
UNKNOWN_TO_COPIER = {name.lower() for name in MODULES | PACKAGES} - set(TAKEN)


def refused(name: str) -> bool:
    try:
        check_name(name, OPTIONS.frameworks)
    except DestinationError:
        return True
    return False


def refused_by_copier(name: str) -> bool:
    return bool(OPTIONS.refusal({"project_name": name}))


names = st.text("aZ09-_", max_size=8) | st.text(max_size=4) | st.sampled_from(["x" * 64, "x" * 65])


@settings(max_examples=300)
@given(
    names
    | st.sampled_from([*TAKEN, *sorted(installed_packages())])
    | st.sampled_from(TAKEN).map(str.upper)
)
def test_three_places_judge_a_name_alike(name: str) -> None:
    assert SCHEMA.is_valid(name) == (not refused(name)), name
    if name.lower().replace("-", "_") not in UNKNOWN_TO_COPIER:
        assert refused_by_copier(name) == refused(name), name


@pytest.mark.parametrize("name", sorted({*TAKEN, *MODULES, *PACKAGES}))
def test_every_taken_name_is_refused_in_any_spelling(name: str) -> None:
    for spelling in (name, name.upper(), name.replace("_", "-")):
        assert refused(spelling)
        assert not SCHEMA.is_valid(spelling)
        assert name.lower() in UNKNOWN_TO_COPIER or refused_by_copier(spelling)
