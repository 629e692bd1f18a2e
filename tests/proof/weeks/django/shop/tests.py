import pytest
from django.test import TestCase

from .models import Category


class CategoryTests(TestCase):
    def test_str(self):
        self.assertEqual(str(Category(name="Tea")), "Tea")


@pytest.mark.parametrize("name", ["Tea", "Coffee"])
def test_a_category_is_its_name(name):
    assert str(Category(name=name)) == name
