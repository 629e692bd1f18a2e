"""Pages of the shop."""

from flask import Blueprint, render_template
from sqlalchemy import select

from app.extensions import db
from app.shop.models import Product

blueprint = Blueprint("shop", __name__, url_prefix="/shop", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show everything for sale."""
    products = db.session.scalars(select(Product)).all()
    return render_template("shop/index.html", products=products)
