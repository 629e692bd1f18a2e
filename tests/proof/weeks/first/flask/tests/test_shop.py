"""The shop."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.shop.models import Product


def test_everybody_sees_the_products(client: FlaskClient, session: Session) -> None:
    session.add(Product(name="Oolong"))
    session.commit()
    assert "Oolong" in client.get("/shop/").text
