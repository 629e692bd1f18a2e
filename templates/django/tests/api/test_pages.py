"""The page of one's own tokens."""

import re

from api.models import Token
from tests.api.conftest import Program
from tests.conftest import Browser
from users.models import User

TOKENS = "/accounts/tokens/"


def test_users_make_see_and_revoke_their_tokens(member: Browser, user: User) -> None:
    made = member.post(TOKENS, {"name": "robot", "only_read": "on", "days": "30"})
    found = re.search(r"<code>(api_[\w-]+)</code>", made.text)
    assert found
    token = Token.objects.get()
    assert (token.user, token.scope, token.state) == (user, "read", "valid")
    assert Program(found[1]).get("/api/v1/session/").json()["user"]["email"] == user.email
    page = member.get(TOKENS).text
    assert found[1] not in page
    assert "robot · read" in page
    assert "The token is revoked." in member.post(f"{TOKENS}{token.pk}/revoke/", follow=True).text
    assert Program(found[1]).get("/api/v1/session/").status_code == 401
    assert member.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404


def test_tokens_of_others_do_not_exist(member: Browser) -> None:
    eve = User.objects.create_user("eve@example.com")
    token = Token.objects.create(user=eve, name="of eve", digest="0" * 64)
    assert "of eve" not in member.get(TOKENS).text
    assert member.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404
    assert member.get(f"{TOKENS}{token.pk}/revoke/").status_code == 405


def test_a_bad_form_makes_no_token(member: Browser) -> None:
    for fields in ({"name": " "}, {"name": "a\nb"}, {"name": "x", "days": "0"}):
        assert "errorlist" in member.post(TOKENS, fields).text
    assert not Token.objects.exists()
