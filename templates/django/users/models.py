from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the user whom a sign-in means, in any case of letters.

        Python lowers what was typed, and no database does: to PostgreSQL the capital of an i
        without a dot is a plain one, and each such spelling would have attempts of its own to sign
        in (`throttle.attempts.spelled`).
        """
        return self.alias(lowered=Lower("email")).get(lowered=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField("staff", default=False, help_text="May use the admin.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Unset it to lock a person out without deleting anything."
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        ordering = ("email",)
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="A user with this e-mail address exists.",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @classmethod
    def of(cls, email: str) -> "User | None":
        """Return the user with this address, in any spelling."""
        try:
            return cls.objects.get_by_natural_key(email)
        except cls.DoesNotExist:
            return None
