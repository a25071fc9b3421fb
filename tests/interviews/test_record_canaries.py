"""Words of memos, drafts and records on no page, in no mail, file or log line of anybody but those whose they are."""

import io
import logging
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from career_portal.common import pdf_engine
from career_portal.mail.models import OutgoingMail
from career_portal.staff.roles import Role
from tests.factories import interviews as made
from tests.factories import records
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SupervisorDesignationFactory
from tests.routes import routes

pytestmark = pytest.mark.django_db

MEMO, DRAFT, RECORD, ACTION, REPLY, OUTCOME = "鵺一", "鵺二", "鵺三", "鵺四", "鵺五", "鵺六"
ALL = {MEMO, DRAFT, RECORD, ACTION, REPLY, OUTCOME}
SHARED = {RECORD, ACTION, REPLY, OUTCOME}


@pytest.fixture
def plain_pdf(monkeypatch):
    monkeypatch.setattr(pdf_engine, "render", lambda html, **options: html.encode())


@pytest.fixture
def talk():
    """A talk of a head who has left since, with everything that can be written about it."""
    section = made.SectionFactory()
    head, member = made.line(section)
    for person in (head, member):
        person.email = f"{person.username}@example.go.jp"
        person.save()
    talk = made.held(head, member)
    records.answered(records.published(talk, h1=RECORD, a1_text=ACTION), "not_confirmed", REPLY)
    records.said(talk.actions.get(), outcome=OUTCOME)
    records.drafted(talk, h1=DRAFT)
    records.memo(talk, MEMO)
    head.assignments.all().delete()
    AssignmentFactory(user=head, position="head")
    return talk


def others(talk):
    section = talk.interviewee.assignments.get().section
    successor = AssignmentFactory(section=section, position="head").user
    deputy = AssignmentFactory(section=section).user
    SupervisorDesignationFactory(section=section, supervisor=deputy)
    office = RoleGrantFactory(role=Role.AUDITOR).user
    for role in (Role.SYSTEM_ADMIN, Role.FEEDBACK_ADMIN):
        RoleGrantFactory(user=office, role=role)
    return {
        "successor": successor,
        "deputy": deputy,
        "delegate": RoleGrantFactory(role=Role.DELEGATE, on_behalf_of=talk.interviewer).user,
        "hr": RoleGrantFactory(role=Role.HR).user,
        "mentor": RoleGrantFactory(role=Role.MENTOR).user,
        "offices": office,
    }


def addresses(talk):
    """Every page that one can ask for: those of the talk by their real numbers, all others as they come."""
    named = {"interviews:action_update": talk.actions.get().pk}
    for route in routes():
        if not route.name.startswith("interviews:") or "/1/" not in route.address:
            yield route.address
        else:
            yield reverse(route.name, args=[named.get(route.name, talk.pk)])


def words(response):
    content = b"".join(response) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return content.decode(errors="replace")


def everything_read_by(person, talk):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    read = [words(client.get(address)) for address in addresses(talk)]
    return "\n".join([*read, words(client.post(reverse("home:own_data_download")))])


def found_in(text):
    return {canary for canary in ALL if canary in text}


def test_words_of_a_talk_reach_those_alone_whose_they_are(talk, plain_pdf, caplog):
    caplog.set_level(logging.DEBUG)

    assert found_in(everything_read_by(talk.interviewer, talk)) == ALL
    assert found_in(everything_read_by(talk.interviewee, talk)) == SHARED
    read = {name: found_in(everything_read_by(who, talk)) for name, who in others(talk).items()}

    assert not any(read.values()), read
    mails = OutgoingMail.objects.all()
    assert mails.count() == 2
    assert not any(found_in(f"{mail.subject}{mail.body}{mail.address}") for mail in mails)
    assert len(caplog.records) > 100
    lines = "\n".join(str(vars(record)) for record in caplog.records)
    assert not found_in(lines)


def test_own_data_hold_the_records_about_oneself_and_the_memos_that_one_wrote(talk, plain_pdf):
    def taken(person):
        client = Client()
        client.force_login(person)
        return found_in(words(client.post(reverse("home:own_data_download"))))

    assert taken(talk.interviewee) == SHARED
    assert taken(talk.interviewer) == {MEMO}


def test_memo_that_cannot_be_opened_is_named_as_missing(talk, plain_pdf):
    talk.memos.update(key_name="lost")
    client = Client()
    client.force_login(talk.interviewer)
    said = words(client.post(reverse("home:own_data_download")))
    assert "面談者メモ" in said
    assert not found_in(said)
