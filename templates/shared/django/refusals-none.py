def refusals(get_response: View) -> View:
    """Refuse methods that no view uses, and bodies over the limit, before anything reads them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_BODY_LIMIT:
            return HttpResponse(
                "What you sent is larger than this site accepts.\n",
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                content_type="text/plain; charset=utf-8",
            )
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware
