from django.test import TestCase

from .models import Category


class CategoryTests(TestCase):
    def test_str(self):
        self.assertEqual(str(Category(name="Tea")), "Tea")
