"""The form of a token."""

from django import forms

from api.models import Token


class TokenForm(forms.ModelForm[Token]):
    """A new token."""

    only_read = forms.BooleanField(label="It may only read", required=False)
    days = forms.IntegerField(
        label="Days until it expires",
        help_text="Empty: it does not expire.",
        required=False,
        min_value=1,
        max_value=3650,
    )

    class Meta:
        model = Token
        fields = ("name",)
        help_texts = {"name": "What uses it, so that you know which one to revoke."}
