"""Mail of development: shown in the terminal, and kept in a folder to look at."""

import time
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from config.environment import BASE_DIR

FOLDER = BASE_DIR / "var" / "mails"
SHOWN = 50


class EmailBackend(BaseEmailBackend):
    """Prints a message as a person reads it: encoded for the way, lines break, and links in them."""

    def send_messages(self, email_messages: Iterable[mail.EmailMessage]) -> int:
        messages = list(email_messages)
        for message in messages:
            heads = f"From: {message.from_email}\nTo: {', '.join(message.to)}"
            print(f"\n{heads}\nSubject: {message.subject}\n\n{message.body}", flush=True)
            if settings.DEBUG:
                FOLDER.mkdir(parents=True, exist_ok=True)
                file = FOLDER / f"{time.time_ns()}.eml"
                file.write_bytes(message.message().as_bytes())
        return len(messages)


def kept() -> Iterator[tuple[EmailMessage, str]]:
    """Yield the last messages of the folder with their texts, the newest first."""
    for path in sorted(FOLDER.glob("*.eml"), reverse=True)[:SHOWN]:
        message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
        part = message.get_body(("plain",))
        yield message, part.get_content() if part else ""
