"""The mails of development, to read and to click through; no other settings have this page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config import mailbox


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/mails.html", {"mails": list(mailbox.kept())})
