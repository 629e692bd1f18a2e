"""The front page, what all pages share, the error pages, and mail."""

import re
import smtplib
from email.message import EmailMessage
from unittest.mock import MagicMock

import pytest

from app import mail
from app.config import Settings
from conftest import PRODUCTION


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_pages_use_nothing_from_elsewhere(client, path):
    page = client.get(path).text
    links = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert links
    assert all(re.match(r"/(?!/)|#", link) for link in links)
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=", page)


def test_templates_escape_everything(app):
    assert app.jinja_env.loader
    names = app.jinja_env.list_templates()
    assert all(name.endswith(".html") or "/mails/" in name for name in names)
    sources = [app.jinja_env.loader.get_source(app.jinja_env, name)[0] for name in names]
    assert not [source for source in sources if re.search(r"\|\s*safe|autoescape", source)]


def test_broken_view_shows_nothing_of_the_inside(client):
    for accepted in ("text/html", "application/json"):
        response = client.get("/sample/broken/x/", headers={"Accept": accepted})
        assert response.status_code == 500
        assert not re.search(f"hunter2|Traceback|{__file__}", response.text)


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
