"""What is typed to sign in."""

import unicodedata
from typing import Any

from allauth.account.forms import LoginForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from career_portal.design.forms import PortalFormHelper, PortalFormMixin
from career_portal.design.layout import Actions, Button

MOST_PASSWORD_CHARACTERS = 1000
LOCKED = (
    "サインインの失敗が続いたため、しばらくサインインできません。"
    "15分ほどおいてから、もう一度お試しください"
)


class LocalAccountFields(LoginForm):
    """The library's fields in the words of the portal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label = "サインイン名"
        name.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "data-width": "medium",
        }
        password.label = "パスワード"
        password.help_text = ""
        password.max_length = MOST_PASSWORD_CHARACTERS
        password.validators.append(MaxLengthValidator(MOST_PASSWORD_CHARACTERS))
        for field in (name, password):
            field.error_messages["null_characters_not_allowed"] = (
                f"{field.label}に使えない文字が含まれています"
            )
        password.widget.attrs = {"autocomplete": "current-password", "data-width": "medium"}


class SignInForm(PortalFormMixin, LocalAccountFields):
    """Sign-in name and password; one neutral sentence for everything that does not fit."""

    @property
    def helper(self) -> PortalFormHelper:
        """Both fields and the button, inside the page's own form element."""
        helper = PortalFormHelper("login", "password", Actions(Button("サインイン", "primary")))
        helper.form_tag = False
        return helper

    def clean_login(self) -> str:
        """The name as its owner writes it, also when typed in full width."""
        return unicodedata.normalize("NFKC", self.cleaned_data["login"]).strip()

    def clean(self) -> Any:
        """Check the credentials; say so when the attempt was refused unseen."""
        try:
            return super().clean()
        except ValidationError as error:
            if self.is_locked_out:
                raise ValidationError(LOCKED, code="locked") from error
            raise

    @property
    def is_locked_out(self) -> bool:
        """Whether too many attempts failed, this one or those before it."""
        return bool(getattr(self.request, "axes_locked_out", False))
