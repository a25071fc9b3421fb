"""Reminders: only to those who have not handed in and still can, never twice a day, never on leave, by hand and by schedule."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import moment
from career_portal.mail.models import OutgoingMail
from career_portal.mail.services import deliver_due_mails
from career_portal.staff.roles import Role
from surveys import tasks
from surveys.models import Reminder, ReminderRun, SurveyRound
from surveys.running import reminder_services, services
from surveys.running.reminder_services import Scope, preview, send_reminders
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory, UserFactory
from tests.factories.surveys import close, hope_survey
from tests.threads import each_connected

DAY = datetime.timedelta(days=1)


def member(section=None, **options):
    """Somebody with an address and a main post."""
    number = UserFactory._meta.model.objects.count()
    options = {"user__email": f"person{number}@example.test", **options}
    return AssignmentFactory(section=section or SectionFactory(), **options).user


def reminded():
    return set(Reminder.objects.values_list("person", flat=True))


@pytest.fixture
def officer(db):
    return RoleGrantFactory(role=Role.HR).user


@pytest.mark.django_db
class TestByHand:
    def test_reaches_those_who_have_not_handed_in_and_nobody_else(self, survey_round, officer):
        section = SectionFactory()
        silent, drafting, withdrawn = (member(section) for _ in range(3))
        hope_survey(survey_round, drafting, "draft", numbers=[1])
        hope_survey(survey_round, withdrawn, "withdrawn", numbers=[1])
        for state in ("submitted", "correcting"):
            hope_survey(survey_round, member(section), state, numbers=[1])
        member(section, user__on_leave=True)
        member(section, user__ended=True)
        member(section, valid_until=today())
        member(section, user__email="")
        beside = member()
        AssignmentFactory(user=beside, section=section, is_concurrent=True)

        run = send_reminders(survey_round, Scope(section=section), by=officer)

        assert reminded() == {silent.pk, drafting.pk, withdrawn.pk}
        assert (run.started_by, run.section, run.days_left) == (officer, section, None)
        assert set(OutgoingMail.objects.values_list("recipient_id", flat=True)) == reminded()

    def test_preview_tells_whom_it_reaches_and_leaves_out_and_sends_nothing(
        self, survey_round, officer
    ):
        section = SectionFactory()
        people = [member(section) for _ in range(3)]
        member(section, user__on_leave=True)
        member(section, user__email="")
        first = preview(survey_round, Scope(section=section), note="お早めに。\n<b>")
        assert (first.recipients, first.reminded_today, first.without_address, first.on_leave) == (
            3,
            0,
            1,
            1,
        )
        assert people[0].display_name in first.body
        assert "人事担当から：\nお早めに。\n<b>" in first.body
        assert moment(survey_round.deadline_at) in first.subject
        assert not OutgoingMail.objects.exists()

        send_reminders(survey_round, Scope(section=section), by=officer)
        again = preview(survey_round, Scope(section=section))
        assert (again.recipients, again.reminded_today, again.body) == (0, 3, "")

    def test_second_run_of_the_day_reaches_only_those_who_came_since(self, survey_round, officer):
        section = SectionFactory()
        first = member(section)
        send_reminders(survey_round, Scope(section=section), by=officer)
        with pytest.raises(reminder_services.NobodyToRemind):
            send_reminders(survey_round, Scope(), by=officer)
        second = member(section)
        send_reminders(survey_round, Scope(section=section), by=officer)

        assert sorted(OutgoingMail.objects.values_list("recipient_id", flat=True)) == [
            first.pk,
            second.pk,
        ]
        with time_machine.travel(timezone.now() + DAY):
            send_reminders(survey_round, Scope(section=section), by=officer)
        assert OutgoingMail.objects.count() == 4

    def test_database_refuses_a_second_reminder_on_a_day(self, survey_round, officer):
        person = member()
        run = send_reminders(survey_round, Scope(), by=officer)

        with pytest.raises(IntegrityError, match="nobody_is_reminded_twice_a_day"):
            Reminder.objects.create(run=run, person=person, sent_on=today())

    @pytest.mark.parametrize(
        ("scope", "allowed"),
        [
            ("ministry", {"all", "bureau", "section"}),
            ("bureau", {"bureau", "section"}),
            ("section", {"section"}),
            ("other", set()),
        ],
    )
    def test_officer_reminds_in_his_scope_only(self, survey_round, scope, allowed):
        section = SectionFactory()
        SectionFactory(bureau=section.bureau)
        options = {
            "ministry": {},
            "bureau": {"bureau": section.bureau},
            "section": {"section": section},
            "other": {"bureau": SectionFactory().bureau},
        }
        officer = RoleGrantFactory(role=Role.HR, **options[scope]).user
        member(section)
        targets = {
            "all": Scope(),
            "bureau": Scope(bureau=section.bureau),
            "section": Scope(section=section),
        }
        done = set()
        for name, target in targets.items():
            with transaction.atomic():
                try:
                    send_reminders(survey_round, target, by=officer)
                except services.BeyondScope:
                    continue
                done.add(name)
                transaction.set_rollback(True)

        assert done == allowed

    def test_after_the_deadline_only_those_with_an_extension_are_reminded(
        self, survey_round, officer
    ):
        late, extended = member(), member()
        until = survey_round.deadline_at + DAY
        services.extend_for_person(survey_round, extended, until=until, reason="出張", by=officer)
        close(survey_round)

        send_reminders(survey_round, Scope(), by=officer)

        assert reminded() == {extended.pk}
        assert late.pk not in reminded()
        assert moment(until) in OutgoingMail.objects.get().body

    def test_mail_says_nothing_of_the_form_and_is_sent_once(self, survey_round, officer):
        person = member()
        hope_survey(survey_round, person, "draft", mark="鵺の文")
        send_reminders(survey_round, Scope(), note="=1+1 \u202e逆", by=officer)

        assert deliver_due_mails() == 1
        assert deliver_due_mails() == 0

        [sent] = mail.outbox
        assert sent.to == [person.email]
        assert "鵺" not in sent.body + sent.subject
        assert "=1+1 \u202e逆" in sent.body
        assert f"http://testserver/surveys/{survey_round.fiscal_year}/" in sent.body


@pytest.mark.django_db
class TestBySchedule:
    def at(self, survey_round, days):
        """Nine o'clock so many days before the deadline (JST)."""
        day = timezone.localtime(survey_round.deadline_at) - days * DAY
        return day.replace(hour=9, minute=0)

    @pytest.fixture
    def far_round(self, survey_round):
        """A round whose deadline is at five in the afternoon, far enough away."""
        local = timezone.localtime(timezone.now() + 20 * DAY)
        survey_round.deadline_at = local.replace(hour=17, minute=0, second=0, microsecond=0)
        survey_round.save()
        return survey_round

    def test_goes_out_seven_three_and_one_day_before_and_never_between(self, far_round):
        person = member()
        for days in range(10, -1, -1):
            with time_machine.travel(self.at(far_round, days)):
                tasks.send_scheduled_reminders()
                tasks.send_scheduled_reminders()

        runs = ReminderRun.objects.order_by("pk").values_list("days_left", flat=True)
        assert list(runs) == [7, 3, 1]
        assert list(Reminder.objects.values_list("person", flat=True)) == [person.pk] * 3

    def test_counts_from_the_persons_own_deadline(self, far_round, officer):
        usual, extended = member(), member()
        until = far_round.deadline_at + 2 * DAY
        services.extend_for_person(far_round, extended, until=until, reason="出張", by=officer)

        found = {}
        for days in (3, 1, -1):
            with time_machine.travel(self.at(far_round, days)):
                before = set(Reminder.objects.values_list("pk", flat=True))
                tasks.send_scheduled_reminders()
                new = Reminder.objects.exclude(pk__in=before)
                found[days] = sorted(new.values_list("person", "run__days_left"))

        assert found[3] == [(usual.pk, 3)]
        assert found[1] == [(usual.pk, 1), (extended.pk, 3)]
        # The web hosts' clocks are moved here, the database's is not: it still lets everybody write.
        assert found[-1] == [(extended.pk, 1)]

    def test_who_was_reminded_by_hand_in_the_morning_is_not_reminded_again(
        self, far_round, officer
    ):
        person = member()
        with time_machine.travel(self.at(far_round, 7)):
            send_reminders(far_round, Scope(), by=officer)
            tasks.send_scheduled_reminders()

        assert list(Reminder.objects.values_list("person", flat=True)) == [person.pk]

    def test_closed_round_reminds_nobody(self, far_round):
        member()
        close(far_round)
        SurveyRound.objects.update(closed_at=timezone.now())

        with time_machine.travel(self.at(far_round, 1)):
            tasks.send_scheduled_reminders()

        assert not Reminder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_runs_at_once_remind_everybody_once(survey_round):
    officer = RoleGrantFactory(role=Role.HR).user
    people = [member() for _ in range(5)]

    def send(number):
        try:
            return send_reminders(survey_round, Scope(), by=officer).pk
        except reminder_services.NobodyToRemind:
            return None

    runs = each_connected(6, send)

    assert [run for run in runs if run] == [ReminderRun.objects.get().pk]
    assert sorted(Reminder.objects.values_list("person", flat=True)) == [p.pk for p in people]
