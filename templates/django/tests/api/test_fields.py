"""Kinds of fields, as the description has them."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from api.fields import LARGEST_ID, NO_NUL, Change, Id, Input, Page, QueryId


def test_texts_are_described_as_they_are_taken() -> None:
    class New(Input):
        name: str
        tags: list[str] = []
        remark: str | None = None
        number: int = 0

    fields = New.model_json_schema()["properties"]
    for text in (fields["name"], fields["tags"]["items"], fields["remark"]["anyOf"][0]):
        assert text["pattern"] == NO_NUL
    assert "pattern" not in fields["number"]


def test_ids_are_whole_numbers_that_the_database_can_look_for() -> None:
    class Reference(Input):
        note_id: Id

    class Filter(Page):
        note_id: QueryId | None = None
        text: str = ""

    assert Reference(note_id=LARGEST_ID).note_id == LARGEST_ID
    assert Filter.model_validate({"note_id": "7"}).note_id == 7
    bad: tuple[tuple[type[BaseModel], Any], ...]
    bad = ((Reference, "1"), (Reference, 1.0), (Reference, True), (Filter, "+1"), (Filter, "1.0"))
    bad += ((Reference, 0), (Reference, LARGEST_ID + 1), (Filter, str(LARGEST_ID + 1)))
    for model, value in bad:
        with pytest.raises(ValidationError):
            model.model_validate({"note_id": value})
    assert Filter.model_json_schema()["properties"]["text"]["pattern"] == NO_NUL


def test_a_change_has_no_defaults() -> None:
    class Changed(Change):
        name: str = ""

    assert "default" not in Changed.model_json_schema()["properties"]["name"]
