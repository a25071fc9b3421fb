"""Deadlines moved for all, a section or one person, forms opened again, and closing after the last of them."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from career_portal.common.clock import today
from career_portal.staff.models import Assignment
from career_portal.staff.roles import Role
from surveys import services as form_services
from surveys.answers import PostedAnswers
from surveys.models import DeadlineExtension, DraftPart, HopeSurvey, Submission, SurveyRound
from surveys.running import services
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SectionFactory, UserFactory
from tests.factories.surveys import hope_survey, save_parts, submit

MICROSECOND = datetime.timedelta(microseconds=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return RoleGrantFactory(role=Role.HR).user


@pytest.fixture
def section(writer):
    return Assignment.objects.get(user=writer).section


def save(survey_round, person):
    """Store a first answer as the page of a part does."""
    part = form_services.asked(survey_round.questionnaire).part(1)
    drafts = DraftPart.objects.filter(survey__user=person, part=part.pk)
    version = drafts.values_list("version", flat=True).first() or 0
    posted = PostedAnswers(answers={"work_done": f"{version}回目"})
    form_services.save_draft_part(survey_round, part, posted, version=version, by=person)


def can_write(survey_round, person):
    try:
        with transaction.atomic():
            save(survey_round, person)
    except form_services.WritingClosed:
        return False
    return True


def extend(kind, survey_round, writer, section, officer, until):
    """The extension of one kind that reaches the writer."""
    options = {"until": until, "reason": "国会対応のため", "by": officer}
    if kind == "all":
        return services.extend_for_everybody(survey_round, **options)
    if kind == "section":
        return services.extend_for_section(survey_round, section, **options)
    return services.extend_for_person(survey_round, writer, **options)


@pytest.mark.parametrize("kind", ["all", "section", "person"])
def test_extension_lets_its_people_write_to_the_microsecond(
    survey_round, writer, section, officer, database_clock, kind
):
    until = survey_round.deadline_at + HOUR
    stranger = AssignmentFactory().user
    extension = extend(kind, survey_round, writer, section, officer, until)

    database_clock(until - MICROSECOND)
    assert can_write(survey_round, writer)
    assert can_write(survey_round, stranger) is (kind == "all")
    own = SurveyRound.objects.with_state_for(writer, today()).get()
    assert (own.own_deadline_at, own.accepts_writing) == (until, True)
    database_clock(until)
    assert not can_write(survey_round, writer)
    assert extension.kind == kind


def test_extension_granted_after_the_refusal_saves_the_same_page(
    survey_round, writer, officer, database_clock
):
    save(survey_round, writer)
    database_clock(survey_round.deadline_at)
    assert not can_write(survey_round, writer)

    extension = extend(
        "person", survey_round, writer, None, officer, survey_round.deadline_at + HOUR
    )

    assert can_write(survey_round, writer)
    assert extension.kind == DeadlineExtension.Kind.REOPENING


def test_whole_form_can_be_handed_in_corrected_and_withdrawn_while_extended(
    survey_round, writer, officer, database_clock
):
    hope_survey(survey_round, writer, "draft", numbers=[1])
    database_clock(survey_round.deadline_at + MICROSECOND)
    with pytest.raises(form_services.WritingClosed):
        submit(survey_round, writer)
    extend("person", survey_round, writer, None, officer, survey_round.deadline_at + HOUR)

    first = submit(survey_round, writer)
    form_services.open_correction(survey_round, by=writer)
    save_parts(survey_round, writer, [1], mark="直し")
    second = submit(survey_round, writer)
    form_services.withdraw_hope_survey(survey_round, by=writer)

    assert (first.number, second.number) == (1, 2)
    assert HopeSurvey.objects.get().state == "withdrawn"


def test_the_latest_of_several_extensions_counts(
    survey_round, writer, section, officer, database_clock
):
    deadline = survey_round.deadline_at
    extend("person", survey_round, writer, section, officer, deadline + 2 * HOUR)
    extend("section", survey_round, writer, section, officer, deadline + 3 * HOUR)
    extend("all", survey_round, writer, section, officer, deadline + HOUR)

    database_clock(deadline + 3 * HOUR - MICROSECOND)
    assert can_write(survey_round, writer)
    assert services.last_deadline(survey_round) == deadline + 3 * HOUR


def test_section_extension_follows_todays_posts(
    survey_round, writer, section, officer, database_clock
):
    until = survey_round.deadline_at + DAY
    beside = UserFactory()
    AssignmentFactory(user=beside, section=section, is_concurrent=True)
    gone = AssignmentFactory(section=section, valid_until=today()).user
    coming = AssignmentFactory(section=section, valid_from=today() + DAY).user
    extend("section", survey_round, writer, section, officer, until)
    database_clock(until - MICROSECOND)

    allowed = {
        person for person in (writer, beside, gone, coming) if can_write(survey_round, person)
    }

    assert allowed == {writer, beside}


def test_taking_back_counts_at_once_and_only_once(survey_round, writer, officer, database_clock):
    extension = extend(
        "person", survey_round, writer, None, officer, survey_round.deadline_at + HOUR
    )
    database_clock(survey_round.deadline_at)
    assert can_write(survey_round, writer)

    services.revoke_extension(extension, by=officer)

    assert not can_write(survey_round, writer)
    with pytest.raises(services.NothingToRevoke):
        services.revoke_extension(extension, by=officer)


class TestScope:
    @pytest.mark.parametrize(
        ("scope", "allowed"),
        [
            ("ministry", {"all", "section", "person"}),
            ("bureau", {"section", "person"}),
            ("section", {"section", "person"}),
            ("another bureau", set()),
            ("none", set()),
            ("ended", set()),
        ],
    )
    def test_officer_extends_in_his_scope_only(self, survey_round, writer, section, scope, allowed):
        options = {
            "ministry": {},
            "bureau": {"bureau": section.bureau},
            "section": {"section": section},
            "another bureau": {"bureau": SectionFactory().bureau},
            "ended": {"valid_until": today()},
        }
        officer = UserFactory()
        if scope != "none":
            RoleGrantFactory(user=officer, role=Role.HR, **options[scope])
        until = survey_round.deadline_at + HOUR
        done = set()
        for kind in ("all", "section", "person"):
            with transaction.atomic():
                try:
                    extend(kind, survey_round, writer, section, officer, until)
                except services.BeyondScope:
                    continue
                done.add(kind)
                transaction.set_rollback(True)

        assert done == allowed

    def test_nobody_extends_for_himself(
        self, survey_round, writer, section, officer, database_clock
    ):
        AssignmentFactory(user=officer, section=section)
        until = survey_round.deadline_at + HOUR
        with pytest.raises(services.BeyondScope):
            extend("person", survey_round, officer, section, officer, until)
        extend("section", survey_round, writer, section, officer, until)

        database_clock(until - MICROSECOND)
        assert (can_write(survey_round, writer), can_write(survey_round, officer)) == (True, False)
        with pytest.raises(IntegrityError, match="nobody_extends_his_own_deadline"):
            DeadlineExtension.objects.create(
                round=survey_round,
                kind="person",
                person=officer,
                until=until,
                reason="自分",
                granted_by=officer,
            )

    def test_right_that_ended_takes_nothing_back(self, survey_round, writer, officer):
        extension = extend(
            "person", survey_round, writer, None, officer, survey_round.deadline_at + HOUR
        )
        officer.role_grants.update(valid_until=today())

        with pytest.raises(services.BeyondScope):
            services.revoke_extension(extension, by=officer)

        assert DeadlineExtension.objects.running().get() == extension


class TestRefusals:
    def test_deadline_that_is_not_later_is_refused(self, survey_round, writer, officer):
        deadline = survey_round.deadline_at
        extend("person", survey_round, writer, None, officer, deadline + HOUR)

        for until in (deadline - DAY, deadline, deadline + HOUR):
            with pytest.raises(services.ExtensionTooShort):
                extend("person", survey_round, writer, None, officer, until)

        assert DeadlineExtension.objects.count() == 1

    def test_reopening_into_the_past_is_refused(
        self, survey_round, writer, officer, database_clock
    ):
        database_clock(survey_round.deadline_at + 2 * HOUR)

        with pytest.raises(services.ExtensionTooShort):
            extend("person", survey_round, writer, None, officer, survey_round.deadline_at + HOUR)


class TestClosing:
    def test_round_closes_after_its_last_extension_to_the_microsecond(
        self, survey_round, writer, officer, database_clock
    ):
        until = survey_round.deadline_at + HOUR
        extend("person", survey_round, writer, None, officer, until)
        database_clock(until - MICROSECOND)
        with pytest.raises(services.StillOpen):
            services.close_round(survey_round, by=officer)

        database_clock(until)
        closed = services.close_round(survey_round, by=officer)
        again = services.close_round(survey_round, by=officer)

        assert closed.closed_at == again.closed_at == until
        assert SurveyRound.objects.get().closed_at == until

    def test_extension_taken_back_does_not_keep_the_round_open(
        self, survey_round, writer, officer, database_clock
    ):
        extension = extend(
            "person", survey_round, writer, None, officer, survey_round.deadline_at + DAY
        )
        services.revoke_extension(extension, by=officer)
        database_clock(survey_round.deadline_at)

        assert services.close_round(survey_round, by=officer).closed_at is not None

    @pytest.mark.parametrize("scope", ["bureau", "none"])
    def test_only_hr_of_the_ministry_closes(self, survey_round, section, database_clock, scope):
        somebody = UserFactory()
        if scope == "bureau":
            RoleGrantFactory(user=somebody, role=Role.HR, bureau=section.bureau)
        database_clock(survey_round.deadline_at)

        with pytest.raises(services.BeyondScope):
            services.close_round(survey_round, by=somebody)

        assert SurveyRound.objects.get().closed_at is None

    def test_closed_round_is_opened_for_one_person_and_nobody_else(
        self, survey_round, writer, section, officer, database_clock
    ):
        hope_survey(survey_round, writer, "submitted", numbers=[1], mark="締切まで")
        colleague = AssignmentFactory(section=section).user
        database_clock(survey_round.deadline_at)
        services.close_round(survey_round, by=officer)
        until = survey_round.deadline_at + DAY
        for kind in ("all", "section"):
            with pytest.raises(services.RoundClosed):
                extend(kind, survey_round, writer, section, officer, until)

        extension = extend("person", survey_round, writer, section, officer, until)
        form_services.open_correction(survey_round, by=writer)
        save_parts(survey_round, writer, [1], mark="再開の後")
        late = submit(survey_round, writer)

        assert extension.kind == "reopening"
        assert not can_write(survey_round, colleague)
        closed_at = SurveyRound.objects.get().closed_at
        in_figures = Submission.objects.in_force_at(closed_at).get(survey__user=writer)
        assert (in_figures.number, late.number, late.submitted_at >= closed_at) == (1, 2, True)
