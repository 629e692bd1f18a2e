"""The extensions; each is bound to an application in `create_app`."""

from flask_alembic import Alembic
from flask_wtf import CSRFProtect

from app.database import Base, Database

db = Database()
alembic = Alembic(metadatas=Base.metadata, run_mkdir=False)
csrf = CSRFProtect()
