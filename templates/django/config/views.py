"""What is said at the root, to robots, and to whoever asks for another host."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from api.conditional import JSON
from api.problems import Problem
from api.schema import PREFIX


@csrf_exempt  # another method is refused for what it is
@login_not_required
@require_safe
def root(_request: HttpRequest) -> JsonResponse:
    links = {"api": PREFIX, "openapi": reverse("api:openapi")}
    return JsonResponse({"name": settings.SITE_NAME, **links}, content_type=JSON)


@csrf_exempt
@login_not_required
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is refused before `api.middleware` sees it, as another host over plain http."""
    return Problem(HTTPStatus.BAD_REQUEST).response(request)
