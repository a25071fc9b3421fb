"""What the database wrote down about tracked rows, for the person whose rows they are."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

KINDS = {"insert": "作成", "update": "変更", "delete": "削除"}


def changes(model: type[Model], **whose: object) -> QuerySet[Any]:
    """The history of those rows of a tracked model, deleted ones too, that are somebody's: oldest first.

    `whose` names him by a column that the rows have. Each change holds the row as it was left; raises LookupError where
    the model has no history.
    """
    event_model: Any = next(
        (each for each in apps.get_models() if getattr(each, "pgh_tracked_model", None) is model),
        None,
    )
    if event_model is None:
        raise LookupError(model._meta.label)
    history: QuerySet[Any] = event_model.objects.filter(**whose).order_by(
        "pgh_created_at", "pgh_id"
    )
    return history


def change_in_words(event: Any) -> dict[str, object]:
    """When a row was changed, and how."""
    return {"日時": event.pgh_created_at, "変更": KINDS[event.pgh_label]}
