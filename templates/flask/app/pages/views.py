"""Views of the pages."""

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__, template_folder="templates")


@blueprint.get("/")
def home() -> str:
    """Show the home page; it needs no database."""
    return render_template("pages/home.html")
