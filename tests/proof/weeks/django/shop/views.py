import json

from django.contrib.auth.decorators import login_not_required
from django.core.mail import send_mail
from django.http import HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import CreateView, DetailView, ListView, TemplateView

from .models import Product


@method_decorator(login_not_required, name="dispatch")
class ProductList(ListView):
    model = Product


class ProductDetail(DetailView):
    model = Product


class ProductCreate(CreateView):
    model = Product
    fields = ["category", "name", "price", "manual"]

    def form_valid(self, form):
        response = super().form_valid(form)
        send_mail("A new product", f"{self.object} is in the shop.", None, ["ada@example.com"])
        return response


class Sales(TemplateView):
    template_name = "shop/sales.html"


def products(request):
    return JsonResponse({"products": list(Product.objects.values("id", "name", "price"))})


@csrf_exempt
@login_not_required
def paid(request):
    event = json.loads(request.body)
    return HttpResponse(event["order"])
