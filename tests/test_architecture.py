"""Habits that hold for the whole code: rows reach people through `visible_to`, pages hold no script, history is kept."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from pghistory.models import Event
from psycopg import sql

from career_portal.audit.models import AccessEvent
from career_portal.mail.models import LocalMail, OutgoingMail
from career_portal.staff.roles import Role
from interviews import models as interview_models
from interviews.kinds import Kind
from interviews.models import CalendarFeed, InterviewReminder, ListeningTraining
from postings.content import SkillLine
from postings.models import (
    CatalogueVisit,
    KeptPost,
    PostImport,
    ReviewComment,
    ReviewReminder,
    Synonym,
    SynonymGroup,
)
from surveys import models as survey_models
from tests.factories import feedback, records
from tests.factories import interviews as talks
from tests.factories.postings import PostDescriptionFactory
from tests.factories.preparation import prompt
from tests.factories.staff import (
    RoleGrantFactory,
    SectionSuccessionFactory,
    SupervisorDesignationFactory,
    UserFactory,
)
from tests.factories.surveys import SurveyRoundFactory, choose_supervisor, hope_survey
from tests.routes import routes

ROOT = Path(__file__).parents[1]
PACKAGES = ("career_portal", "postings", "surveys", "interviews")
OUR_APPS = ("audit", "mail", "staff", "skills", "postings", "surveys", "interviews")


def sources():
    """Every module of the portal but migrations, with its path from the root."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def templates():
    """Every template by the name it is loaded by."""
    for folder in [ROOT / "templates", *(ROOT / name / "templates" for name in PACKAGES)]:
        yield from ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*.html"))
    folder = ROOT / "career_portal/design/templates"
    yield from ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*.html"))


# Rows reach people through `visible_to` ---------------------------------------------------------

# Where rows are defined, changed or prepared: the rules themselves, services, jobs, loading.
BELOW_THE_PAGES = re.compile(
    r"(^|/)(models(\.py|/.*)|permissions\.py|(\w+_)?services\.py|tasks\.py|checks\.py|management/.*|reference_data\.py"
    r"|demonstration/.*|bench\.py)$"
)
# Uses above that line which start elsewhere, each with its reason.
OTHER_STARTS = {
    (
        "career_portal/common/prepared.py",
        "self._queryset.model._default_manager",
    ): "runs what a queryset was translated into",
    (
        "career_portal/mail/views.py",
        "LocalMail.objects.addressed_like",
    ): "local stack and tests only",
    ("career_portal/mail/views.py", "LocalMail.objects.all"): "local stack and tests only",
    (
        "career_portal/audit/history.py",
        "event_model.objects.filter",
    ): "the history of somebody's own rows, deleted ones too",
    ("career_portal/common/sessions.py", "self.model.objects.filter"): "the visitor's own session",
    ("career_portal/staff/backends.py", "User.objects.filter"): "nobody is signed in yet",
    ("career_portal/staff/demonstration.py", "User.objects.filter"): "nobody is signed in yet",
    ("career_portal/staff/own_data.py", "AccessLog.objects.filter"): "the person's own sign-ins",
    ("career_portal/staff/throttle.py", "AccessAttempt.objects.filter"): "counts, nothing is shown",
    ("career_portal/staff/throttle.py", "AccessLog.objects.filter"): "counts, nothing is shown",
    ("interviews/coverage.py", "Interview.objects.filter"): "who has had a talk, in one's care",
    ("interviews/coverage.py", "Interview.objects.booked"): "who has one to come, in one's care",
    ("interviews/coverage.py", "Proposal.objects.open"): "who has one to come, in one's care",
    (
        "interviews/views/pages.py",
        "Interview.objects.handled_by",
    ): "when and where, also for who acts for the interviewer",
    (
        "interviews/weeks.py",
        "Interview.objects.handled_by",
    ): "when and where, also for who acts for the interviewer",
    (
        "interviews/records/counting.py",
        "AgreedAction.objects.standing",
    ): "numbers that stand for at least ten people",
    (
        "interviews/records/counting.py",
        "Assignment.objects.on",
    ): "who sits where is known to all staff",
    ("interviews/records/counting.py", "Bureau.objects.order_by"): "known to all staff",
    ("postings/content.py", "Skill.objects.in_use"): "the framework, open to all staff",
    (
        "postings/search/suggestions.py",
        "SearchTerm.objects.filter",
    ): "each proven by a published post",
    ("postings/search/thesaurus.py", "Synonym.objects.filter"): "open to all staff",
    ("surveys/asked.py", "Questionnaire.objects.select_related"): "wording, open to all staff",
    ("surveys/feedback_sheets/assembling.py", "Skill.objects.in_use"): "open to all staff",
    (
        "surveys/feedback_sheets/assembling.py",
        "PostDescription.objects.published",
    ): "counts of posts that are open to all staff",
    (
        "surveys/running/participation.py",
        "HopeSurvey.objects.taking_part",
    ): "yes or no, for posts in HR's scope",
    (
        "surveys/running/participation.py",
        "Submission.objects.in_force_at",
    ): "yes or no, for posts in HR's scope",
    (
        "surveys/running/participation_sheet.py",
        "HopeSurvey.objects.taking_part",
    ): "yes or no, for posts in HR's scope",
    ("surveys/working_copy.py", "DraftPart.objects.filter"): "joined to the person's own form",
    ("surveys/working_copy.py", "MentorRelease.objects.filter"): "joined to the person's own form",
    ("surveys/working_copy.py", "ReaderChoice.objects.filter"): "joined to the person's own form",
    ("surveys/working_copy.py", "SurveyRound.objects.begun"): "rounds are announced to all staff",
}
# `own` is the first rule of `visible_to` alone.
RIGHT_STARTS = (".objects.visible_to", ".objects.own")
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}


def starts_of_querysets(tree):
    """How each use of a manager goes on: `Model.objects.filter`; a bare manager as it stands."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            parent = parents[node]
            yield ast.unparse(parent if isinstance(parent, ast.Attribute) else node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SHORTCUTS:
            first = node.args[0]
            if isinstance(first, ast.Attribute) or (
                isinstance(first, ast.Name) and first.id not in assigned_names(tree)
            ):
                yield ast.unparse(node)


def assigned_names(tree):
    """The names that a module gives to values, such as querysets; models are imported."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def test_pages_start_every_queryset_from_visible_to():
    found = {
        (path, start)
        for path, tree in sources()
        if not BELOW_THE_PAGES.search(path)
        for start in starts_of_querysets(tree)
        if not start.endswith(RIGHT_STARTS)
    }

    assert found == set(OTHER_STARTS)


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("Post.objects.visible_to(user).filter(pk=1)", False),
        ("get_object_or_404(Post.objects.visible_to(user), pk=1)", False),
        ("posts = Post.objects.visible_to(user)\nget_object_or_404(posts, pk=1)", False),
        ("Post.objects.all()", True),
        ("Post.objects.filter(pk=1).visible_to(user)", True),
        ("Post._default_manager.get(pk=1)", True),
        ("get_object_or_404(Post, pk=1)", True),
        ("get_object_or_404(models.Post, pk=1)", True),
        ("show(Post.objects)", True),
    ],
)
def test_search_for_querysets_finds_what_it_should(code, refused):
    found = [
        start for start in starts_of_querysets(ast.parse(code)) if not start.endswith(RIGHT_STARTS)
    ]

    assert bool(found) is refused


# Rows that no page shows by a person's rights, each with its reason.
NOT_SHOWN = {
    OutgoingMail: "a mail is for its recipient, in his mail program",
    LocalMail: "everybody sees the mailbox of the local stack, which production does not have",
}


# Rows that `visible_to` shows to nobody at all.
SHOWN_TO_NOBODY = {survey_models.FrozenFigure, survey_models.ImportedAnswer}


def shown_models():
    """Every model whose rows pages may show: all of ours but histories and those above."""
    return [
        model
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        if not issubclass(model, Event) and model not in NOT_SHOWN
    ]


@pytest.fixture
def rows_of_everything(db):
    """At least one row of every model of ours, and its history."""
    hr_officer = RoleGrantFactory(role=Role.HR).user
    SectionSuccessionFactory()
    post = PostDescriptionFactory(gained=(SkillLine("B1-02", 3),))
    ReviewComment.objects.create(version=post.shown, text="よい", author=hr_officer)
    ReviewReminder.objects.create(version=post.shown, sent_on="2026-11-24")
    KeptPost.objects.create(user=hr_officer, post=post, note="あとで聞く")
    CatalogueVisit.objects.create(user=hr_officer, last_on="2026-11-24")
    found = PostImport.objects.create(
        file_name="a.csv", state="checked", added=1, uploaded_by=hr_officer
    )
    found.rows.create(number=2, kind="added", title="係長", section=post.section)
    synonyms = SynonymGroup.objects.create()
    Synonym.objects.create(group=synonyms, term="会合", key="会合", sort_order=1)
    SupervisorDesignationFactory(section=post.section)
    survey_round = SurveyRoundFactory()
    survey = hope_survey(survey_round, hr_officer, post=post)
    choose_supervisor(survey_round, hr_officer, 2, reads=False)
    assignment = apps.get_model("staff.Assignment")
    assignment.objects.create(
        user=hr_officer,
        section=post.section,
        grade="unit_chief",
        post_title="係長",
        valid_from="2026-04-01",
    )
    run_a_round(survey, hr_officer)
    put_into_calendars(hr_officer)
    offer_times(hr_officer)
    release_sheets(survey, hr_officer)
    prompt("いちばん話しておきたいことは、何ですか。")
    ListeningTraining.objects.create(
        person=hr_officer, attended_on="2026-11-24", recorded_by=RoleGrantFactory().user
    )
    record_a_talk(hr_officer)
    AccessEvent.objects.create(
        reader_id=post.pk,
        reader_name="読んだ人",
        capacity="上司",
        subject_id=hr_officer.pk,
        object_kind="hope_survey",
        object_id=survey.current_submission_id,
        part="reflection",
    )
    return survey


def run_a_round(survey, hr_officer):
    """An extension, a reminder, an export and a release to a mentor, all to be seen by the officer or the writer."""
    other = RoleGrantFactory(role=Role.MENTOR).user
    survey_models.DeadlineExtension.objects.create(
        round=survey.round,
        kind="person",
        person=hr_officer,
        until=survey.round.deadline_at,
        reason="出張",
        granted_by=other,
    )
    run = survey_models.ReminderRun.objects.create(round=survey.round, days_left=7)
    survey_models.Reminder.objects.create(run=run, person=hr_officer, sent_on="2026-11-24")
    export = survey_models.FormExport.objects.create(
        round=survey.round,
        format="csv",
        purpose="検討",
        people=1,
        state="queued",
        requested_by=hr_officer,
    )
    survey_models.ExportedForm.objects.create(export=export, submission=survey.current_submission)
    part = survey.round.questionnaire.parts.get(number=8)
    survey_models.MentorRelease.objects.create(survey=survey, part=part, mentor=other)


def put_into_calendars(hr_officer):
    """An interview of the officer that he was reminded of, and his feed."""
    CalendarFeed.objects.create(person=hr_officer, token_hash="0" * 64)
    InterviewReminder.objects.create(
        interview=talks.held(talks.mentor(), hr_officer), person=hr_officer, of_day="2026-11-24"
    )


def offer_times(hr_officer):
    """A slot of a series, named for somebody, a limit, a proposal and a booked talk of the officer as mentor."""
    RoleGrantFactory(user=hr_officer, role=Role.MENTOR)
    person = talks.line()[1]
    series = interview_models.SlotSeries.objects.create(
        interviewer=hr_officer,
        weekday=0,
        starts="10:00",
        minutes=45,
        first_on="2026-11-30",
        last_on="2026-12-07",
        made_by=hr_officer,
    )
    slot = talks.slot(hr_officer, kind="mentor", audience="mentees", series=series)
    slot.invitees.create(person=person)
    interview_models.InterviewerLimit.objects.create(interviewer=hr_officer, per_day=3)
    talks.interview(hr_officer, person, talks.next_week(15), Kind.MENTOR)
    proposal = interview_models.Proposal.objects.create(
        kind="mentor", interviewer=hr_officer, interviewee=person, made_by=hr_officer
    )
    proposal.times.create(number=1, period=talks.next_week(16))


def release_sheets(survey, hr_officer):
    """A plan, a published release with an action, an opening and a download, all to be seen by the officer."""
    plan = survey_models.DisclosurePlan.objects.create(round=survey.round)
    joint_unit = survey_models.JointUnit.objects.create(
        plan=plan, bureau=feedback.BureauFactory(), name="会計課ほか"
    )
    survey_models.JointSection.objects.create(
        joint=joint_unit, plan=plan, section=feedback.SectionFactory()
    )
    made = feedback.freeze(feedback.SMALL, survey.round)
    feedback.answered(made, "秘書課", hr_officer, submission=survey.current_submission)
    release = feedback.opened(feedback.release(made))
    sheet = release.sheets.get(unit__name="秘書課")
    sheet.actions.create(number=1, text="朝会", written_by=hr_officer)
    sheet.openings.create(user=hr_officer)
    release.downloads.create(kind="all", user=hr_officer)
    member = made.freeze.members.create(unit=sheet.unit, person="甲")
    survey_models.ImportedAnswer.objects.create(
        member=member, question=made.freeze.questions.first(), answer=3
    )
    survey_models.RoundImport.objects.create(
        fiscal_year=2024, reference_date="2024-10-01", uploaded_by=hr_officer
    )


def record_a_talk(hr_officer):
    """A talk that the officer held, with its record, a response, an action with its update, and his memo."""
    interview = records.held_by(hr_officer)
    published = records.published(interview, a1_text="共有する", a1_owner="interviewee")
    records.answered(published)
    records.said(interview.actions.get())
    records.memo(interview)


def test_ended_account_sees_no_row_of_any_model(rows_of_everything):
    ended = UserFactory(ended=True)
    active = rows_of_everything.user

    for model in shown_models():
        rows = model._default_manager
        assert rows.exists(), model
        assert rows.visible_to(active).exists() is (model not in SHOWN_TO_NOBODY), model
        assert not rows.visible_to(ended).exists(), model


# History ----------------------------------------------------------------------------------------

TRACKED = {
    "staff.User",
    "staff.Bureau",
    "staff.Section",
    "staff.SectionSuccession",
    "staff.Assignment",
    "staff.SupervisorDesignation",
    "staff.RoleGrant",
    "postings.PostDescription",
    "postings.PostImport",
    "postings.PostVersion",
    "postings.Synonym",
    "postings.SynonymGroup",
    "surveys.SurveyRound",
    "surveys.HopeSurvey",
    "surveys.ReaderChoice",
    "surveys.Submission",
    "surveys.MentorRelease",
    "surveys.DeadlineExtension",
    "surveys.ReminderRun",
    "surveys.FormExport",
    "surveys.DisclosurePlan",
    "surveys.JointUnit",
    "surveys.FeedbackRelease",
    "surveys.ImprovementAction",
    "interviews.Interview",
    "interviews.InterviewSlot",
    "interviews.ListeningTraining",
    "interviews.Proposal",
}


def event_models():
    return [
        model
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        if issubclass(model, Event)
    ]


def test_status_readers_roles_and_organisation_have_a_history_and_drafts_have_none():
    assert {model.pgh_tracked_model._meta.label for model in event_models()} == TRACKED


def test_histories_hold_neither_passwords_nor_answers():
    columns = {field.name for model in event_models() for field in model._meta.get_fields()}

    assert not columns & {"password", "last_login", "answers"}


def is_refused(statement):
    """Whether a trigger refuses a statement; it is undone where none does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as refusal:
        return "pgtrigger: Cannot" in str(refusal)
    return False


def test_histories_the_log_of_reads_and_submissions_refuse_every_change(rows_of_everything):
    fixed = [
        *event_models(),
        AccessEvent,
        survey_models.Submission,
        survey_models.SubmittedPart,
        survey_models.SubmittedPostWish,
        survey_models.FrozenFigure,
        survey_models.ReleasedFigure,
        survey_models.SheetDownload,
        survey_models.RoundFreeze,
        interview_models.RecordTemplate,
        interview_models.TemplateHeading,
        interview_models.SharedRecord,
        interview_models.RecordResponse,
        interview_models.ActionUpdate,
    ]
    found = set()

    for model in fixed:
        table = sql.Identifier(model._meta.db_table)
        assert model._default_manager.exists(), model
        if not is_refused(sql.SQL("delete from {}").format(table)):
            found.add((model, "delete"))
        for field in model._meta.concrete_fields:
            if field.primary_key:
                continue
            column = sql.Identifier(field.column)
            value = sql.SQL(other_value(field)).format(column)
            if not is_refused(sql.SQL("update {} set {} = {}").format(table, column, value)):
                found.add((model, field.column))

    assert found == {(survey_models.Submission, "withdrawn_at")}


def other_value(field):
    """An expression for another value than a column has: to some triggers the same value is no change."""
    kind = field.db_type(connection)
    if kind.startswith(("integer", "bigint", "smallint")):
        return "coalesce({}, 0) + 1"
    if kind.startswith("timestamp"):
        return "coalesce({}, now()) + interval '1 day'"
    return {
        "date": "coalesce({}, current_date) + 1",
        "boolean": "not {}",
        "jsonb": "coalesce({}, '[]') || '[1]'",
        "uuid": "gen_random_uuid()",
        "tstzrange": "tstzrange(now(), now() + interval '1 day')",
    }.get(kind, "left(coalesce({}, ''), 5) || '改'")


# Pages ------------------------------------------------------------------------------------------

# Templates that a library asks for by names of its own.
ASKED_FOR_BY_LIBRARIES = re.compile(r"^(account/\w+|portal/.+|40\d(_csrf)?|500)\.html$")
FORBIDDEN_IN_TEMPLATES = {
    "unescaped text": re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off"),
    "inline style": re.compile(r"<style\b|\sstyle\s*="),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:"),
    "an address elsewhere": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//"),
}


@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_templates_hold_nothing_that_the_policy_forbids(what):
    pattern = FORBIDDEN_IN_TEMPLATES[what]

    assert [name for name, path in templates() if pattern.search(path.read_text("utf-8"))] == []


# Text that is taken as markup without escaping; each with its reason.
TAKEN_AS_MARKUP = {("surveys/fragments.py", "SafeString('')"): "an empty start to add fragments to"}
MARKS = {"mark_safe", "SafeString", "SafeText", "SafeData"}


def test_no_text_is_taken_as_markup():
    found = {
        (path, ast.unparse(node))
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MARKS
    }

    assert found == set(TAKEN_AS_MARKUP)


def names_in_code():
    """Template names that modules mention, as patterns: an f-string stands for all it may become."""
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                yield re.escape(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w/]+"
                    for part in node.values
                ]
                if parts[-1].endswith(r"\.html"):
                    yield "".join(parts)


def test_every_template_is_used_and_every_one_named_is_there():
    present = {name for name, _ in templates()}
    named = {
        name
        for _, path in templates()
        for name in re.findall(r"{%\s*(?:include|extends)\s+\"([^\"]+)\"", path.read_text("utf-8"))
    }
    patterns = list(names_in_code())
    used = {name for name in present if any(re.fullmatch(pattern, name) for pattern in patterns)}

    unused = {name for name in present - named - used if not ASKED_FOR_BY_LIBRARIES.fullmatch(name)}
    assert unused == set()
    assert named <= present


def test_routes_and_views_share_their_name():
    for route in routes():
        if not route.name.startswith("account_"):
            assert route.view.__name__ == route.name.rpartition(":")[2]
