import pytest
from django.test import TestCase

from .models import Category


class CategoryTests(TestCase):
    def test_str(self):
        self.assertEqual(str(Category(name="Tea")), "Tea")

    def test_a_page_is_asked_for_as_through_the_proxy(self):
        self.assertEqual(self.client.get("/").status_code, 200)


@pytest.mark.parametrize("name", ["Tea", "Coffee"])
def test_a_category_is_its_name(name):
    assert str(Category(name=name)) == name


def test_fixtures_are_those_of_the_other_tests(client, member):
    assert client.get("/").status_code == 200
    assert member.get("/").context["user"] == member.user
