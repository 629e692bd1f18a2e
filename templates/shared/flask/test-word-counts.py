"""The word counts: {{ 'for programs, and on their page' if api and frontend != 'none' else 'on their page' if frontend != 'none' else 'what a program is answered' }}."""

{% if api %}
import pytest

{% endif %}
{% if frontend != 'none' %}
from app.word_counts.forms import TEXT_LENGTH
{% endif %}
from conftest import {{ 'check' if api else '' }}{{ ', ' if api and frontend != 'none' else '' }}{{ 'token' if frontend != 'none' else '' }}

{% if api %}
{% include 'templates/shared/flask/test-word-counts-api.py' %}
{% endif %}
{% if frontend != 'none' %}
{{ '\n\n' if api else '\n' }}{% include 'templates/shared/flask/test-word-counts-page.py' %}
{% endif %}
