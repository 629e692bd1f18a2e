"""The extension, which is bound to an application in `create_app`."""

from app.security import SameOriginCSRF

csrf = SameOriginCSRF()
