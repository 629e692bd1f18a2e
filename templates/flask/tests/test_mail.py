"""Mail: it is written anywhere, and leaves encrypted or not at all."""

import smtplib
from email.message import EmailMessage
from unittest.mock import MagicMock

from app import mail
from app.config import Settings
from conftest import PRODUCTION


def test_mail_is_written_in_a_command_as_in_a_view(app, mailbox):
    with app.app_context():
        mail.send("ada@example.com", "Hello", "There")
    (message,) = mailbox
    assert (message["To"], message["From"]) == ("ada@example.com", "noreply@localhost")
    assert (message["Subject"], message.get_content()) == ("Hello", "There\n")


def test_nothing_is_sent_without_encryption(log_lines, monkeypatch):
    server = MagicMock()
    server.return_value.__enter__.return_value = server
    server.starttls.side_effect = smtplib.SMTPNotSupportedError
    monkeypatch.setattr(smtplib, "SMTP", server)
    url = "submission://me:hunter2@mail.example.com"
    mail.deliver(Settings.load({**PRODUCTION, "EMAIL_URL": url}), EmailMessage())
    assert not server.login.called
    assert not server.send_message.called
    (line,) = log_lines()
    assert (line["event"], line["server"]) == ("mail not sent", "mail.example.com")
    assert "hunter2" not in str(line)
