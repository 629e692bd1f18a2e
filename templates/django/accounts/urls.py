"""The addresses of the accounts; those of the library are the ones that this site uses."""

from allauth.mfa.base.views import IndexView, authenticate
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, reverse_lazy

from accounts import views
from accounts.forms import PasswordForm

people = (
    [
        path("signup/", views.SignUp.as_view(), name="signup"),
        path("signup/<token>/", views.SignUpConfirm.as_view(), name="signup_confirm"),
        path("email/", views.ChangeEmail.as_view(), name="email"),
        path("email/<token>/", views.ConfirmEmail.as_view(), name="email_confirm"),
        path("sessions/", views.Sessions.as_view(), name="sessions"),
        path("sessions/<int:pk>/end/", views.EndSession.as_view(), name="end_session"),
        path("sessions/end/", views.EndOtherSessions.as_view(), name="end_other_sessions"),
        path("delete/", views.DeleteAccount.as_view(), name="delete"),
    ],
    "accounts",
)
remove_passkey = RemoveWebAuthnView.as_view(
    form_class=PasswordForm, success_url=reverse_lazy("mfa_index")
)
# The library looks for these names.
second_factor = [
    path("", IndexView.as_view(), name="mfa_index"),
    path("verify/", authenticate, name="mfa_authenticate"),
    path("setup/", views.SetUp.as_view(), name="mfa_activate_totp"),
    path("off/", DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("codes/", ViewRecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("codes/new/", GenerateRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("passkeys/add/", AddWebAuthnView.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", remove_passkey, name="mfa_remove_webauthn"),
]
urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path(
        "login/passkey/", login_not_required(LoginWebAuthnView.as_view()), name="mfa_login_webauthn"
    ),
    path("password/change/", views.PasswordChange.as_view()),
    path("2fa/", include(second_factor)),
    path("", include(people)),
]
