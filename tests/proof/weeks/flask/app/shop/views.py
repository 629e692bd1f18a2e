import click
from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import func, select

from app import mail, uploads
from app.access import public
from app.extensions import csrf, db
from app.shop.forms import ProductForm
from app.shop.models import Category, Product

blueprint = Blueprint("shop", __name__, url_prefix="/shop", template_folder="templates")


@blueprint.get("/")
@public
def index():
    products = db.session.scalars(select(Product).order_by(Product.name)).all()
    return render_template("shop/index.html", products=products)


@blueprint.get("/<int:product_id>/")
def detail(product_id):
    product = db.session.get_one(Product, product_id)
    return render_template("shop/detail.html", product=product)


@blueprint.route("/new/", methods=["GET", "POST"])
def new():
    form = ProductForm()
    categories = db.session.scalars(select(Category)).all()
    form.category.choices = [(category.id, category.name) for category in categories]
    if form.validate_on_submit():
        product = Product(
            category_id=form.category.data, name=form.name.data, price=form.price.data
        )
        if form.manual.data:
            product.manual = uploads.save(form.manual.data)
        db.session.add(product)
        db.session.commit()
        mail.send("ada@example.com", "A new product", f"{product.name} is in the shop.")
        return redirect(url_for(".detail", product_id=product.id))
    return render_template("shop/form.html", form=form)


@blueprint.get("/sales/")
def sales():
    return render_template("shop/sales.html")


@blueprint.get("/api/products/")
def products():
    found = db.session.scalars(select(Product))
    return {"products": [{"id": product.id, "name": product.name} for product in found]}


@blueprint.post("/paid/")
@csrf.exempt
@public
def paid():
    return request.get_json()["order"]


@blueprint.cli.command("report")
def report():
    """Mail how many products there are; run nightly."""
    count = db.session.scalar(select(func.count(Product.id)))
    mail.send("ada@example.com", "The nightly report", f"{count} products.")
    click.echo(f"Reported {count} products.")
