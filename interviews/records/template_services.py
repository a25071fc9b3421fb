"""The headings of records: those an installation starts with, and new versions by HR."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.kinds import Kind
from interviews.models import RecordTemplate, TemplateHeading

# A heading and a sentence on what to write below it.
Heading = tuple[str, str]


class NotHr(RuleViolation):
    """Only HR of the whole ministry changes templates."""

    sentence = "ひな形を直せるのは、全省を担当する人事だけです。"


class ChangedMeanwhile(RuleViolation):
    """Another version was made since the page was opened."""

    sentence = "別の画面で、このひな形の新しい版がつくられています。見比べてから、もう一度保存してください。"


class NothingChanged(RuleViolation):
    """The headings are those of the current version."""

    sentence = "いまの版と同じです。新しい版はつくっていません。"


def load_templates(described: Mapping[str, Iterable[Heading]]) -> None:
    """The first version of every kind that has none."""
    known = set(RecordTemplate.objects.values_list("kind", flat=True))
    for kind, headings in described.items():
        if kind not in known:
            _write(kind, 1, headings, None)


@transaction.atomic
def change_template(
    kind: Kind, headings: Iterable[Heading], *, based_on: int, by: User
) -> RecordTemplate:
    """A new version for a kind; records that were begun keep theirs. Raises NotHr, ChangedMeanwhile, NothingChanged."""
    if not permissions.can_edit_templates(by):
        raise NotHr
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('record_template'))")
    current = RecordTemplate.objects.filter(kind=kind).order_by("-version").first()
    version = current.version if current else 0
    if version != based_on:
        raise ChangedMeanwhile
    wanted = list(headings)
    if current and list(current.headings.values_list("label", "hint")) == wanted:
        raise NothingChanged
    return _write(kind, version + 1, wanted, by)


def _write(kind: str, version: int, headings: Iterable[Heading], by: User | None) -> RecordTemplate:
    template = RecordTemplate.objects.create(kind=kind, version=version, made_by=by)
    TemplateHeading.objects.bulk_create(
        TemplateHeading(template=template, number=number, label=label, hint=hint)
        for number, (label, hint) in enumerate(headings, start=1)
    )
    return template
