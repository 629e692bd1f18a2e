class SignInRequired(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page; a program is told that it has to sign in."""

{% if client %}
    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        # Django would read the session first, also for what is the same for all.
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

{% endif %}
    # Django's types know the redirect alone.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if prefers_json(request):
            return error_page(request, HTTPStatus.UNAUTHORIZED)
        return super().handle_no_permission(request, view_func)
