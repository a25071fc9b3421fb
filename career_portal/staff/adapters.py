"""How the sign-in library behaves here: accounts are made by HR, nobody signs up."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

WRONG_CREDENTIALS = "サインイン名またはパスワードが正しくありません"


class AccountAdapter(DefaultAccountAdapter):
    """Closed accounts, one neutral sentence, addresses of our own only."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_CREDENTIALS,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether a person may be sent there after sign-in: a path of this portal, no other host."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: sign-in is a page, and answers in JSON would be a second way to it."""
        return False

    def get_login_stages(self) -> list[str]:
        """Nothing between password and page: mail is not verified here."""
        return []

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **kw: Any
    ) -> None:
        """Only sign-out is worth a sentence; whoever signs in sees the page itself."""
        if message_template == "account/messages/logged_out.txt":
            messages.success(request, "サインアウトしました")
