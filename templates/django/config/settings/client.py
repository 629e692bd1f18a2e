"""The pages made in the browser: where the built ones are, and which addresses are not theirs."""

from config.environment import BASE_DIR, segment

# What `python -m config.npm run build` makes
CLIENT_ROOT = BASE_DIR / "frontend" / "dist"
# First segments of the server's own addresses; whatever else has no dot is a page of `frontend/`.
SERVER_PATHS = [
    *("accounts", "api", "livez", "media", "readyz", "robots.txt", "site.json", "static"),
    segment("ADMIN_PATH"),
]
# Names of built files have a hash, and Django's, so that browsers may keep them for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/|\.[0-9a-f]{12}\.\w+$"
