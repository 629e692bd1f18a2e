"""The mails of development, to read and to click through; no other settings have these pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config import mailbox


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/mails.html", {"mails": list(mailbox.kept())})


@login_not_required
@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    mail = mailbox.find(name)
    if mail is None:
        raise Http404
    part = mail.get_body(("plain",))
    text = part.get_content() if part else ""
    return render(request, "pages/mail.html", {"mail": mail, "text": text})
