from django.db import models


class Attempts(models.Model):
    """How often something was tried since its window of time began."""

    digest = models.CharField(max_length=64, primary_key=True)
    count = models.BigIntegerField()
    ends = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return f"{self.digest}: {self.count}"
