"""Users in the admin: who may sign in, and which roles they have."""

from typing import Any

from app.access import current_user
from app.accounts import sessions
from app.accounts.models import User
from app.admin.forms import UserForm


def refuse_own(user: User) -> str:
    """Keep staff from their own accounts: so the last of them is never lost by mistake."""
    return "Nobody changes their own account here." if user.id == current_user.id else ""


# Nobody is made here: an account is made by whoever reads the mail of its address.
OPTIONS: dict[str, Any] = {
    "form": UserForm,
    "can": ["change", "delete"],
    "guard": refuse_own,
    "saved": sessions.end_all,
}
