# The headers of answers, by their status
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}}},
}
COMMON = (400, 401, 403, 404, 413, 415, 422, 429, 500)
