"""What the shop sells."""

from django.db import models


class Product(models.Model):
    """A thing for sale."""

    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name
