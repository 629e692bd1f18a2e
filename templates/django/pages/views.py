"""Pages that belong to no other part of the site."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    return render(request, "pages/home.html")


@login_not_required
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Show the icon to browsers that look for one themselves, as on pages of the admin."""
    return redirect(static("favicon.svg"))
