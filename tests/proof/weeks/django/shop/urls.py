from django.urls import path

from . import views

app_name = "shop"
urlpatterns = [
    path("", views.ProductList.as_view(), name="list"),
    path("new/", views.ProductCreate.as_view(), name="new"),
    path("<int:pk>/", views.ProductDetail.as_view(), name="detail"),
    path("sales/", views.Sales.as_view(), name="sales"),
    path("api/products/", views.products, name="products"),
    path("paid/", views.paid, name="paid"),
]
