"""Pages of other origins may call the API with a token, if API_CORS_ORIGINS lists them."""

from flask import Flask, Response, request

from app.api.problems import is_api

EXPOSED = "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-ID"
TAKEN = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"


def init_app(app: Flask) -> None:
    """Without a list nothing is added: no other origin reads an answer."""
    origins = app.config["SETTINGS"].api_cors_origins

    def allow(response: Response) -> Response:
        if not is_api():
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in origins:
            # Without credentials: the cookies of this site are of no use to another.
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
            if request.method == "OPTIONS" and "Allow" in response.headers:
                response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
                response.headers["Access-Control-Allow-Headers"] = TAKEN
                response.headers["Access-Control-Max-Age"] = "600"
        return response

    if origins:
        app.after_request(allow)
