import io

import pytest
from sqlalchemy import select

from app.shop.models import Category, Product
from conftest import token


@pytest.fixture
def tea(session):
    tea = Category(name="Tea")
    session.add(tea)
    session.commit()
    return tea


def test_everybody_sees_the_products(client, session, tea):
    session.add(Product(category=tea, name="Oolong", price=3))
    session.commit()
    assert "Oolong" in client.get("/shop/").text


def test_members_add_products(member, session, tea, mailbox):
    manual = (io.BytesIO(b"%PDF-1.7"), "brewing.pdf")
    data = {
        "csrf_token": token(member),
        "category": tea.id,
        "name": "Oolong",
        "price": "3.50",
        "manual": manual,
    }
    page = member.post("/shop/new/", data=data, follow_redirects=True).text
    assert "Tea, 3.50" in page
    assert [message["Subject"] for message in mailbox] == ["A new product"]
    product = session.scalars(select(Product)).one()
    assert member.get(f"/media/{product.manual}").data == b"%PDF-1.7"


def test_programs_read_the_products(member, session, tea):
    session.add(Product(category=tea, name="Oolong", price=3))
    session.commit()
    assert member.get("/shop/api/products/").json["products"][0]["name"] == "Oolong"


def test_the_payment_service_calls(client):
    assert client.post("/shop/paid/", json={"order": "a1"}).text == "a1"


def test_the_report_is_mailed(runner, tea, mailbox):
    assert "Reported 0 products." in runner.invoke(args=["shop", "report"]).output
    assert mailbox[0]["Subject"] == "The nightly report"


def test_the_sales_page_opens(member):
    assert "Sales" in member.get("/shop/sales/").text
