"""Log lines that carry ids and never what people wrote.

One line is one JSON object. What a line may say: a constant message, numbers, the route (never the
path or the query), ids of request and person, and for a fault the types of the exceptions with the
places in the code where they passed. The text of an exception is left out, because databases and
parsers quote in it what somebody typed; so are arguments that other libraries put in messages.
"""

import contextlib
import contextvars
import datetime
import json
import logging
import traceback
import uuid
from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.http.request import QueryDict
from django.views.debug import SafeExceptionReporterFilter

HIDDEN = "…"
# What Celery puts in the messages about its tasks: names and ids.
PLAIN_ARGUMENTS = frozenset({"name", "id", "description", "runtime", "hostname"})

requests = logging.getLogger("career_portal.requests")


@dataclass(frozen=True)
class Trace:
    """The request that this thread answers, and the number that we gave it."""

    request_id: str
    request: HttpRequest

    def facts(self) -> dict[str, object]:
        """What log lines say about the request; asks the database nothing."""
        match = self.request.resolver_match
        user = getattr(self.request, "_cached_user", None)
        facts: dict[str, object] = {"request": self.request_id, "method": self.request.method}
        if match is not None:
            numbers = {name: value for name, value in match.kwargs.items() if type(value) is int}
            facts |= {"route": match.view_name, **numbers}
        if user is not None and user.pk is not None:
            facts["user"] = user.pk
        return facts


_current: contextvars.ContextVar[Trace | None] = contextvars.ContextVar("trace", default=None)


@contextlib.contextmanager
def trace(request: HttpRequest) -> Iterator[str]:
    """Name the request in every line logged inside the block; yields its number.

    The number is always our own: one that a visitor sends could say anything.
    """
    entry = Trace(request_id=uuid.uuid4().hex[:16], request=request)
    token = _current.set(entry)
    try:
        yield entry.request_id
    finally:
        _current.reset(token)


def log_request(status: int, *, milliseconds: float) -> None:
    """Log that a request was answered."""
    facts = {"status": status, "ms": round(milliseconds, 1)}
    requests.info("request answered", extra={"facts": facts})


class LineFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; keys in a fixed order, sorted by nothing but how one reads them."""
        at = datetime.datetime.fromtimestamp(record.created, tz=datetime.UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": safe_message(record),
        }
        entry = _current.get()
        if entry is not None:
            line |= entry.facts()
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = describe_fault(record.exc_info[1])
        return json.dumps(line, default=kind_of)


def kind_of(value: object) -> str:
    """What stands for a value that is neither text nor number."""
    return f"<{type(value).__qualname__}>"


def safe_message(record: logging.LogRecord) -> str:
    """The message with its numbers filled in and every other argument hidden."""
    template = str(record.msg)
    arguments: object = record.args
    if isinstance(arguments, Mapping):
        arguments = {
            name: value if name in PLAIN_ARGUMENTS or is_number(value) else HIDDEN
            for name, value in arguments.items()
        }
    elif isinstance(arguments, tuple) and arguments:
        arguments = tuple(value if is_number(value) else HIDDEN for value in arguments)
    else:
        return template
    try:
        return template % arguments
    except (TypeError, ValueError, KeyError):
        return template


def is_number(value: object) -> bool:
    """Whether an argument is a count or an id, which may be logged."""
    return isinstance(value, int | float)


def describe_fault(error: BaseException) -> list[dict[str, object]]:
    """The exception and those that led to it: type, violated constraint, places in the code."""
    described: list[dict[str, object]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)
        one: dict[str, object] = {
            "type": f"{type(current).__module__}.{type(current).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        constraint = getattr(getattr(current, "diag", None), "constraint_name", None)
        if constraint:
            one["constraint"] = constraint
        described.append(one)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return described


class SilentReporterFilter(SafeExceptionReporterFilter):
    """Error reports without what was sent, on every stack: no fields, cookies or local values."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always, even where debugging is on."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> QueryDict:
        """Names of the fields without their values."""
        hidden = QueryDict(mutable=True)
        for name in request.POST if request is not None else ():
            hidden[name] = self.cleansed_substitute
        return hidden

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        """Names of the local variables without their values."""
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()
