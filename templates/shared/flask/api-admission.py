def is_open() -> bool:
    """Tell whether nobody has to be known for what is asked."""
{% if frontend != 'none' %}
    is_schema = request.blueprint == schema.blueprint.name
    return request.endpoint == "api.session" or (is_schema and schema.are_public())
{% else %}
    return request.blueprint == schema.blueprint.name and schema.are_public()
{% endif %}


{% if frontend != 'none' %}
def require_csrf_token() -> None:
    try:
        csrf.protect()
    except CSRFError:
        abort(403, "The CSRF token is missing or wrong.")


{% endif %}
def check_form() -> None:
    """Refuse what no view has to look at: a body of another type, a parameter twice or with NUL."""
    view = current_app.view_functions[request.endpoint or ""]
    if "body" in getattr(view, "_spec", {}):
        require_json()
    errors = []
    for name, values in request.args.lists():
        if any("\0" in value for value in values):
            errors.append({"pointer": f"?{name}", "detail": UNFIT_TEXT})
        elif len(values) > 1:
            errors.append({"pointer": f"?{name}", "detail": "It is given more than once."})
    if errors:
        abort(unprocessable(errors))
