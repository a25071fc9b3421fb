"""What every answer gets: a number and a log line, and the order not to be kept anywhere."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from career_portal.common.logging import log_request, trace

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware:
    """Number each request ourselves, name it to every log line made meanwhile, log its end."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        with trace(request) as request_id:
            response = self.get_response(request)
            log_request(response.status_code, milliseconds=(time.perf_counter() - started) * 1000)
        response["X-Request-ID"] = request_id
        return response


class PrivatePagesMiddleware:
    """Nothing that a view makes is kept by browsers or proxies, unless the view says otherwise.

    Static files never come here: they are served further out, with their own headers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
