from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

# Names are shown in terminals and logs.
NO_CONTROL = RegexValidator(r"^[^\x00-\x1f\x7f-\x9f]*\Z", "Leave out control characters.")


class Token(models.Model):
    """What a program shows to act for a user; only the hash of it is kept."""

    class Scope(models.TextChoices):
        READ = "read", "read"
        WRITE = "write", "read and write"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100, validators=[NO_CONTROL], help_text="What it is for.")
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WRITE)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True, blank=True, help_text="Empty: it does not expire.")
    last_used = models.DateTimeField(null=True, editable=False)
    revoked = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        if self.revoked:
            return "revoked"
        return "expired" if self.expires and self.expires <= timezone.now() else "valid"


class RequestCount(models.Model):
    """How many requests a token or a network made in a minute."""

    key = models.CharField(max_length=64)
    minute = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("key", "minute", name="api_one_count_a_minute"),)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class IdempotencyKey(models.Model):
    """A creation that was asked for under a key, and its answer once there is one."""

    digest = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    claim = models.UUIDField()
    created = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    location = models.TextField(default="")
    body = models.TextField(default="")

    def __str__(self) -> str:
        return self.digest
