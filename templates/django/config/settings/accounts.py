"""Accounts: who may make one, who needs a second factor, and what the library has to know."""

from config.environment import limit, number

# Strangers may make accounts; with 0 those alone who got an invitation (`manage.py invite`)
SIGNUP_OPEN = bool(number("SIGNUP_OPEN", 1))
# Staff without a second factor see nothing but the page that sets it up
STAFF_SECOND_FACTOR = bool(number("STAFF_SECOND_FACTOR", 1))
# How many codes may be tried at an account from anywhere, by somebody who knows its password
CODES_PER_ACCOUNT = limit("CODES_PER_ACCOUNT", 30)
# The owner hears of so many failures at an account, once a day at most
FAILURES_BEFORE_NOTICE = limit("FAILURES_BEFORE_NOTICE", 50)

# Of django-allauth this site has the second factor and the list of sessions. Sign-in, passwords,
# addresses and limits are in `users`, `accounts` and `throttle`.
ALLAUTH = ("allauth", "allauth.account", "allauth.mfa", "allauth.usersessions")
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # the address was proved before the account was made
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# How long somebody with the right password may look for the second factor, in seconds
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
MFA_ADAPTER = "accounts.adapters.FactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "accounts.forms.SetUpForm",
    "add_webauthn": "accounts.forms.PasskeyForm",
    "authenticate": "accounts.forms.SecondFactorForm",
    "authenticate_webauthn": "accounts.forms.PasskeyFactorForm",
    "deactivate_totp": "accounts.forms.TurnOffForm",
    "login_webauthn": "accounts.forms.PasskeySignInForm",
    "generate_recovery_codes": "accounts.forms.NewCodesForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
# Each form asks for the password itself.
MFA_REAUTHENTICATION_REQUIRED = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_TOTP_TOLERANCE = 1  # clocks differ
