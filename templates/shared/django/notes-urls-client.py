"""The addresses of notes: pages of `frontend/`, named for the menu and the admin."""

from django.urls import path

from pages.client import page

app_name = "notes"
urlpatterns = [
    path("", page, name="list"),
    path("<int:pk>/", page, name="detail"),
]
