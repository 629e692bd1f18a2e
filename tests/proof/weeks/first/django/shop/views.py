"""Pages of the shop."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import ListView

from shop.models import Product


@method_decorator(login_not_required, name="dispatch")
class ProductList(ListView[Product]):
    """Everything for sale."""

    model = Product
