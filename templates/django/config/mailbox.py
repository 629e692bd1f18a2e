"""Mail of development: shown in the terminal, and kept in a folder to look at."""

import re
import time
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import get_random_string

FOLDER = Path("var", "mails")
NAME = re.compile(r"[0-9]+-[0-9a-zA-Z]+\.eml")


def folder() -> Path:
    path: Path = settings.BASE_DIR / FOLDER
    return path


class EmailBackend(BaseEmailBackend):
    """Prints a message as a person reads it: encoded for the way, lines break, and links in them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(fail_silently=kwargs.get("fail_silently", False))

    def send_messages(self, email_messages: Iterable[mail.EmailMessage]) -> int:  # type: ignore[override]
        messages = list(email_messages)
        for message in messages:
            heads = f"From: {message.from_email}\nTo: {', '.join(message.to)}"
            print(f"\n{heads}\nSubject: {message.subject}\n\n{message.body}", flush=True)
            if settings.DEBUG:
                folder().mkdir(parents=True, exist_ok=True)
                name = f"{time.time_ns()}-{get_random_string(6)}.eml"
                (folder() / name).write_bytes(message.message().as_bytes())
        return len(messages)


def kept() -> Iterator[tuple[str, EmailMessage]]:
    """Yield the names and the messages of the folder, the newest first."""
    for path in sorted(folder().glob("*.eml"), reverse=True)[:100]:
        yield path.name, read(path)


def find(name: str) -> EmailMessage | None:
    """Return the message of a name, if there is one."""
    path = folder() / name
    return read(path) if NAME.fullmatch(name) and path.exists() else None


def read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
