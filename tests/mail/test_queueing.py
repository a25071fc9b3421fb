"""What gets into the outbox, and what is refused before it does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from career_portal.mail.models import OutgoingMail
from career_portal.mail.services import queue_mails
from tests.mail.drafts import draft, drafts

pytestmark = pytest.mark.django_db


def test_queued_mails_are_due_at_once_and_carry_ids_of_their_own():
    queued = queue_mails(drafts(3))

    rows = OutgoingMail.objects.due()
    assert [row.pk for row in rows] == [mail.pk for mail in queued]
    assert [row.recipient_id for row in rows] == [1, 2, 3]
    assert {(row.state, row.attempts, row.sent_at) for row in rows} == {("queued", 0, None)}
    assert len({row.message_id for row in rows}) == 3
    assert all(row.message_id.endswith("@example.go.jp>") for row in rows)


def test_nothing_to_queue_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queue_mails([]) == []


def test_address_may_have_the_name_of_the_person_in_front():
    (mail,) = queue_mails([draft(address="山田　太郎 <yamada@example.go.jp>")])

    assert mail.address == "山田　太郎 <yamada@example.go.jp>"


@pytest.mark.parametrize("field", ["address", "subject"])
@pytest.mark.parametrize(
    "text",
    ["", " ", "a@b\n", "a@b\r\nBcc: c@d", "a@b\rBcc: c@d", "a@b\u2028c", "a@b\x00", "あ" * 401],
    ids=["empty", "blank", "end", "crlf", "cr", "separator", "nul", "long"],
)
def test_header_that_is_no_single_line_is_refused_and_nothing_is_queued(field, text):
    with pytest.raises(ValueError, match=r"^(the (address|subject) of a mail .+|)$") as refusal:
        queue_mails([draft(1), draft(2, **{field: text})])

    assert not text.strip() or text not in str(refusal.value)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"subject": "二行の\n件名"}, "mail_subject_is_one_line"),
        ({"subject": "二行の\r件名"}, "mail_subject_is_one_line"),
        ({"subject": ""}, "mail_subject_is_one_line"),
        ({"address": "a@example.go.jp\nBcc: b@example.go.jp"}, "mail_address_is_one_line"),
        ({"address": ""}, "mail_address_is_one_line"),
        ({"state": "sent"}, "sent_mail_has_its_time"),
        ({"sent_at": Now()}, "sent_mail_has_its_time"),
        ({"state": "lost"}, "mail_state_is_known"),
    ],
    ids=str,
)
def test_row_that_breaks_a_rule_is_refused_by_the_database(changed, constraint):
    queue_mails(drafts(1))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OutgoingMail.objects.update(**changed)


def test_message_id_is_used_once():
    queue_mails(drafts(2))

    with pytest.raises(IntegrityError, match="message_id"), transaction.atomic():
        OutgoingMail.objects.update(message_id="<same@example.go.jp>")


def test_due_mails_are_found_by_their_index():
    queue_mails(drafts(1))

    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plan = OutgoingMail.objects.due().explain()

    assert "due_mail" in plan
