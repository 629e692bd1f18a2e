import pytest

from app.shop.models import Category


@pytest.mark.parametrize("name", ["Tea", "Coffee"])
def test_a_category_is_its_name(name):
    assert str(Category(name=name)) == name
