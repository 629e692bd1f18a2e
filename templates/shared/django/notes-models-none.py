from django.db import models

from users.access import OwnedModel


class Note(OwnedModel):
    """A text that belongs to one user, and that nobody else sees."""

    title = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-changed", "-pk")

    def __str__(self) -> str:
        return self.title
