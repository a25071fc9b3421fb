"""By what HR picks forms: each condition finds exactly its forms, through what HR reads and nothing else."""

import pytest

from career_portal.staff.roles import Role
from surveys import services
from surveys.models import Part, Submission
from surveys.reading_filters import FormFilters
from tests.factories.postings import PostDescriptionFactory, show
from tests.factories.staff import AssignmentFactory, BureauFactory, RoleGrantFactory, SectionFactory
from tests.factories.surveys import SurveyRoundFactory, hope_survey, save_parts, submit

pytestmark = pytest.mark.django_db

FIELD, TIMING = "b1_07_wish", "next_summer"


@pytest.fixture(autouse=True)
def survey_round(db):
    return SurveyRoundFactory()


@pytest.fixture
def officer():
    return RoleGrantFactory(role=Role.HR).user


@pytest.fixture
def found(officer, survey_round):
    """The writers whom HR finds by an address's query; each comes once."""

    def of(**query):
        scope = Submission.objects.visible_to(officer).in_hr_scope_of(officer)
        forms = FormFilters.from_query(query).apply(scope.filter(survey__round=survey_round))
        writers = list(forms.values_list("survey__user", flat=True))
        assert len(writers) == len(set(writers))
        return set(writers)

    return of


def someone(**options):
    return AssignmentFactory(**options).user


def change_answers(user, **answers):
    """Hand in the form anew with other answers: what stands in a version never changes."""
    survey = user.hope_surveys.get()
    services.open_correction(survey.round, by=user)
    for draft in survey.draft_parts.all():
        for code, answer in answers.items():
            if code in draft.answers:
                draft.answers[code] = answer
        draft.save()
    submit(survey.round, user)


@pytest.mark.parametrize(("answer", "is_found"), [("1", True), ("2", True), ("3", False)])
def test_field_hoped_for_finds_who_hopes_for_it_more_or_less(found, survey_round, answer, is_found):
    writer, other = someone(), someone()
    hope_survey(survey_round, writer, numbers=[3])
    hope_survey(survey_round, other, numbers=[3], field="b1_03")
    change_answers(writer, b1_07_wish=answer)

    assert found(field=FIELD) == ({writer.pk} if is_found else set())
    assert found(field="b1_03_wish") == {other.pk}


def test_post_is_found_by_words_of_one_title_as_it_was_handed_in(found, survey_round):
    section = SectionFactory(name="通商課", bureau__name="貿易局")
    post = PostDescriptionFactory(section=section, title="企画係長")
    writer, other = someone(), someone()
    hope_survey(survey_round, writer, numbers=[6], post=post)
    hope_survey(survey_round, other, numbers=[6])
    show(post, title="調査係長")

    for words in ("企画", "係長　企画", "貿易 通商", " 企画係長 "):
        assert found(post=words) == {writer.pk}
    for words in ("調査", "企画 調査", "企画_長", "%"):
        assert found(post=words) == set()


def test_two_posts_that_match_find_a_form_once_and_words_of_two_titles_do_not(found, survey_round):
    first = PostDescriptionFactory(title="第一企画係長")
    second = PostDescriptionFactory(title="第二企画係長")
    writer = someone()
    save_parts(survey_round, writer, [6], mark="本文", post=first)
    writer.hope_surveys.get().draft_post_wishes.create(question_code="post_2", post=second)
    submit(survey_round, writer)

    assert found(post="企画") == {writer.pk}
    assert found(post="第二") == {writer.pk}
    assert found(post="第一 第二") == set()


def test_timing_finds_who_chose_it(found, survey_round):
    writer, other = someone(), someone()
    for person in (writer, other):
        hope_survey(survey_round, person, numbers=[6])
    change_answers(other, timing="stay")

    assert found(timing=TIMING) == {writer.pk}
    assert found(timing="stay") == {other.pk}


def test_unit_is_that_of_the_main_post_of_today(found, survey_round):
    bureau = BureauFactory(name="貿易局")
    section = SectionFactory(bureau=bureau, division="国際部", name="通商課")
    writer, other, former = (someone(section=section), someone(), someone())
    AssignmentFactory(user=other, section=section, is_concurrent=True)
    former.assignments.update(valid_from="2021-04-01")
    AssignmentFactory(user=former, section=section, valid_until="2021-04-01")
    for person in (writer, other, former):
        hope_survey(survey_round, person, numbers=[1])

    assert found(bureau="貿易局") == {writer.pk}
    assert found(section="通商") == {writer.pk}
    assert found(section="国際 通商", bureau="貿易局") == {writer.pk}
    assert found(bureau="貿易") == found(section="国際課") == set()


def test_name_is_found_as_written_and_as_read(found, survey_round):
    writer, other = someone(), someone()
    for field, value in {
        "family_name": "髙橋",
        "given_name": "𠮷江",
        "family_name_kana": "たかはし",
        "given_name_kana": "よしえ",
    }.items():
        setattr(writer, field, value)
    writer.save()
    for person in (writer, other):
        hope_survey(survey_round, person, numbers=[1])

    for name in ("髙橋𠮷江", "髙橋 𠮷江", "橋　𠮷", "たかはし", "タカハシ", "ﾀｶﾊｼ ﾖｼｴ", "はしよ"):
        assert found(name=name) == {writer.pk}, name
    assert found(name="_") == found(name="高橋") == set()


def test_conditions_all_have_to_hold(found, survey_round):
    both, only_field, only_timing = someone(), someone(), someone()
    hope_survey(survey_round, both, numbers=[3, 6])
    hope_survey(survey_round, only_field, numbers=[3])
    hope_survey(survey_round, only_timing, numbers=[6])

    assert found() == {both.pk, only_field.pk, only_timing.pk}
    assert found(field=FIELD) == {both.pk, only_field.pk}
    assert found(timing=TIMING) == {both.pk, only_timing.pk}
    assert found(field=FIELD, timing=TIMING) == {both.pk}
    assert found(field=FIELD, timing=TIMING, name="いない") == set()


def test_drafts_corrections_and_what_was_taken_back_find_nobody(found, survey_round):
    post = PostDescriptionFactory(title="企画係長")
    for state in ("draft", "withdrawn"):
        hope_survey(survey_round, someone(), state, numbers=[3, 6], post=post)
    correcting = someone()
    hope_survey(survey_round, correcting, numbers=[1])
    services.open_correction(survey_round, by=correcting)
    save_parts(survey_round, correcting, [3, 6], mark="訂正", post=post)

    assert found() == {correcting.pk}
    for query in ({"field": FIELD}, {"timing": TIMING}, {"post": "企画"}):
        assert found(**query) == set()


def test_part_that_hr_does_not_read_finds_nobody(found, survey_round):
    writer = someone()
    hope_survey(survey_round, writer, numbers=[3, 6], post=PostDescriptionFactory(title="企画係長"))
    queries = ({"field": FIELD}, {"timing": TIMING}, {"post": "企画"})
    assert [found(**query) for query in queries] == [{writer.pk}] * 3

    Part.objects.filter(number__in=[3, 6]).update(hr_reads=False)

    assert [found(**query) for query in queries] == [set()] * 3


@pytest.mark.parametrize(
    "query",
    [
        {"field": "b1_99_wish", "timing": "never"},
        {"field": "listener", "timing": "listener"},
        {"field": "b1_07_experience", "timing": ["stay"]},
        {"field": "b1_07_wish__in", "timing": "'"},
        {"post": "\x00", "name": "a\x00b", "section": "\x1b", "bureau": "\x00"},
        {"post": "\ud800", "name": "\udfff", "section": "\ufffd", "bureau": "\ud83d"},
        {"field": "\x00", "timing": "\ud800"},
        {"post": "　 ", "name": "", "section": " ", "bureau": "　"},
        {"name": None, "post": None},
        {"unknown": "1"},
    ],
)
def test_nonsense_asks_for_nothing(found, survey_round, query):
    writer = someone()
    hope_survey(survey_round, writer)

    filters = FormFilters.from_query(query)

    assert found(**query) == {writer.pk}
    assert (filters, filters.as_dict(), filters.in_words()) == (FormFilters(), {}, [])


def test_words_without_end_are_cut_and_find_nobody(found, survey_round):
    hope_survey(survey_round, someone())

    filters = FormFilters.from_query({"name": "あ" * 100_000})

    assert filters.name == "あ" * 100
    assert found(name="あ" * 100_000) == set()


def test_conditions_survive_being_stored_and_read_in_words(found):
    query = {
        "field": FIELD,
        "post": "企画　係長",
        "timing": TIMING,
        "bureau": "貿易局",
        "section": "通商",
        "name": "たかはし",
    }

    filters = FormFilters.from_query(query)

    assert filters.as_dict() == query | {"post": "企画 係長"}
    assert FormFilters.from_query(filters.as_dict()) == filters
    assert filters.in_words() == [
        "希望する分野：化学・バイオ・ヘルスケア",
        "希望するポスト：企画 係長",
        "異動の時期：次の夏の異動を希望する",
        "局・庁：貿易局",
        "課室：通商",
        "氏名：たかはし",
    ]
