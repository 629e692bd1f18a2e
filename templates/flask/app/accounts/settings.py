"""Who may sign up, who needs what, and how often something may fail or be asked for."""

from typing import Annotated

from pydantic import BaseModel, Field

Number = Annotated[int, Field(ge=1, description="Give a whole number, 1 or more.")]


class AccountsSettings(BaseModel):
    """The settings; a network is an IPv4 address, or the /64 of an IPv6 address."""

    signup_open: bool = True
    staff_second_factor: bool = Field(
        default_factory=lambda data: bool(data.get("production")),
        description="Give 1, or 0 where the password alone shall do for staff",
    )
    throttle_minutes: Number = 15
    failures_per_account: Number = 20  # from one network
    failures_per_network: Number = 30
    failures_before_notice: Number = 50  # in a day, from anywhere
    codes_per_account: Number = 30  # of the second factor, from anywhere
    mails_per_network: Number = 50
    mails_per_network_to_address: Number = 3
    mails_per_address: Number = 20
