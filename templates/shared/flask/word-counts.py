"""Word counts: an example of a feature{{ ', with its own form, view and template' if frontend != 'none' else '' }}."""

from flask import Flask
{% if frontend != 'none' %}

from app import menu
{% endif %}
{{ 'from app.extensions import csrf\n' if api and frontend != 'none' else '' }}

def count(text: str) -> dict[str, int]:
    """Return how many words and how many characters a text has."""
    return {"words": len(text.split()), "characters": len(text)}


def init_app(app: Flask) -> None:
    # Not above: {{ 'they need' if api and frontend != 'none' else 'it needs' }} `count`.
    from app.word_counts import {{ 'api' if api else '' }}{{ ', ' if api and frontend != 'none' else '' }}{{ 'views' if frontend != 'none' else '' }}

{% if frontend != 'none' %}
    app.register_blueprint(views.blueprint)
{% endif %}
{% if api %}
    app.register_blueprint(api.blueprint)
{% endif %}
{% if api and frontend != 'none' %}
    csrf.exempt(api.blueprint)  # the API asks for the token of a page itself
{% endif %}
{% if frontend != 'none' %}
    menu.add(app, menu.Entry("Word counts", "word_counts.index"))
{% endif %}
