"""Who changed a tracked row, beside the change itself."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponseBase

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})

View = Callable[..., HttpResponseBase]


def keeps_no_history(view: View) -> View:
    """Mark a view that writes untracked rows only, such as the saving of a draft.

    The actor travels to the database in front of every writing statement; a view that runs every
    few seconds for thousands of people need not pay for that.
    """
    view.keeps_no_history = True  # type: ignore[attr-defined]  # read by the middleware below
    return view


class HistoryMiddleware:
    """Give changes of tracked rows their actor: the person's id and the route, nothing typed.

    The database keeps both once per request, and only when a tracked row really changes. The
    person is known from the sign-in check, which runs before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as scope:
            request.history_scope = scope  # type: ignore[attr-defined]  # handed to process_view
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, arguments: tuple[Any], options: dict[str, Any]
    ) -> None:
        """Open the context once the route is known."""
        if request.method not in WRITING_METHODS or getattr(view, "keeps_no_history", False):
            return
        match = request.resolver_match
        if not request.user.is_authenticated or match is None:
            return
        scope: ExitStack = request.history_scope  # type: ignore[attr-defined]  # set above
        scope.enter_context(pghistory.context(user=request.user.pk, route=match.view_name))
