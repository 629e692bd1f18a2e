"""The page on which users make, see and revoke their own tokens."""

import structlog
from flask import Blueprint, Flask, abort, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app import menu
from app.access import current_user, own
from app.api import tokens
from app.api.fields import LARGEST_ID
from app.api.forms import TokenForm
from app.api.models import ApiToken
from app.extensions import db

blueprint = Blueprint(
    "api_tokens", __name__, url_prefix="/accounts/tokens", template_folder="templates"
)
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    menu.add(app, menu.Entry("API tokens", "api_tokens.index"), "account")


@blueprint.route("/", methods=["GET", "POST"])
def index() -> str:
    form = TokenForm()
    secret = None
    if form.validate_on_submit():
        scope = "read" if form.only_read.data else "write"
        token, secret = tokens.make(form.name.data or "", scope, form.days.data)
        db.session.add(token)  # its owner is whoever asks
        db.session.commit()
        log.info("token made", credential=token.id, owner=current_user.id)
        form = TokenForm(formdata=None)
    mine = db.session.scalars(
        own(ApiToken).where(ApiToken.revoked.is_(None)).order_by(ApiToken.id.desc())
    )
    return render_template("api/tokens.html", form=form, secret=secret, tokens=mine.all())


@blueprint.post(f"/<int(max={LARGEST_ID}):number>/revoke/")
def revoke(number: int) -> Response:
    if db.session.scalar(select(own(ApiToken).where(ApiToken.id == number).exists())) is False:
        abort(404)
    tokens.revoke(number)
    db.session.commit()
    log.info("token revoked", credential=number, owner=current_user.id)
    flash("The token is revoked.", "success")
    return redirect(url_for(".index"))
