"""Notes: the example application."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class Note(models.Model):
    """A text that belongs to one user, and that nobody else sees."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes"
    )
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-changed", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the note's page."""
        return reverse("notes:detail", args=[self.pk])
