"""`manage.py api_token`: make, list and revoke tokens of the API."""

from argparse import SUPPRESS, ArgumentParser
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from api.models import Token
from api.tokens import digest, random_text
from users.models import User

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Makes, lists and revokes tokens of the API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a token, and print it once")
        create.add_argument("name", help="what it is for")
        create.add_argument("--user", required=True, metavar="EMAIL", help="whose it is")
        create.add_argument("--days", type=int, help="how long it is valid; for good if not given")
        create.add_argument("--scope", choices=Token.Scope.values, default=Token.Scope.WRITE)
        show = actions.add_parser("list", help="show the tokens that there are")
        revoke = actions.add_parser("revoke", help="end a token")
        revoke.add_argument("id", type=int)
        for action in (create, show, revoke):
            # `manage.py` has read it; Django takes it before the action alone.
            action.add_argument("--settings", default=SUPPRESS, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["action"])(options)

    def create(self, options: dict[str, Any]) -> None:
        try:
            user = User.objects.get_by_natural_key(options["user"])
        except User.DoesNotExist:
            raise CommandError(f"There is no user `{options['user']}`.") from None
        days = options["days"]
        if days is not None and not 1 <= days <= 3650:
            raise CommandError(f"--days cannot be {days}. Set it to 1 to 3650.")
        text = random_text()
        token = Token(
            user=user,
            name=options["name"].strip(),
            scope=options["scope"],
            expires=timezone.now() + timedelta(days=days) if days else None,
            digest=digest(text),
        )
        try:
            token.full_clean()
        except ValidationError as error:
            raise CommandError(f"The name is not valid. {' '.join(error.messages)}") from None
        token.save()
        log.info("token made", credential=token.pk, owner=user.pk)
        self.stderr.write(f"Token {token.pk} is made. Copy it now: nobody sees it again.")
        self.stdout.write(text)

    def list(self, _options: dict[str, Any]) -> None:
        for token in Token.objects.select_related("user"):
            end = "expires" if token.state == "valid" else token.state
            words = [token.pk, token.name, token.scope, token.user.email]
            words += [
                f"used {day(token.last_used)}",
                f"{end} {day(token.revoked or token.expires)}",
            ]
            self.stdout.write("\t".join(map(str, words)))

    def revoke(self, options: dict[str, Any]) -> None:
        tokens = Token.objects.filter(pk=options["id"], revoked=None)
        if not tokens.update(revoked=timezone.now()):
            raise CommandError(f"There is no valid token {options['id']}.")
        log.info("token revoked", credential=options["id"])
        self.stdout.write(f"Token {options['id']} is revoked.")


def day(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d}" if when else "never"
