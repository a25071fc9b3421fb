"""Recording who attended a training in listening."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.models import ListeningTraining


class TrainingRefused(RuleViolation):
    """Attendance is recorded by HR of the whole ministry."""

    sentence = "研修の受講を記録する権限がありません。"


class RowsRefused(TrainingRefused):
    """Some rows cannot be recorded, and so none is; `reasons` say why, in the order of the rows."""

    sentence = "記録できない行があるので、まだ何も記録していません。"

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__()


@transaction.atomic
def record_trainings(
    staff_numbers: list[str], attended_on: datetime.date, *, by: User
) -> list[ListeningTraining]:
    """Note for people by staff number that they attended on a day; all of them or none. Empty rows mean nobody.

    Raises TrainingRefused, RowsRefused.
    """
    if not permissions.can_record_trainings(by):
        raise TrainingRefused
    if attended_on > today():
        raise TrainingRefused("受けた日は、今日までの日付にしてください。")
    people = {
        person.staff_number: person
        for person in User.objects.visible_to(by).filter(staff_number__in=staff_numbers)
    }
    attended = ListeningTraining.objects.filter(
        attended_on=attended_on, person__in=people.values()
    ).values_list("person__staff_number", flat=True)
    reasons = list(_reasons(staff_numbers, people, set(attended)))
    if reasons:
        raise RowsRefused(reasons)
    try:
        with transaction.atomic():
            return ListeningTraining.objects.bulk_create(
                ListeningTraining(person=people[number], attended_on=attended_on, recorded_by=by)
                for number in filter(None, staff_numbers)
            )
    except IntegrityError as error:
        sentence = "同じ受講を、ほかの人がいま記録しました。もう一度確かめてください。"
        raise TrainingRefused(sentence) from error


def _reasons(
    staff_numbers: list[str], people: dict[str, User], attended: set[str]
) -> Iterable[str]:
    seen: set[str] = set()
    for row, number in enumerate(staff_numbers, start=1):
        if not number:
            continue
        named = f"{row}行目「{number[:16]}」"
        if number in seen:
            yield f"{named}は、上の行と同じ番号です。"
        elif number not in people:
            yield f"{named}の職員番号は見つかりません。"
        elif not people[number].is_active:
            yield f"{named}の{people[number].display_name}さんは、在職していません。"
        elif number in attended:
            yield f"{named}の{people[number].display_name}さんは、この日の受講をすでに記録しています。"
        seen.add(number)


@transaction.atomic
def remove_training(training: ListeningTraining, *, by: User) -> None:
    """Take back what was recorded by mistake. Raises TrainingRefused."""
    if not permissions.can_record_trainings(by) or training.recorded_by_id != by.pk:
        raise TrainingRefused
    training.delete()
