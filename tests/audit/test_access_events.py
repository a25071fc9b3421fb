import pytest
from django.db import ProgrammingError, transaction

from career_portal.audit.models import AccessEvent
from career_portal.audit.services import record_reads
from tests.factories.staff import UserFactory


def read(reader, subject, parts=("⑦",)):
    record_reads(
        by=reader,
        capacity="hr",
        subject_id=subject.pk,
        object_kind="submission",
        object_id=5,
        parts=parts,
    )


@pytest.mark.django_db
def test_reads_are_kept_one_row_per_part_with_the_name_of_that_day():
    reader, subject = UserFactory(family_name="山﨑", given_name="葵"), UserFactory()

    read(reader, subject, parts=["①", "⑦"])

    kept = AccessEvent.objects.filter(subject_id=subject.pk).order_by("part")
    assert list(kept.values_list("reader_id", "reader_name", "capacity", "part")) == [
        (reader.pk, "山﨑 葵", "hr", "①"),
        (reader.pk, "山﨑 葵", "hr", "⑦"),
    ]
    assert not AccessEvent.objects.filter(subject_id=reader.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_read_outside_a_transaction_is_refused():
    reader, subject = UserFactory(), UserFactory()

    with pytest.raises(RuntimeError):
        read(reader, subject)

    assert not AccessEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_read_that_fails_afterwards_leaves_no_row():
    reader, subject = UserFactory(), UserFactory()

    @transaction.atomic
    def read_and_fail():
        read(reader, subject)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_and_fail()

    assert not AccessEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_log_of_reads_cannot_be_changed(change):
    read(UserFactory(), UserFactory())
    rows = AccessEvent.objects.all()
    actions = {"update": lambda: rows.update(part="①"), "delete": rows.delete}

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        actions[change]()

    assert rows.get().part == "⑦"
