"""Addresses of the shop."""

from django.urls import path

from shop.views import ProductList

app_name = "shop"
urlpatterns = [path("", ProductList.as_view(), name="list")]
