"""Every page of the admin, for every model that is registered."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.admin.forms import can_make
from app.admin.registry import Section, registered
from conftest import token
from tests.admin.conftest import Parcel

ADMIN = "/back-office/"
SAMPLES: dict[type, Any] = {
    bool: True,
    bytes: b"",
    date: date(2026, 1, 2),
    datetime: datetime(2026, 1, 2, tzinfo=UTC),
    Decimal: Decimal(1),
    dict: {},
    float: 1.0,
    int: 1,
    list: [],
    str: "sample",
    time: time(12),
    UUID: UUID(int=1),
}


def sample(session, section):
    """Make a record of what a model demands."""
    values = {}
    for key, column in section.every.items():
        is_numbered = column is column.table.autoincrement_column
        if is_numbered or column.nullable or column.default is not None or column.server_default:
            continue
        kind = column.type.python_type
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column.table
            models = (mapper.class_ for mapper in section.model.registry.mappers)
            model = next(model for model in models if model.__table__ is target)
            parent = session.scalars(select(model)).first() or sample(session, Section(model=model))
            values[key] = Section(model=model).key(parent)
        elif issubclass(kind, Enum):
            values[key] = next(iter(kind))
        else:
            short = slice(getattr(column.type, "length", None))
            values[key] = SAMPLES[kind][short] if kind is str else SAMPLES[kind]
    record = section.model(**values)
    session.add(record)
    session.commit()
    return record


def addresses(section, found, page):
    """All pages of a section, with each order and each filter of its list, which is `page`."""
    records = f"{ADMIN}{section.slug}/"
    record = f"{records}{section.key(found)}/"
    yield from (record, f"{records}?q=a%25%00")
    yield from (f"{records}?order={sign}{key}" for key in section.columns for sign in ("", "-"))
    for name, options in re.findall(r'(?s) name="(is-\w+)">(.*?)</select>', page):
        yield from (f"{records}?{name}={value}" for value in re.findall('value="(.*?)"', options))
    yield from [f"{records}new/"] if can_make(section) else []
    yield from [f"{record}change/"] if "change" in section.can else []
    yield from [f"{record}delete/"] if "delete" in section.can else []


def look(response):
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=|javascript:", response.text)


def test_every_page_of_every_model(app, member, staff, session, parcels):
    """`member` is an account that staff may change."""
    assert set(registered(app)) >= {"account", "admin_log", "parcel"}
    look(staff.get(ADMIN))
    for section in list(registered(app).values()):
        found = session.scalars(select(section.model)).first() or sample(session, section)
        page = staff.get(f"{ADMIN}{section.slug}/")
        look(page)
        for address in addresses(section, found, page.text):
            response = staff.get(address, follow_redirects=True)
            assert response.request.path == address.partition("?")[0]
            look(response)
        for action in set(re.findall('name="action" value="(.*?)"', page.text)):
            data = {"csrf_token": token(staff), "action": action, "key": section.key(found)}
            look(staff.post(f"{ADMIN}{section.slug}/actions/", data=data))


@pytest.mark.parametrize(
    "path",
    [
        *("nothing/", "nothing/new/", "nothing/1/", "account/new/", "admin_log/new/"),
        *("account/0/", "account/01/", "account/x/", f"account/{2**63}/", f"account/{'9' * 5000}/"),
        *("account/x%00/", "account/?order=password_hash", "account/?is-active=2"),
        *("account/?page=9", "account/actions/"),
    ],
)
def test_what_is_not_there_is_not_found(staff, path):
    assert staff.get(ADMIN + path).status_code == 404
    assert staff.post(ADMIN + path, data={"csrf_token": token(staff)}).status_code in {404, 405}


def test_it_is_for_staff_with_their_second_factor(client, member, staff, session):
    for path in (ADMIN, f"{ADMIN}account/", f"{ADMIN}nothing/"):
        assert client.get(path).location.startswith("/accounts/login/?next=")
        assert member.get(path).status_code == 403
    assert ADMIN not in member.get("/").text
    assert ADMIN in staff.get("/").text
    session.delete(staff.user.factor)
    session.commit()
    assert staff.get(ADMIN).location == "/accounts/2fa/"


def test_secrets_are_shown_nowhere(staff, member, session, parcels):
    session.add(Parcel(name="chest", door_pin="4711-4711"))
    session.commit()
    pages = ("account/", f"account/{member.user.id}/", "parcel/", "parcel/1/", "parcel/1/change/")
    for path in pages:
        page = staff.get(ADMIN + path)
        assert page.status_code == 200
        assert not re.search("4711|door|argon2|password_hash", page.text, re.IGNORECASE)
    assert rows(staff.get(f"{ADMIN}parcel/?q=4711")) == []


def rows(page):
    return re.findall(r'aria-label="Choose (.*?)"', page.text)


def test_the_list_is_searched_filtered_ordered_and_has_pages(staff, session, parcels):
    for number in range(30):
        name, fragile = f"box {number:02}", number % 3 == 0
        session.add(Parcel(name=name, fragile=fragile, text="50% off" if number == 7 else None))
    session.commit()
    address = f"{ADMIN}parcel/"
    assert rows(staff.get(address))[0] == "box 29"
    assert rows(staff.get(f"{address}?order=name"))[:2] == ["box 00", "box 01"]
    assert len(rows(staff.get(address))) == 20
    assert rows(staff.get(f"{address}?page=2&order=name"))[0] == "box 20"
    assert rows(staff.get(f"{address}?q=BOX+1&order=-name"))[0] == "box 19"
    assert rows(staff.get(f"{address}?q=50%25")) == ["box 07"]
    assert rows(staff.get(f"{address}?q=5%25f")) == []
    assert len(rows(staff.get(f"{address}?is-fragile=True"))) == 10
    turned = staff.get(f"{address}?q=box&is-fragile=False&order=name")
    assert 'aria-sort="ascending"' in turned.text
    assert staff.get(f"{address}?slug=x&_external=1&_scheme=y").status_code == 200
    for kept in ("q=box", "is-fragile=False", "order=-name"):
        assert kept in turned.text
