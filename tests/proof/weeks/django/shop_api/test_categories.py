import pytest

from shop.models import Category
from tests.api.conftest import Program, token_of


@pytest.fixture
def robot(user):
    return Program(token_of(user))


def test_a_category_is_made_and_changed(robot):
    made = robot.send("POST", "/api/v1/categories/", {"name": "Tea"})
    assert made.status_code == 201
    changed = robot.send("PATCH", made["Location"], {"name": "Teas"}, If_Match=made["ETag"])
    assert changed.status_code == 200
    assert str(Category.objects.get()) == "Teas"
    assert robot.get("/api/v1/categories/").json() == [
        {"id": Category.objects.get().pk, "name": "Teas"}
    ]
