class SignInRequired(LoginRequiredMiddleware):
    """Sends strangers from the admin to its sign-in page; anywhere else they get 401."""

    # Django's types know the redirect alone.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if getattr(view_func, "login_url", None):  # the admin's own; nothing else tells where it is
            return super().handle_no_permission(request, view_func)
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
