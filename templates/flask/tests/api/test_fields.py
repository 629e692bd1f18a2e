"""Kinds of fields, as the schema describes them and as they are read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from app.api.fields import LARGEST_ID, NO_NUL, Change, Id, Input, as_utc
from app.api.paging import Page, QueryId

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_times_are_those_of_utc():
    berlin = timezone(timedelta(hours=1))
    for kept in (NOON, NOON.replace(tzinfo=None), NOON.astimezone(berlin)):
        assert as_utc(kept).isoformat() == "2026-01-31T12:00:00+00:00"


def test_texts_are_described_as_they_are_taken():
    class New(Input):
        name: str
        tags: list[str] = []
        remark: str | None = None
        number: int = 0

    fields = New.model_json_schema()["properties"]
    for text in (fields["name"], fields["tags"]["items"], fields["remark"]["anyOf"][0]):
        assert text["pattern"] == NO_NUL
    assert "pattern" not in fields["number"]


def test_ids_are_whole_numbers_that_the_database_can_look_for():
    class Reference(Input):
        note_id: Id

    class Filter(Page):
        note_id: QueryId | None = None
        text: str = ""

    assert Reference(note_id=LARGEST_ID).note_id == LARGEST_ID
    assert Filter.model_validate({"note_id": "7"}).note_id == 7
    for sent in ("1", 1.0, True, 0, LARGEST_ID + 1):
        with pytest.raises(ValidationError):
            Reference.model_validate({"note_id": sent})
    for text in ("+1", "1.0", "0", str(LARGEST_ID + 1)):
        with pytest.raises(ValidationError):
            Filter.model_validate({"note_id": text})
    assert Filter.model_json_schema()["properties"]["text"]["pattern"] == NO_NUL


def test_a_change_has_no_defaults():
    class Changed(Change):
        name: str = ""

    assert "default" not in Changed.model_json_schema()["properties"]["name"]
