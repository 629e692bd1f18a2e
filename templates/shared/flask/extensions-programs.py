"""The extensions; each is bound to an application in `create_app`."""

from app.database import Base, Database
from app.migrations import Migrations

db = Database()
alembic = Migrations(metadatas=Base.metadata, run_mkdir=False)
