"""What HR has done with the rounds of the demonstration: there is something of everything, and none of it breaks a rule."""

import datetime

from django.db.models import F
from django.utils import timezone

from career_portal.audit.models import AccessEvent
from career_portal.common.clock import today
from career_portal.home.demonstration.loading import COPIED_TABLES
from career_portal.mail.models import LocalMail, OutgoingMail
from career_portal.staff.models import Assignment, RoleGrant, User
from career_portal.staff.roles import Role
from surveys import permissions
from surveys.models import (
    DeadlineExtension,
    ExportedForm,
    FormExport,
    HopeSurvey,
    MentorRelease,
    Reminder,
    ReminderRun,
    Submission,
    SubmittedPart,
)
from surveys.models.reading import EXPORTED
from surveys.running.participation import participation_by_bureau, total
from surveys.running.reminder_services import MAIL_KIND, Scope, preview
from tests.home.ministry import day_of, last_round, person, this_round

PEOPLE, SEED = 300, 11


# Mentors ----------------------------------------------------------------------------------------


def test_mentors_are_seniors_of_several_bureaus_beside_the_sign_in(loaded):
    grants = RoleGrant.objects.on(today()).filter(role=Role.MENTOR)
    others = set(grants.exclude(user__username="mentor").values_list("user", flat=True))

    posts = Assignment.objects.on(today()).main().filter(user__in=others)

    assert grants.filter(user__username="mentor").exists()
    assert len(others) == 12
    assert len(set(posts.values_list("section__bureau", flat=True))) > 2
    assert set(posts.values_list("grade", flat=True)) <= {
        "deputy_director",
        "office_director",
        "director",
    }
    assert not User.objects.filter(pk__in=others).exclude(state=User.State.ACTIVE).exists()


def test_some_who_want_a_mentor_have_named_one(loaded):
    asking = set(
        SubmittedPart.objects.filter(
            submission__survey__current_submission=F("submission"),
            submission__survey__round=this_round(),
            answers__listener="mentor",
        ).values_list("submission__survey", flat=True)
    )
    releases = MentorRelease.objects.filter(part__code="interview")

    named = set(releases.values_list("survey", flat=True))

    assert named
    assert named < asking


def test_releases_keep_the_rules(loaded):
    mentors = set(RoleGrant.objects.filter(role=Role.MENTOR).values_list("user", flat=True))
    releases = MentorRelease.objects.select_related("survey", "part")

    named = {row.survey_id: row.mentor_id for row in releases if row.part.code == "interview"}

    for row in releases:
        assert row.part.code in {"interview", "competencies", "future", "posts"}
        assert row.mentor_id in mentors
        assert row.mentor_id != row.survey.user_id
        assert row.mentor_id == named[row.survey_id]


def test_mentor_signed_in_reads_forms_of_two_writers_at_least(loaded):
    mentor = person("mentor")

    released = Submission.objects.visible_to(mentor).released_to_mentor(mentor)

    assert released.count() >= 2


# Deadlines --------------------------------------------------------------------------------------


def test_open_round_has_a_section_a_person_and_one_taken_back(loaded):
    rows = DeadlineExtension.objects.filter(round=this_round())

    found = {(row.kind, row.revoked_at is not None) for row in rows}

    assert found == {("section", False), ("person", False), ("person", True)}
    assert rows.get(kind="section").reason == "国会対応のため"
    assert all(row.until > this_round().deadline_at for row in rows)


def test_nobody_moved_his_own_deadline_and_officers_may(loaded):
    for row in DeadlineExtension.objects.select_related("granted_by", "person", "section"):
        assert row.granted_by.username in {"jinji", "jinji2"}
        assert permissions.can_act_for(row.granted_by, row)
        own = DeadlineExtension.objects.applying_to(row.granted_by, today())
        assert not own.filter(pk=row.pk).exists()


def test_who_is_back_from_leave_can_still_write(loaded):
    row = DeadlineExtension.objects.running().get(round=this_round(), kind="person")

    assert row.person.state == User.State.ACTIVE
    assert not row.person.hope_surveys.filter(round=this_round(), state="submitted").exists()
    assert not Reminder.objects.filter(person=row.person).exists()


def test_form_of_last_year_was_handed_in_again_while_it_was_reopened(loaded):
    row = DeadlineExtension.objects.get(kind="reopening")
    form = row.person.hope_surveys.get(round=last_round())

    first, second = form.submissions.order_by("number")

    assert row.round == last_round()
    assert last_round().closed_at < row.granted_at <= second.submitted_at <= row.until
    assert row.until < timezone.now()
    assert form.current_submission == second
    counted = Submission.objects.in_force_at(last_round().closed_at).filter(survey=form)
    assert list(counted) == [first]


# Reminders --------------------------------------------------------------------------------------


def test_everybody_behind_in_the_bureau_was_reminded_and_nobody_else(loaded):
    run = ReminderRun.objects.get()
    posts = Assignment.objects.on(day_of(run.started_at)).main().filter(section__bureau=run.bureau)
    members = set(posts.values_list("user", flat=True))
    in_force = Submission.objects.in_force_at(run.started_at).filter(survey__round=run.round)
    done = set(in_force.values_list("survey__user", flat=True))
    away = set(
        User.objects.exclude(state=User.State.ACTIVE)
        .filter(pk__in=members)
        .values_list("pk", flat=True)
    )
    back = DeadlineExtension.objects.running().get(kind="person").person_id

    reminded = set(run.reminders.values_list("person", flat=True))

    assert members & done
    assert reminded
    assert reminded == members - done - away - {back}
    assert set(run.reminders.values_list("sent_on", flat=True)) == {day_of(run.started_at)}


def test_run_was_started_by_hr_some_days_ago_with_a_note(loaded):
    run = ReminderRun.objects.get()

    assert run.started_by == person("jinji")
    assert run.note
    assert permissions.can_act_for_bureau(run.started_by, run.bureau)
    assert run.round == this_round()
    assert this_round().opens_at < run.started_at < timezone.now() - datetime.timedelta(days=5)


def test_each_reminder_has_its_mail_in_the_outbox_and_in_the_mailbox(loaded):
    received = {mail.message_id: mail for mail in LocalMail.objects.all()}
    reminders = Reminder.objects.select_related("mail", "person", "run")

    of_rounds = OutgoingMail.objects.filter(pk__in=[reminder.mail_id for reminder in reminders])
    assert len(received) == len(reminders) == of_rounds.count()
    for reminder in reminders:
        mail, kept = reminder.mail, received[reminder.mail.message_id]
        assert mail.state == OutgoingMail.State.SENT
        assert mail.kind == MAIL_KIND
        assert mail.recipient_id == reminder.person_id
        assert mail.sent_at > mail.created_at == reminder.run.started_at
        assert kept.recipient == mail.address == reminder.person.email
        assert (kept.subject, kept.body) == (mail.subject, mail.body)
        assert mail.body.startswith(f"{reminder.person.display_name} さん\n")


def test_mails_say_what_the_portal_would_say(loaded):
    run = ReminderRun.objects.select_related("bureau").get()
    mail = OutgoingMail.objects.first()

    said = preview(run.round, Scope(bureau=run.bureau), note=run.note)

    days = (day_of(run.round.deadline_at) - day_of(run.started_at)).days
    then = mail.body.replace(f"あと{days}日", "あと12日").splitlines()
    assert mail.subject == said.subject
    assert then[1:] == said.body.splitlines()[1:]


# Exports ----------------------------------------------------------------------------------------


def test_export_of_last_year_was_approved_fetched_and_is_over(loaded):
    export = FormExport.objects.get(state="expired")

    assert (export.round, export.purpose) == (last_round(), "夏の人事異動の検討のため")
    assert (export.requested_by, export.decided_by) == (person("jinji"), person("jinji2"))
    assert export.downloads == 1
    assert export.requested_at < export.decided_at < export.ready_at < export.expires_at
    assert export.expires_at < timezone.now()
    assert not export.file


def test_export_holds_forms_of_one_bureau_and_not_the_officers_own(loaded):
    export = FormExport.objects.get(state="expired")
    writers = ExportedForm.objects.filter(export=export).values("submission__survey__user")
    posts = Assignment.objects.on(day_of(export.requested_at)).main().filter(user__in=writers)

    bureaus = set(posts.values_list("section__bureau__name", flat=True))

    assert bureaus == {export.filters["bureau"]}
    assert export.forms.count() == export.people == export.done
    assert export.people > 10
    assert not export.forms.exclude(submission__survey__round=last_round()).exists()
    assert not export.forms.filter(submission__survey__user=export.requested_by).exists()


def test_parts_of_exported_forms_are_logged_when_the_file_was_made(loaded):
    export = FormExport.objects.get(state="expired")
    events = AccessEvent.objects.filter(capacity=EXPORTED)

    held = set(export.forms.values_list("submission", flat=True))

    assert set(events.values_list("object_id", flat=True)) == held
    assert set(events.values_list("read_at", "reader_id")) == {
        (export.ready_at, export.requested_by_id)
    }


def test_second_officer_has_an_order_of_this_round_to_decide(loaded):
    export = FormExport.objects.get(state="waiting")

    assert export.round == this_round()
    assert export.people > 50
    assert permissions.can_decide_export(person("jinji2"), export)
    assert not permissions.can_decide_export(person("jinji"), export)


# Figures ----------------------------------------------------------------------------------------


def test_some_sections_are_complete_and_some_have_not_begun(loaded):
    bureaus = participation_by_bureau(this_round(), viewer=person("jinji"))
    sections = [
        section.figures
        for bureau in bureaus
        for section in bureau.sections
        if section.figures.expected > 2
    ]

    rates = [figures.rate for figures in sections]

    assert 25 < total(bureaus).rate < 47
    assert max(rates) == 100
    assert min(rates) == 0
    assert len({rate for rate in rates if 0 < rate < 100}) > 5


def test_home_section_has_handed_in_in_part(loaded):
    staff = User.objects.supervised_by(person("joushi"), today())
    handed_in = HopeSurvey.objects.filter(round=this_round(), state="submitted", user__in=staff)

    assert 2 <= handed_in.count() < staff.count()


# The tables -------------------------------------------------------------------------------------


def test_nothing_lies_in_the_future(loaded):
    fields = [
        (MentorRelease, "released_at"),
        (DeadlineExtension, "granted_at"),
        (DeadlineExtension, "revoked_at"),
        (ReminderRun, "started_at"),
        (OutgoingMail, "created_at"),
        (OutgoingMail, "sent_at"),
        (LocalMail, "received_at"),
        (FormExport, "requested_at"),
        (FormExport, "decided_at"),
        (FormExport, "ready_at"),
        (AccessEvent, "read_at"),
    ]

    for model, field in fields:
        instants = model.objects.exclude(**{field: None}).values_list(field, flat=True)
        assert instants
        assert max(instants) < timezone.now()


def test_ids_go_on_behind_the_log_of_reads_and_the_releases(loaded):
    last = AccessEvent.objects.order_by("-pk").first()

    last.pk = None
    last.save(force_insert=True)

    assert last.pk == AccessEvent.objects.order_by("-pk").first().pk
    assert AccessEvent.objects.filter(pk__lt=last.pk).count() == AccessEvent.objects.count() - 1
    assert {AccessEvent, MentorRelease} <= set(COPIED_TABLES)


def test_load_leaves_no_history_of_what_hr_did(loaded):
    tracked = (DeadlineExtension, ReminderRun, FormExport, MentorRelease)

    for model in tracked:
        assert model.objects.exists()
        assert not model.pgh_event_model.objects.exists()
