"""The demonstration ministry: loaded once for the module, then looked at."""

import datetime
import io
import statistics
from collections import Counter

from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from career_portal.common.clock import fiscal_year, today
from career_portal.home.demonstration.timeline import Timeline
from career_portal.staff.models import (
    Assignment,
    Section,
    SectionSuccession,
    SupervisorDesignation,
    User,
)
from career_portal.staff.roles import Role
from surveys.answers import hindrances
from surveys.asked import asked
from surveys.models import (
    DraftPart,
    HopeSurvey,
    Question,
    Questionnaire,
    ReaderChoice,
    Submission,
    SubmittedPart,
    SurveyRound,
)
from tests.home.ministry import PASSWORD, person, this_round

PEOPLE = 250
SEED = 7
SIGN_INS = {
    "shokuin",
    "joushi",
    "kounin",
    "hosa",
    "henshu",
    "jinji",
    "jinji2",
    "shukei",
    "mentor",
    "kansa",
    "kanri",
}


def in_service():
    return User.objects.exclude(state=User.State.ENDED)


def test_every_constraint_holds(loaded):
    connection.check_constraints()


def test_ministry_has_the_size_asked_for(loaded):
    assert in_service().count() == PEOPLE
    assert Assignment.objects.on(today()).main().count() == PEOPLE


def test_organisation_of_today_is_the_reference_organisation(loaded):
    sections = Section.objects.on(today())

    assert Counter(sections.values_list("kind", flat=True)) == {"section": 245, "leadership": 20}


def test_each_kind_of_reorganisation_lies_between_past_rounds(loaded):
    references = sorted(
        SurveyRound.objects.filter(closed_at__isnull=False).values_list("reference_date", flat=True)
    )

    found = SectionSuccession.objects.values_list("kind", "effective_on")

    assert {kind for kind, _ in found} == {"rename", "split", "merger", "move"}
    assert all(references[0] < day < references[-1] for _, day in found)


def test_reorganised_sections_had_people_before(loaded):
    former = Section.objects.filter(successions_out__isnull=False).distinct()

    staffed = former.filter(assignments__isnull=False).values_list("name", flat=True)

    assert {"ソフトウェア・情報サービス戦略室", "再生可能エネルギー政策室"} <= set(staffed)


def test_each_staffed_section_has_one_head_or_acting_head(loaded):
    staffed = set(Assignment.objects.on(today()).main().values_list("section", flat=True))
    leading = Assignment.objects.on(today()).filter(position__in=["head", "acting_head"])

    assert Counter(leading.values_list("section", flat=True)) == dict.fromkeys(staffed, 1)
    assert leading.filter(position="acting_head").exists()


def test_section_sizes_vary(loaded):
    counted = (
        Assignment.objects.on(today())
        .main()
        .filter(section__kind="section")
        .values("section")
        .annotate(people=Count("pk"))
    )

    sizes = [row["people"] for row in counted]

    assert min(sizes) <= 6
    assert max(sizes) >= 20
    assert max(sizes) <= 45


def test_bureaus_with_people_have_an_officer_for_their_heads(loaded):
    bureaus = set(Assignment.objects.on(today()).main().values_list("section__bureau", flat=True))

    designated = SupervisorDesignation.objects.on(today()).filter(bureau__isnull=False)

    assert set(designated.values_list("bureau", flat=True)) == bureaus


def test_people_moved_were_promoted_left_and_are_on_leave(loaded):
    per_person = Assignment.objects.main().values("user").annotate(posts=Count("pk"))

    assert statistics.mean(row["posts"] for row in per_person) > 2
    assert User.objects.filter(state=User.State.ENDED).count() > 5
    assert User.objects.filter(state=User.State.ON_LEAVE).exists()
    assert Assignment.objects.on(today()).filter(is_concurrent=True, position="member").exists()


def test_names_hold_characters_outside_the_usual_sets(loaded):
    ordinary = in_service().filter(is_demonstration=False)

    for character in "髙﨑𠮷":
        assert ordinary.filter(family_name__contains=character).exists()


def test_only_the_fixed_sign_ins_can_sign_in(loaded):
    fixed = User.objects.filter(is_demonstration=True)

    assert set(fixed.values_list("username", flat=True)) == SIGN_INS
    assert all(user.check_password(PASSWORD) for user in fixed)
    assert not User.objects.filter(is_demonstration=False).exclude(password__startswith="!")


def test_fixed_sign_ins_hold_their_roles(loaded):
    expected = {
        "hosa": Role.DELEGATE,
        "henshu": Role.SECTION_EDITOR,
        "jinji": Role.HR,
        "jinji2": Role.HR,
        "shukei": Role.FEEDBACK_ADMIN,
        "mentor": Role.MENTOR,
        "kansa": Role.AUDITOR,
        "kanri": Role.SYSTEM_ADMIN,
    }

    held = {
        user.username: user.role_values
        for user in User.objects.filter(is_demonstration=True).for_request(today())
    }

    assert held == {name: [expected[name]] if name in expected else [] for name in SIGN_INS}


def test_scopes_of_editor_delegate_and_hr(loaded):
    head = person("joushi")
    section = Assignment.objects.on(today()).led_by(head.pk).get().section

    assert person("henshu").role_grants.get().section == section
    assert person("hosa").role_grants.get().on_behalf_of == head
    scope = User.objects.in_hr_scope_of(person("jinji"), today())
    assert scope.count() == User.objects.count() - 1


def test_head_supervises_the_staff_member_until_his_successor_takes_over(loaded):
    handover = Timeline(today()).handover_on
    shokuin, joushi, kounin = person("shokuin"), person("joushi"), person("kounin")

    assert list(User.objects.supervisors_of(shokuin, today())) == [joushi]
    assert list(User.objects.supervisors_of(shokuin, handover)) == [kounin]
    assert handover > today() + datetime.timedelta(days=12)


def test_rounds_derive_from_the_day_of_loading(loaded):
    rounds = list(SurveyRound.objects.order_by("fiscal_year"))
    now = timezone.localtime()

    assert [row.fiscal_year for row in rounds] == [fiscal_year(today()) - n for n in (3, 2, 1, 0)]
    assert [row.closed_at is None for row in rounds] == [False, False, False, True]
    deadline = timezone.localtime(rounds[-1].deadline_at)
    assert deadline.date() == now.date() + datetime.timedelta(days=12)
    assert deadline.time() == datetime.time(17, 0)
    assert rounds[-1].opens_at < now - datetime.timedelta(days=21)


def test_open_round_has_people_in_every_state(loaded):
    forms = HopeSurvey.objects.filter(round=this_round())

    states = Counter(forms.values_list("state", "is_correcting"))

    assert set(states) == {
        ("draft", False),
        ("submitted", False),
        ("submitted", True),
        ("withdrawn", False),
    }
    assert 0.25 < 1 - forms.count() / PEOPLE < 0.47
    choices = ReaderChoice.objects.filter(survey__round=this_round())
    assert set(choices.values_list("supervisor_reads", flat=True)) == {True, False}


def test_drafts_stand_at_one_to_seven_parts(loaded):
    drafts = HopeSurvey.objects.filter(round=this_round(), state="draft")

    written = {row.parts for row in drafts.annotate(parts=Count("draft_parts"))}

    assert written == set(range(8))


def test_past_rounds_were_mostly_handed_in_and_have_no_drafts(loaded):
    for row in SurveyRound.objects.filter(closed_at__isnull=False):
        staff = Assignment.objects.on(row.reference_date).main().count()
        handed_in = HopeSurvey.objects.filter(round=row, state="submitted").count()
        assert 0.78 < handed_in / staff < 0.94
    assert not DraftPart.objects.exclude(survey__round=this_round()).exists()


def test_working_copy_equals_what_was_submitted(loaded):
    forms = HopeSurvey.objects.filter(
        round=this_round(), state="submitted", is_correcting=False
    ).prefetch_related("draft_parts", "draft_post_wishes", "current_submission__parts__post_wishes")

    assert forms
    for form in forms:
        submitted = form.current_submission.parts.all()
        assert {draft.part_id: draft.answers for draft in form.draft_parts.all()} == {
            part.part_id: part.answers for part in submitted
        }
        wishes = [wish for part in submitted for wish in part.post_wishes.all()]
        assert {(wish.question_code, wish.post_id) for wish in form.draft_post_wishes.all()} == {
            (wish.question_code, wish.post_id) for wish in wishes
        }


def test_correction_differs_from_what_is_in_force(loaded):
    form = HopeSurvey.objects.filter(round=this_round(), is_correcting=True).first()

    submitted = {part.part_id: part.answers for part in form.current_submission.parts.all()}

    assert {draft.part_id: draft.answers for draft in form.draft_parts.all()} != submitted


def test_every_answer_is_one_the_questionnaire_allows(loaded):
    parts = {part.pk: part for part in asked(Questionnaire.objects.get()).parts}
    rows = [*SubmittedPart.objects.all(), *DraftPart.objects.all()]

    for row in rows:
        questions = {question.code: question for question in parts[row.part_id].questions}
        for code, answer in row.answers.items():
            question = questions[code]
            assert question.kind != Question.Kind.POST
            if question.is_text:
                assert answer.strip()
                assert "{" not in answer
            elif question.kind == Question.Kind.CHOICES:
                assert set(answer) <= question.labels.keys()
                assert answer
            else:
                assert answer in question.labels


def test_nothing_keeps_a_submission_from_being_handed_in(loaded):
    parts = {part.pk: part for part in asked(Questionnaire.objects.get()).parts}

    for submission in Submission.objects.prefetch_related("parts"):
        written = {part.part_id: part.answers for part in submission.parts.all()}
        for pk, part in parts.items():
            assert hindrances(part, written.get(pk, {}), {}) == {}


def test_not_everybody_writes_everything(loaded):
    written = Counter(SubmittedPart.objects.values_list("part__code", flat=True))
    texts = SubmittedPart.objects.filter(part__code="reflection", answers__has_key="work_done")

    assert len(written) == 8
    assert written["interview"] < 0.85 * written["reflection"]
    assert 0.5 < texts.count() / written["reflection"] < 0.97


def test_receipts_have_the_usual_form(loaded):
    receipts = Submission.objects.values_list("receipt_number", flat=True)

    assert all(len(number) == len("2026-7KQ4-M2XD") for number in receipts)


def test_levels_of_a_person_stay_close_from_year_to_year(loaded):
    first, second = _answers_of_two_years("competencies", "a2_level")

    steps = {later - earlier for earlier, later in zip(first, second, strict=True)}

    assert steps == {0, 1}
    assert statistics.correlation(first, second) > 0.85


def test_reflection_of_a_person_correlates_from_year_to_year(loaded):
    first, second = _answers_of_two_years("reflection", "growth_felt")

    assert 0.2 < statistics.correlation(first, second) < 0.8


def _answers_of_two_years(part, question):
    """The answers to a question of everybody who gave one in the last two closed rounds."""
    year = fiscal_year(today())
    rows = SubmittedPart.objects.filter(part__code=part, answers__has_key=question).order_by(
        "submission__number"
    )
    first, second = (
        {row.submission.survey.user_id: int(row.answers[question]) for row in of_year}
        for of_year in (
            rows.filter(submission__survey__round__fiscal_year=year - back).select_related(
                "submission__survey"
            )
            for back in (2, 1)
        )
    )
    both = sorted(first.keys() & second.keys())
    assert len(both) > 100
    return [first[user] for user in both], [second[user] for user in both]


def test_wishes_follow_the_fields_of_the_sections_held(loaded):
    rows = SubmittedPart.objects.filter(part__code="expertise").select_related("submission__survey")
    held = {}
    for user, code in Assignment.objects.values_list("user", "section__field_code"):
        held.setdefault(user, set()).add(code)

    strong = Counter()
    for row in rows:
        for number in range(1, 13):
            code = f"B1-{number:02d}"
            wish = row.answers.get(f"b1_{number:02d}_wish")
            if wish:
                strong[code in held[row.submission.survey.user_id], wish == "1"] += 1

    in_held = strong[True, True] / (strong[True, True] + strong[True, False])
    elsewhere = strong[False, True] / (strong[False, True] + strong[False, False])
    assert in_held > 3 * elsewhere


def test_staff_member_has_begun_and_handed_in_last_year(loaded):
    forms = person("shokuin").hope_surveys.order_by("-round__fiscal_year")
    this_year, last_year = forms[0], forms[1]

    drafts = {draft.part.code: draft.answers for draft in this_year.draft_parts.all()}
    levels = {code for code in drafts["competencies"] if code.endswith("_level")}

    assert this_year.state == "draft"
    assert levels == {"a1_level", "a2_level"}
    assert len(drafts) < 8
    assert last_year.state == "submitted"
    assert last_year.current_submission.parts.count() == 8


def test_history_is_off_for_the_load_and_on_afterwards(loaded):
    section = Section.objects.first()
    assert section.events.count() == 0
    assert User.objects.first().events.count() == 0

    section.name = "新しい課"
    section.save()

    assert section.events.count() == 1


def test_ids_go_on_behind_those_of_the_load(loaded):
    user = User.objects.create_user("another", staff_number="another")

    assert user.pk > User.objects.exclude(pk=user.pk).order_by("-pk").first().pk


def test_second_load_says_so_and_changes_nothing(loaded, settings):
    settings.DEMO_ACCOUNTS_ALLOWED = True
    before = User.objects.count()
    said = io.StringIO()

    call_command("load_demo", people=80, stdout=said)

    assert "loaded already" in said.getvalue()
    assert User.objects.count() == before
