"""The settings of the admin."""

from pydantic import BaseModel, Field


class AdminSettings(BaseModel):
    """Where the admin is."""

    admin_path: str = Field(
        pattern="^[A-Za-z0-9_-]+$",
        description="Give the first segment of its address, hard to guess: ADMIN_PATH=office-x7q2",
    )
