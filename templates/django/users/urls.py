from django.urls import path

from users import views

app_name = "users"
urlpatterns = [
    path("login/", views.SignIn.as_view(), name="sign_in"),
    path("logout/", views.SignOut.as_view(), name="sign_out"),
    path("password/change/", views.PasswordChange.as_view(), name="password_change"),
    path("password/reset/", views.PasswordReset.as_view(), name="password_reset"),
    path(
        "password/reset/<uidb64>.<token>/",
        views.PasswordResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
]
