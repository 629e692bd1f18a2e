"""What staff write in the admin: forms with the model's own validation, questions, and the log."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts.models import SignIn, User
from app.accounts.roles import STAFF
from app.admin.models import LogEntry
from app.admin.registry import register
from conftest import token
from tests.accounts.people import is_signed_in
from tests.admin.conftest import Colour, Parcel

PARCELS, USERS = "/back-office/parcel/", "/back-office/account/"
FILLED = {
    "name": " chest ",
    "text": "One\r\nTwo",
    "colour": "Colour.BLUE",
    "fragile": "y",
    "insured": "False",
    "pieces": "3",
    "weight": "12.50",
    "length": "1.5",
    "sent": "2026-01-02T03:04:05",
    "due": "2026-01-03",
    "hour": "12:30",
    "number": str(UUID(int=7)),
}
KEPT = {
    "name": "chest",
    "text": "One\nTwo",
    "colour": Colour.BLUE,
    "fragile": True,
    "insured": False,
    "pieces": 3,
    "weight": Decimal("12.50"),
    "length": 1.5,
    "due": date(2026, 1, 3),
    "hour": time(12, 30),
    "number": UUID(int=7),
    "door_pin": None,
    "inside_id": None,
}


def post(client, path, **fields):
    return client.post(path, data={"csrf_token": token(client)} | fields)


def act(client, path, action, *records, **fields):
    return post(client, f"{path}actions/", action=action, key=[one.id for one in records], **fields)


def entries(session):
    """What the log has: who did what, to what, and to which fields of it."""
    found = session.scalars(select(LogEntry).order_by(LogEntry.id))
    return [(one.email, one.action, one.model, one.label, one.fields) for one in found]


@pytest.fixture
def chest(session, parcels):
    chest = Parcel(name="chest", sent=datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC))
    session.add(chest)
    session.commit()
    return chest


def test_a_form_has_a_field_for_each_kind_of_column(staff, session, parcels):
    response = post(staff, f"{PARCELS}new/", **FILLED, id="99", door_pin="4711")
    parcel = session.scalars(select(Parcel)).one()
    assert response.location == f"{PARCELS}{parcel.id}/"
    assert parcel.id != 99
    assert {key: getattr(parcel, key) for key in KEPT} == KEPT
    assert parcel.sent.replace(tzinfo=None) == datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001
    shown = staff.get(response.location).text
    for text in ("Parcel saved.", "BLUE", "One\nTwo", "2026-01-02 03:04", "12.50"):
        assert text in shown
    ((email, action, model, label, fields),) = entries(session)
    assert (email, action, model, label) == (staff.user.email, "Create", "parcel", "chest")
    assert "name, text" in fields
    assert "door_pin" not in fields


def test_what_is_left_out_has_its_default(staff, session, parcels):
    post(staff, f"{PARCELS}new/", name="bag", text="", pieces="", inside_id="")
    bag = session.scalars(select(Parcel)).one()
    assert (bag.pieces, bag.fragile, bag.text, bag.sent) == (1, False, None, None)
    post(staff, f"{PARCELS}new/", name="box", inside_id=str(bag.id))
    (box,) = session.scalars(select(Parcel).where(Parcel.inside_id == bag.id))
    assert f'<a href="{PARCELS}{bag.id}/">bag</a>' in staff.get(f"{PARCELS}{box.id}/").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", " "), ("name", "x" * 21), ("name", "a\0b"), ("name", "chest")),
        *(("pieces", "0"), ("pieces", "x"), ("pieces", str(2**63)), ("weight", "nan")),
        *(("length", "inf"), ("colour", "Colour.GREEN"), ("insured", "maybe")),
        *(("sent", "yesterday"), ("number", "7"), ("number", "\0"), ("inside_id", "987654321")),
    ],
)
def test_what_the_model_or_the_database_refuses(staff, session, chest, field, value):
    page = post(staff, f"{PARCELS}new/", **({"name": "bag", field: value}))
    assert page.status_code == 200
    assert "Error: New parcel" in page.text
    assert session.scalars(select(Parcel)).all() == [chest]
    assert entries(session) == []


def test_a_change_names_what_differs(staff, session, chest):
    form = staff.get(f"{PARCELS}{chest.id}/change/").text
    fields = dict(re.findall(r'name="(\w+)" \w[^>]* value="([^"]*)"', form)) | {"weight": "2"}
    del fields["fragile"]  # what is not ticked is not sent
    assert fields["sent"] == "2026-01-02T03:04:05"
    assert post(staff, f"{PARCELS}{chest.id}/change/", **fields).status_code == 302
    session.refresh(chest)
    assert (chest.weight, chest.sent.microsecond) == (2, 600)
    assert entries(session) == [(staff.user.email, "Change", "parcel", "chest", "weight")]
    assert "Change by grace@example.com: weight" in staff.get(f"{PARCELS}{chest.id}/").text
    assert "grace@example.com" in staff.get("/back-office/admin_log/").text
    assert "Error:" in post(staff, f"{PARCELS}{chest.id}/change/", **fields | {"pieces": ""}).text


def test_more_records_than_a_list_holds_are_chosen_by_key(staff, session, chest, monkeypatch):
    monkeypatch.setattr("app.admin.forms.CHOICES", 0)
    assert "<select" not in staff.get(f"{PARCELS}new/").text.partition("inside_id")[2]
    for number in ("987654321", str(2**62), str(10**30)):
        assert "Error:" in post(staff, f"{PARCELS}new/", name="bag", inside_id=number).text
    assert post(staff, f"{PARCELS}new/", name="bag", inside_id=chest.id).status_code == 302


def test_nothing_goes_without_a_question(staff, session, chest):
    question = staff.get(f"{PARCELS}{chest.id}/delete/").text
    assert "Delete 1 parcel?" in question
    assert "chest" in question
    assert "Delete 1 parcel?" in act(staff, PARCELS, "Delete", chest).text
    assert session.scalars(select(Parcel)).all() == [chest]
    gone = act(staff, PARCELS, "Delete", chest, sure="1")
    assert "Delete: 1 parcel." in staff.get(gone.location).text
    assert session.scalars(select(Parcel)).all() == []
    assert entries(session) == [(staff.user.email, "Delete", "parcel", "chest", "")]
    log = session.scalars(select(LogEntry)).one()
    assert act(staff, "/back-office/admin_log/", "Delete", log, sure="1").status_code == 404
    assert staff.get(f"/back-office/admin_log/{log.id}/delete/").status_code == 404


def test_all_that_were_chosen_or_none(app, staff, session, chest):
    bag = Parcel(name="bag")
    box = Parcel(name="box", inside_id=chest.id)
    session.add_all([bag, box])
    session.commit()
    refused = act(staff, PARCELS, "Delete", bag, chest, sure="1")
    assert "Nothing was done" in staff.get(refused.location).text
    assert len(session.scalars(select(Parcel)).all()) == 3
    assert entries(session) == []
    assert "Choose at least one." in staff.get(act(staff, PARCELS, "Delete").location).text
    act(staff, PARCELS, "Delete", bag, box, sure="1")
    assert session.scalars(select(Parcel)).all() == [chest]


def test_an_action_of_ones_own_asks_as_well(app, staff, session, chest):
    register(app, Parcel, actions={"Wrap": lambda parcel: setattr(parcel, "fragile", True)})
    assert "Wrap 1 parcel?" in act(staff, PARCELS, "Wrap", chest).text
    assert not chest.fragile
    act(staff, PARCELS, "Wrap", chest, sure="1")
    session.refresh(chest)
    assert chest.fragile
    assert entries(session) == [(staff.user.email, "Wrap", "parcel", "chest", "")]
    assert act(staff, PARCELS, "Burn", chest, sure="1").status_code == 404


def test_forms_need_their_token(staff, session, chest):
    paths = (f"{PARCELS}new/", f"{PARCELS}{chest.id}/change/", f"{PARCELS}actions/")
    for path in paths:
        data = {"name": "bag", "action": "Delete", "key": chest.id, "sure": "1"}
        assert staff.post(path, data=data).status_code == 400
    assert session.scalars(select(Parcel)).all() == [chest]
    assert staff.get(f"{PARCELS}actions/").status_code == 404


def test_staff_give_roles_and_close_accounts(staff, member, session):
    address = f"{USERS}{member.user.id}/change/"
    post(staff, address, active="y", roles=STAFF, email="eve@example.com", password_hash="x")
    session.refresh(member.user)
    assert (member.user.email, member.user.has_role(STAFF)) == ("ada@example.com", True)
    assert "Error:" in post(staff, address, active="y", roles="king").text
    post(staff, address)
    session.refresh(member.user)
    assert (member.user.active, member.user.roles) == (False, "")
    assert session.scalars(select(SignIn).where(SignIn.user_id == member.user.id)).all() == []
    post(staff, address, active="y")
    assert not is_signed_in(member), "a session from before stays dead"
    fields = [fields for *_, fields in entries(session)]
    assert fields == ["roles", "active, roles", "active"]


def test_a_user_goes_with_all_that_is_theirs(staff, member, session):
    assert "sign in (1)" in staff.get(f"{USERS}{member.user.id}/delete/").text
    act(staff, USERS, "Delete", member.user, sure="1")
    assert [user.email for user in session.scalars(select(User))] == [staff.user.email]
    assert not is_signed_in(member)


def test_nobody_loses_their_own_account_here(staff, member, session):
    own = f"{USERS}{staff.user.id}/"
    assert staff.get(f"{own}change/").location == own
    post(staff, f"{own}change/")
    act(staff, USERS, "Delete", member.user, staff.user, sure="1")
    session.refresh(staff.user)
    assert staff.user.has_role(STAFF)
    assert len(session.scalars(select(User)).all()) == 2
    assert "Nobody changes their own account here." in staff.get(USERS).text


def test_a_model_that_cannot_be_shown_is_refused(app):
    for model, options, reason in (
        (SignIn, {}, "sign_in needs a key of one column that is no secret"),
        (Parcel, {"columns": ["nmae"]}, "parcel has no nmae"),
        (Parcel, {"search": ["door_pin"]}, "parcel has no door_pin"),
    ):
        with pytest.raises(ValueError, match=reason):
            register(app, model, **options)
