"""The answer to health checks of containers and proxies."""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

PATH = "/health/"


class HealthMiddleware:
    """Answers before host names, TLS and sign-in are looked at: the caller is a machine beside us.

    200 when the database answers, otherwise 503. Redis is left out: the portal works without it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != PATH:
            return self.get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
        except Error:
            return HttpResponse("database unavailable\n", "text/plain", status=503)
        return HttpResponse("ok\n", "text/plain")
