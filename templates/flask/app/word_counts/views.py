"""Word counts: a page with a form."""

from flask import Blueprint, render_template

from app.word_counts import count
from app.word_counts.forms import TextForm

blueprint = Blueprint(
    "word_counts", __name__, url_prefix="/word-counts", template_folder="templates"
)


@blueprint.route("/", methods=["GET", "POST"])
def index() -> str:
    form = TextForm()
    counted = count(form.text.data or "") if form.validate_on_submit() else None
    return render_template("word_counts/index.html", form=form, counted=counted)
