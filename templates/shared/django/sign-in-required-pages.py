class SignInRequired(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page; a program is told that it has to sign in."""

    # Django's types know the redirect alone.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if prefers_json(request):
            return error_page(request, HTTPStatus.UNAUTHORIZED)
        return super().handle_no_permission(request, view_func)
