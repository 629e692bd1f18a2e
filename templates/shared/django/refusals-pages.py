def refusals(get_response: View) -> View:
    """Refuse methods that no view uses, and bodies over the limit, before anything reads them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_BODY_LIMIT:
            return error_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if request.method in METHODS:
            response = get_response(request)
        else:
            response = HttpResponseNotAllowed(METHODS)
        if isinstance(response, HttpResponseNotAllowed):
            # Where a view refuses a method, Django answers with an empty page.
            page = error_page(request, HTTPStatus.METHOD_NOT_ALLOWED)
            page["Allow"] = response["Allow"]
            return page
        if settings.DEBUG and response.status_code == 404 and prefers_json(request):
            # In development Django has a page for people instead of `handler404`.
            return error_page(request, HTTPStatus.NOT_FOUND)
        return response

    return middleware
