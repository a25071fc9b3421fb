"""Taking one's own data along: nothing about anybody else, and copies that are those of one's own pages."""

import sys

import pytest

from career_portal.common import pdf
from career_portal.staff.roles import Role
from surveys import reader_services
from surveys.asked import asked
from surveys.models import Submission
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, SupervisorDesignationFactory
from tests.factories.surveys import (
    ALL_PARTS,
    canary,
    choose_supervisor,
    hope_survey,
    questionnaire,
    submit,
)
from tests.home.taking import ALWAYS, browser, concern, copy_name, taken, words_of

MINE, OTHERS = "鵺の文", "他人の文"

# Nothing about anybody else ---------------------------------------------------------------------


@pytest.fixture
def other(db):
    SupervisorDesignationFactory(section__name=f"{OTHERS}課")
    return AssignmentFactory(
        user__family_name=OTHERS, user__given_name="麒麟", post_title=f"{OTHERS}職"
    ).user


def head(writer, other, survey_round):
    section = other.assignments.get().section
    return AssignmentFactory(user=writer, section=section, acting_head=True).user


def deputy(writer, other, survey_round):
    section = other.assignments.get().section
    return SupervisorDesignationFactory(supervisor=writer, section=section).supervisor


def personnel(writer, other, survey_round):
    return RoleGrantFactory(user=writer, role=Role.HR).user


def mentor(writer, other, survey_round):
    RoleGrantFactory(user=writer, role=Role.MENTOR)
    part = asked(questionnaire()).part
    reader_services.name_mentor(survey_round, part(8), writer, by=other)
    reader_services.choose_mentor_reader(survey_round, part(5), mentor_reads=True, by=other)
    return writer


@pytest.mark.parametrize("become", [head, deputy, personnel, mentor])
def test_reader_of_others_gets_his_own_alone(survey_round, writer, other, become):
    post = PostDescriptionFactory(title=f"{OTHERS}係長")
    hope_survey(survey_round, writer, "correcting", mark=MINE)
    theirs = hope_survey(
        survey_round, other, "submitted", mark=OTHERS, post=post, listener="mentor"
    ).current_submission
    person = become(writer, other, survey_round)
    officer = RoleGrantFactory(role=Role.HR).user
    concern(other, survey_round, writer if become is personnel else officer, theirs, OTHERS)
    readable = browser(person).get(f"/surveys/readable/{theirs.pk}/")
    assert canary(OTHERS, 5 if become is mentor else 1) in readable.content.decode()

    files = taken(person)

    said = words_of(files)
    assert OTHERS not in said
    assert "麒麟" not in said
    assert theirs.receipt_number not in said
    for number in (number for number in ALL_PARTS if number != 3):
        assert canary(MINE, number) in said
        assert canary(f"{MINE}訂正", number) in said


def test_same_words_are_found_where_they_are_ones_own(survey_round, writer, other):
    form = hope_survey(survey_round, other, "submitted", mark=OTHERS)
    concern(other, survey_round, writer, form.current_submission, OTHERS)

    said = words_of(taken(other))

    for words in ("職", "・延長", "・お知らせ", "・目的", "・ブラウザー"):
        assert f"{OTHERS}{words}" in said
    assert form.current_submission.receipt_number in said
    assert canary(OTHERS, 7) in said


# PDFs -------------------------------------------------------------------------------------------


def test_copies_are_pdfs_of_their_version(survey_round, writer):
    hope_survey(survey_round, writer, "correcting", mark=MINE)
    submit(survey_round, writer)
    year = survey_round.fiscal_year

    files = taken(writer)

    for submission in Submission.objects.all():
        own = {copy_name(year, submission.number): files[copy_name(year, submission.number)]}
        said = words_of(own)
        assert submission.receipt_number in said
        assert f"第{submission.number}版" in said
        assert (canary(f"{MINE}訂正", 1) in said) == (submission.number == 2)


def test_copy_is_the_one_that_its_own_page_makes(survey_round, writer, plain_pdf):
    hope_survey(survey_round, writer, mark=MINE)
    choose_supervisor(survey_round, writer, 2, reads=False)
    year = survey_round.fiscal_year

    alone = browser(writer).get(f"/surveys/{year}/versions/1/copy.pdf").content

    assert taken(writer)[copy_name(year, 1)] == alone


@pytest.fixture
def without_engine(monkeypatch):
    """A machine on which PDFs cannot be made."""
    monkeypatch.delitem(sys.modules, "career_portal.common.pdf_engine")
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf._engine.cache_clear()
    yield
    pdf._engine.cache_clear()


def test_machine_without_the_engine_gives_everything_else_and_says_so(
    survey_round, writer, without_engine
):
    hope_survey(survey_round, writer, mark=MINE)
    year = survey_round.fiscal_year

    files = taken(writer)

    assert set(files) == ALWAYS | {f"希望調書/{year}年度/希望調書.json"}
    readme = files["README.txt"].decode("utf-8-sig")
    assert "いまこの機械ではPDFをつくれない" in readme
    assert copy_name(year, 1) in readme
