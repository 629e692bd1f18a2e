"""Pages that belong to no other part of the site."""

import json

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

log = structlog.get_logger(__name__)


@method_decorator(login_not_required, name="dispatch")
class Home(TemplateView):
    template_name = "pages/home.html"


@login_not_required
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nAllow: /\n", content_type="text/plain; charset=utf-8")


@csrf_exempt
@login_not_required
@require_POST
def blocked(request: HttpRequest) -> HttpResponse:
    """Say in the terminal what the content security policy kept from a page; development only."""
    report = json.loads(request.body)["csp-report"]
    log.warning(
        "blocked by CONTENT_SECURITY_POLICY",
        directive=report.get("effective-directive"),
        blocked=report.get("blocked-uri"),
        page=report.get("document-uri"),
    )
    return HttpResponse(status=204)
