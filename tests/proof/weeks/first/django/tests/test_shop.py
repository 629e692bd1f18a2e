"""The shop."""

import pytest
from django.test import Client

from shop.models import Product


@pytest.mark.django_db
def test_everybody_sees_the_products(client: Client) -> None:
    Product.objects.create(name="Oolong")
    assert "Oolong" in client.get("/shop/", secure=True).text
