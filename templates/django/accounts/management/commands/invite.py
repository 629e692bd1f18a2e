"""`manage.py invite`: mail somebody a link that makes their account, also while sign-up is closed."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts import mails


class Command(BaseCommand):
    help = "Mails a link that makes an account, or a word that there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"`{email}` is not an e-mail address.") from None
        mails.invite(email)
        self.stdout.write(f"A message to {email} is on its way.")
