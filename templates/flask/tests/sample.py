"""Pages that the tests use whatever the site has: one with a form, one with data."""

from flask import Blueprint, flash, redirect
from flask_wtf import FlaskForm
from sqlalchemy import text
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired

from app.extensions import db

blueprint = Blueprint("sample", __name__, url_prefix="/sample")


class SampleForm(FlaskForm):
    title = StringField(validators=[DataRequired()])


@blueprint.route("/form/", methods=["GET", "POST"])
def form() -> str | Response:
    sent = SampleForm()
    if sent.validate_on_submit():
        flash("Sent.", "success")
        return redirect("/")
    return f"<form>{sent.hidden_tag()}</form>"


@blueprint.get("/link/<token>/")
def link(token: str) -> str:
    return str(len(token))


@blueprint.get("/data/")
def data() -> str:
    return str(db.session.scalar(text("SELECT 1")))
