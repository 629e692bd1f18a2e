TEXT = {"schema": {"type": "string"}}
# The headers of answers, by their status
HEADERS: dict[int, dict[str, Any]] = {
    200: {"ETag": TEXT},
    201: {"ETag": TEXT, "Idempotency-Replayed": TEXT, "Location": TEXT},
    401: {"WWW-Authenticate": TEXT},
    429: {"Retry-After": {"schema": {"type": "integer"}}},
}
COMMON = (304, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500)
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of what you have: 304 if it is still the same.",
    "schema": {"type": "string"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of what you change: 412 if it is no longer the same.",
    "schema": {"type": "string"},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "With the same key, a request that is sent again within a day is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["order-4711"]},
}
