"""The API: errors, tokens, limits and schema of every resource below `/api/v1/`."""

from apiflask import APIFlask


def init_app(app: APIFlask) -> None:
    """Guard everything below `/api/`, and add what is no resource of a part."""
    # Not above: these need `app.config`, which takes the {{ 'settings' if database != 'none' or frontend != 'none' else 'tokens' }} of this package in.
    from app.api import {{ 'admin, ' if admin else '' }}{{ 'bodies, commands, cors, owners, problems, requests, schema' if database != 'none' else 'bodies, cors, problems, requests, schema, tokens' }}{{ ', views' if frontend != 'none' else '' }}

    problems.init_app(app)
    bodies.init_app(app)
    requests.init_app(app)
    cors.init_app(app)
    schema.init_app(app)
{% if database != 'none' %}
    owners.init_app(app)
{% endif %}
{% if frontend != 'none' %}
    app.register_blueprint(views.blueprint)
{% endif %}
{{ '    admin.init_app(app)\n' if admin else '' }}{% if database != 'none' %}
    app.cli.add_command(commands.api_token)
    app.cli.add_command(commands.api_prune)
{% else %}
    app.cli.add_command(tokens.api_token)
{% endif %}
