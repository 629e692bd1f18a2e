"""The answer to too many attempts, wherever in a view they were counted."""

import structlog
from django.http import HttpRequest, HttpResponse

from config.middleware import View
from throttle.attempts import TooManyAttempts
from users.views import too_many_attempts

log = structlog.get_logger("throttle")


class Throttle:
    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyAttempts):
            return None
        log.warning("too many attempts", path=request.path)
        response = too_many_attempts(request)
        response["Retry-After"] = str(exception.seconds)
        return response
