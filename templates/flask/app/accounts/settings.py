"""How often something may fail, or be asked for, in a window of time."""

from typing import Annotated

from pydantic import BaseModel, Field

Number = Annotated[int, Field(ge=1, description="Give a whole number, 1 or more.")]


class AccountsSettings(BaseModel):
    """The limits; a network is an IPv4 address, or the /64 of an IPv6 address."""

    throttle_minutes: Number = 15
    failures_per_account: Number = 10  # from one network
    failures_per_network: Number = 30
    mails_per_network: Number = 50
    mails_per_network_to_address: Number = 3
    mails_per_address: Number = 20
