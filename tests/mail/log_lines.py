"""Everything that any library logs, as the portal's handler writes it."""

import io
import json
import logging
from contextlib import contextmanager

from career_portal.common.logging import LineFormatter

LOUD = ("", "django", "django.db.backends", "django.request", "celery", "kombu")


@contextmanager
def log_lines():
    """Yields a function that gives the lines so far, as one text or, `about` one logger, parsed."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    loggers = [logging.getLogger(name) for name in LOUD]
    before = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)

    def lines(about=""):
        text = stream.getvalue()
        if not about:
            return text
        parsed = [json.loads(line) for line in text.splitlines()]
        return [line for line in parsed if line["logger"] == about]

    try:
        yield lines
    finally:
        loggers[0].removeHandler(handler)
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
