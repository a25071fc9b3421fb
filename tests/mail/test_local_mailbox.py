"""The local stack's mailbox: what it takes, and its pages."""

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse

from career_portal.mail.models import LocalMail
from career_portal.mail.services import deliver_due_mails, queue_mails
from tests.design.pages import read_page
from tests.mail.drafts import draft, drafts

pytestmark = pytest.mark.django_db
LIST = "mail:local_mail_list"


@pytest.fixture(autouse=True)
def local_mailbox(settings):
    settings.EMAIL_BACKEND = "career_portal.mail.backends.LocalMailbox"


def mail_of(client, mail):
    return client.get(reverse("mail:local_mail_detail", args=[mail.pk]))


def test_delivered_mail_lies_in_the_mailbox_as_it_was_written():
    (mail,) = queue_mails(drafts(1))

    deliver_due_mails()

    received = LocalMail.objects.get()
    assert received.message_id == mail.message_id
    assert received.recipient == mail.address
    assert (received.subject, received.body) == (mail.subject, mail.body)
    assert received.sender == "キャリアポータル <career-portal@example.go.jp>"


def test_mail_delivered_a_second_time_is_refused():
    message = EmailMessage("件名", "本文", to=["a@example.go.jp"], headers={"Message-ID": "<1@b>"})
    message.send()

    with pytest.raises(IntegrityError, match="message_id"), transaction.atomic():
        message.send()


def test_mail_of_another_sender_gets_an_id_and_keeps_every_recipient():
    EmailMessage("件名", "本文", to=["a@example.go.jp"], bcc=["b@example.go.jp"]).send()

    received = LocalMail.objects.get()
    assert received.message_id.startswith("<")
    assert received.recipient == "a@example.go.jp, b@example.go.jp"


def test_list_shows_the_newest_first_in_pages(client):
    queue_mails(draft(number, subject=f"{number}通目") for number in range(1, 31))
    deliver_due_mails()

    def subjects(query):
        return [row["mail"].subject for row in client.get(reverse(LIST), query).context["rows"]]

    assert subjects({}) == [f"{number}通目" for number in range(30, 5, -1)]
    assert subjects({"page": 2}) == [f"{number}通目" for number in range(5, 0, -1)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["sato@example.go.jp", "山田　太郎 <yamada@example.go.jp>"]),
        ("yamada", ["山田　太郎 <yamada@example.go.jp>"]),
        ("YAMADA@", ["山田　太郎 <yamada@example.go.jp>"]),
        ("太郎", ["山田　太郎 <yamada@example.go.jp>"]),
        ("sato", ["sato@example.go.jp"]),
        ("%", []),
        ("a\x00b", ["sato@example.go.jp", "山田　太郎 <yamada@example.go.jp>"]),
    ],
    ids=ascii,
)
def test_list_is_narrowed_by_a_part_of_the_address_or_name(client, words, found):
    queue_mails(
        [
            draft(1, address="山田　太郎 <yamada@example.go.jp>"),
            draft(2, address="sato@example.go.jp"),
        ]
    )
    deliver_due_mails()

    response = client.get(reverse(LIST), {"to": words})

    assert [row["mail"].recipient for row in response.context["rows"]] == found
    assert f"{len(found)}通のメール" in response.text


def test_mail_is_shown_with_its_headers_line_breaks_and_links_and_no_markup(client):
    link = "https://portal.example.go.jp/surveys/2026/"
    body = f"一行目\n\n<b>二段落目</b> & <script>x()</script>\n{link}\n"
    (queued,) = queue_mails([draft(1, subject="<i>件名</i>", body=body)])
    deliver_due_mails()

    response = mail_of(client, LocalMail.objects.get())

    shown = response.text
    page = read_page(shown)
    assert page.one("h1").text == "<i>件名</i>"
    assert page.one("a", href=link).text == link
    assert "一行目\n\n&lt;b&gt;二段落目&lt;/b&gt; &amp; &lt;script&gt;" in shown
    assert queued.message_id.strip("<>") in shown
    assert queued.address in shown


def test_mail_that_is_not_there_answers_404(client):
    missing = reverse("mail:local_mail_detail", args=[10**30])

    assert client.get(missing).status_code == 404


def test_pages_say_that_the_mailbox_belongs_to_the_local_stack(client):
    queue_mails(drafts(1))
    deliver_due_mails()

    for response in (client.get(reverse(LIST)), mail_of(client, LocalMail.objects.get())):
        assert response.status_code == 200
        assert "（試すための環境）｜キャリアポータル</title>" in response.text
