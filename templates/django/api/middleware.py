"""What is the same for every request below `/api/`, whatever answers it."""

from django.http import HttpRequest, HttpResponse

from api import bodies, conditional
from api.problems import Problem, as_problem
from config.middleware import View

PREFIX = "/api/"


def api_requests(get_response: View) -> View:
    """Answer HEAD as GET, errors as problems, and give each answer its ETag."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        try:
            bodies.read(request)
            response = as_problem(request, get_response(request))
        except Problem as problem:
            response = problem.response(request)
        response = conditional.answer(request, response)
        response["Cache-Control"] = "no-store"
        request.method = method
        if method == "HEAD" and not response.streaming:
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return middleware
