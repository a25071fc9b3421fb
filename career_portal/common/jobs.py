"""Starting background jobs. The database owns the work; what the broker carries is only a nudge to look at it."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any, Protocol

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

# How long one try may wait for a broker that takes the connection and then says nothing.
ANSWER_SECONDS = 1

logger = logging.getLogger(__name__)


class Job(Protocol):
    """A Celery task, or the signature of one."""

    @property
    def name(self) -> str:
        """The name that workers know it by."""

    def apply_async(self, args: tuple[Any, ...], *, producer: Any) -> object:
        """Publish it."""


def start(task: Job, *arguments: int) -> None:
    """Publish a task once the running transaction has committed, at once where there is none.

    Nobody waits for a broker that is down, and nothing fails: one line is logged, and the task's schedule picks the
    work up. So only tasks that find their work in the database by themselves, or that a scheduled one starts again,
    may be started this way.
    """
    transaction.on_commit(partial(_publish, task, arguments))


def _publish(task: Job, arguments: tuple[int, ...]) -> None:
    try:
        # A connection of its own: one of the pool would wait without end for an answer.
        with current_app.connection_for_write(
            transport_options={"socket_timeout": ANSWER_SECONDS}
        ) as connection:
            task.apply_async(arguments, producer=current_app.amqp.Producer(connection))
    except (OperationalError, RedisError) as error:
        facts = {"task": task.name, "arguments": arguments, "error": type(error).__name__}
        logger.warning("job left to its schedule: no broker", extra={"facts": facts})
