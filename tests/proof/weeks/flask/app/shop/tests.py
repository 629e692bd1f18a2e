from app.shop.models import Category


def test_a_category_is_its_name():
    assert str(Category(name="Tea")) == "Tea"
