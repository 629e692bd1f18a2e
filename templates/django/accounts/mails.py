"""The mails of the accounts, written and sent once the answer is out."""

from accounts import links
from users.mails import absolute, send
from users.models import User


def invite(email: str) -> None:
    """Send a link that makes an account, or a word that there is one."""
    if User.of(email):
        send("mails/already.txt", email, url=absolute("users:password_reset"))
        return
    token = links.signup_token(email)
    send("mails/welcome.txt", email, url=absolute("accounts:signup_confirm", token))


def email_change(user: User, email: str) -> None:
    """Send a link to the new address of `user`, and a word to the old one.

    Nobody learns from it whose the new address is: to one that has an account goes that it has.
    """
    if User.of(email) not in {None, user}:
        send("mails/already.txt", email, url=absolute("users:password_reset"))
    else:
        token = links.email_token(user, email)
        send("mails/email_new.txt", email, url=absolute("accounts:email_confirm", token))
    send("mails/email_old.txt", user.email, url=absolute("users:password_reset"))


def email_changed(old: str) -> None:
    """Tell the old address that the account has another one."""
    send("mails/email_changed.txt", old)


def deleted(email: str) -> None:
    """Tell that the account is gone."""
    send("mails/deleted.txt", email)


def factor(email: str, change: str) -> None:
    """Tell what happened to the second factor."""
    send("mails/factor.txt", email, change=change, url=absolute("users:password_reset"))


def attempts(email: str) -> None:
    """Tell that somebody tries passwords, if there is such an account."""
    user = User.of(email)
    if user and user.is_active:
        send("mails/attempts.txt", user.email, url=absolute("users:password_reset"))
