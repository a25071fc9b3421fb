"""The preparation sheet: what was released and no more, the same for both, logged, on one page of paper."""

import datetime
import io
import logging
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from career_portal.audit.models import AccessEvent
from career_portal.common.clock import today
from interviews.booking.services import cancel_interview
from interviews.kinds import Kind
from interviews.models import Interview
from interviews.preparation import prompt_services
from interviews.preparation.forms import NOTE_LIMIT, TEXT_LIMIT
from interviews.preparation.gathering import Agreement, gather
from interviews.preparation.paper import SIZES, sheet_as_pdf, size_of
from interviews.preparation.sheet import SheetRow, make_sheet, read_sheet
from surveys.asked import asked
from surveys.models import MentorRelease
from surveys.reader_services import choose_supervisor_reader
from tests.factories import interviews as made
from tests.factories.postings import PostDescriptionFactory
from tests.factories.preparation import content_of, handed_in, load_bank, prompt
from tests.factories.staff import AssignmentFactory, RoleGrantFactory
from tests.factories.surveys import (
    ALL_PARTS,
    SurveyRoundFactory,
    canary,
    choose_supervisor,
    close,
    days_from_now,
    field_name,
    questionnaire,
)
from tests.surveys.hostile import FAMILY

pytestmark = pytest.mark.django_db

MARK = "鵺文"
DEFAULT = {"reflection", "competencies", "expertise", "skills", "interview"}
# Canaries that a sheet shows: what one gained, five years on, what one wants to talk about.
SHOWN_TEXTS = {1, 5, 8}


@pytest.fixture
def survey_round():
    load_bank()
    return SurveyRoundFactory()


@pytest.fixture
def talk(survey_round):
    """A booked career interview of a head with a member of his section."""
    return made.interview(*made.line())


def page(client, person, interview, name="interview_prepare"):
    client.force_login(person)
    return client.get(reverse(f"interviews:{name}", args=[interview.pk]))


def marks(text):
    """The parts whose canary is in a text."""
    return {number for number in ALL_PARTS if canary(MARK, number) in text}


def text_of(pdf):
    """The text of a PDF without blanks, and how many pages it has."""
    reader = PdfReader(io.BytesIO(pdf))
    text = "".join(each.extract_text() for each in reader.pages)
    return re.sub(r"\s", "", text), len(reader.pages)


def events():
    return set(AccessEvent.objects.values_list("reader_id", "subject_id", "capacity", "part"))


def test_sheet_shows_what_is_open_to_the_supervisor_and_no_more(client, talk, survey_round, caplog):
    caplog.set_level(logging.DEBUG)
    post = PostDescriptionFactory(title="半導体係長")
    handed_in(survey_round, talk.interviewee, mark=MARK, post=post, response="listen")

    response = page(client, talk.interviewer, talk)

    sheet = content_of(response)
    page(client, talk.interviewer, talk, "interview_prepare_pdf")
    assert marks(response.content.decode()) == {1, 8}
    assert "request answered" in caplog.text
    assert MARK not in caplog.text
    assert "聴いてほしい" in sheet
    assert "助言や提案は、求められてからで間に合います。" in sheet
    assert "人間力" in sheet
    assert field_name() in sheet
    assert "半導体係長" not in response.content.decode()
    assert sheet.count("<li>") == 3
    assert "脇に置いておく思い込み" in sheet


def test_what_the_person_adds_comes_and_what_he_takes_away_goes(client, talk, survey_round):
    post = PostDescriptionFactory(title="半導体係長")
    handed_in(survey_round, talk.interviewee, mark=MARK, post=post)
    choose_supervisor(survey_round, talk.interviewee, 5, reads=True)
    choose_supervisor(survey_round, talk.interviewee, 6, reads=True)
    text = page(client, talk.interviewer, talk).content.decode()
    assert marks(text) == SHOWN_TEXTS
    assert "半導体係長" in text

    for number in (1, 2, 3, 4, 5, 6):
        choose_supervisor(survey_round, talk.interviewee, number, reads=False)

    text = page(client, talk.interviewer, talk).content.decode()
    assert marks(text) == {8}
    for gone in ("半導体係長", "人間力", field_name(), "成長の実感", "の記入から"):
        assert gone not in text


def test_both_see_the_same_sheet_to_the_byte(client, talk, survey_round):
    handed_in(survey_round, talk.interviewee, mark=MARK)

    theirs = {content_of(page(client, one, talk)) for one in (talk.interviewer, talk.interviewee)}

    assert len(theirs) == 1


def test_hidden_part_leaves_the_sheet_as_if_it_had_never_been_written(client, survey_round):
    pages = []
    for hidden in (True, False):
        talk = made.interview(*made.line(), made.next_week(10 + len(pages)))
        numbers = ALL_PARTS if hidden else [n for n in ALL_PARTS if n != 2]
        handed_in(survey_round, talk.interviewee, mark=MARK, numbers=numbers)
        if hidden:
            choose_supervisor(survey_round, talk.interviewee, 2, reads=False)
        # Wording that a process reads once is there before statements are counted.
        page(client, talk.interviewer, talk)
        with CaptureQueriesContext(connection) as captured:
            answer = page(client, talk.interviewer, talk)
        pages.append((content_of(answer), len(captured)))

    assert pages[0] == pages[1]
    assert pages[0][1] < 40


def test_reading_is_logged_part_by_part_for_the_interviewer_alone(client, talk, survey_round):
    handed_in(survey_round, talk.interviewee, mark=MARK)
    choose_supervisor(survey_round, talk.interviewee, 2, reads=False)

    page(client, talk.interviewee, talk)
    page(client, talk.interviewee, talk, "interview_prepare_pdf")
    assert events() == set()
    page(client, talk.interviewer, talk)

    reader, subject = talk.interviewer.pk, talk.interviewee.pk
    expected = {
        (reader, subject, "上司（面談の準備）", code) for code in DEFAULT - {"competencies"}
    }
    assert events() == expected
    page(client, talk.interviewer, talk, "interview_prepare_pdf")
    assert AccessEvent.objects.count() == 2 * len(expected)
    assert MARK not in str(list(AccessEvent.objects.values()))
    reads = page_of_reads(client, talk.interviewee)
    assert "上司（面談の準備）" in reads


def page_of_reads(client, person):
    client.force_login(person)
    return client.get("/me/reads/").content.decode()


def test_a_sheet_that_cannot_be_logged_is_not_shown(client, talk, survey_round, monkeypatch):
    handed_in(survey_round, talk.interviewee, mark=MARK)
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("alter table audit_accessevent rename column part to part_gone")

    answer = page(client, talk.interviewer, talk)

    assert answer.status_code == 500
    assert MARK not in answer.content.decode()


def test_out_of_reach_are_delegates_hr_colleagues_and_those_who_are_no_supervisor_now(
    client, talk, survey_round
):
    section = talk.interviewee.assignments.get().section
    handed_in(survey_round, talk.interviewee, mark=MARK)
    people = [
        RoleGrantFactory(role="delegate", on_behalf_of=talk.interviewer).user,
        RoleGrantFactory(role="hr").user,
        made.mentor(),
        AssignmentFactory(section=section).user,
        AssignmentFactory(section=section, acting_head=True).user,
    ]
    for person in people:
        for name in ("interview_prepare", "interview_prepare_pdf"):
            assert page(client, person, talk, name).status_code == 404

    talk.interviewer.assignments.update(valid_until=today())
    for person in (talk.interviewer, talk.interviewee):
        assert page(client, person, talk).status_code == 404
    assert not AccessEvent.objects.exists()


def test_a_talk_that_is_off_or_over_has_no_sheet(client, talk, survey_round):
    held = made.held(talk.interviewer, talk.interviewee)
    cancel_interview(talk, reason="会議", by=talk.interviewee)

    assert page(client, talk.interviewer, talk).status_code == 404
    assert page(client, talk.interviewer, held).status_code == 404


@pytest.fixture
def last_round(survey_round):
    """The round of the year before, which takes answers until it is closed."""
    return SurveyRoundFactory(
        closed=True, opens_at=days_from_now(-380), deadline_at=days_from_now(1)
    )


def test_changes_against_last_year_are_shown_where_both_were_open(
    client, talk, survey_round, last_round
):
    handed_in(last_round, talk.interviewee, mark="昨年", growth_felt="3", a3_level="2", a3_wish="3")
    handed_in(survey_round, talk.interviewee, mark=MARK, growth_felt="4", a3_level="3")
    close(last_round)

    text = content_of(page(client, talk.interviewer, talk))

    assert "協働力：2 自分でできる → 3 場面に応じてできる" in text
    assert "協働力の希望：今のままでよい → とくに伸ばしたい" in text
    assert "どちらかといえばそう思う（昨年：どちらともいえない）" in text
    assert "《昨年" not in text
    logged = [part for *_, part in events()]
    assert set(logged) == DEFAULT
    assert AccessEvent.objects.filter(part="competencies").count() == 2

    last_part = asked(last_round.questionnaire).part(2)
    choose_supervisor_reader(last_round, last_part, supervisor_reads=False, by=talk.interviewee)
    assert "協働力：" not in content_of(page(client, talk.interviewer, talk))


def test_a_successor_inherits_nothing_of_last_year(client, talk, survey_round, last_round):
    handed_in(last_round, talk.interviewee, mark="昨年", growth_felt="3", a3_level="2")
    handed_in(survey_round, talk.interviewee, mark=MARK, growth_felt="4", a3_level="3")
    close(last_round)
    assert "昨年：" in content_of(page(client, talk.interviewer, talk))

    talk.interviewer.assignments.update(valid_from=today() - datetime.timedelta(days=3))

    text = content_of(page(client, talk.interviewer, talk))
    assert "成長の実感" in text
    assert "昨年" not in text


def test_mentor_and_hr_read_in_their_own_capacity(client, survey_round):
    head, member = made.line()
    mentor = made.mentor()
    officer = RoleGrantFactory(role="hr").user
    form = handed_in(survey_round, member, mark=MARK, listener="mentor")
    for number in (5, 8):
        part = survey_round.questionnaire.parts.get(number=number)
        MentorRelease.objects.create(survey=form, part=part, mentor=mentor)
    talks = [
        made.interview(head, member, made.next_week(9)),
        made.interview(mentor, member, made.next_week(11), Kind.MENTOR),
        made.interview(officer, member, made.next_week(13), Kind.HR),
    ]

    found = [marks(page(client, talk.interviewer, talk).content.decode()) for talk in talks]

    assert found == [{1}, {5, 8}, {1, 5}]
    assert {capacity for _, _, capacity, _ in events()} == {
        "上司（面談の準備）",
        "メンター（面談の準備）",
        "人事当局（面談の準備）",
    }
    assert "circumstances" not in {part for *_, part in events()}


def test_supervisor_who_is_hr_too_prepares_as_supervisor_alone(client, talk, survey_round):
    RoleGrantFactory(user=talk.interviewer, role="hr")
    handed_in(survey_round, talk.interviewee, mark=MARK)

    assert marks(page(client, talk.interviewer, talk).content.decode()) == {1, 8}


def test_prompts_stay_the_same_for_a_talk_whatever_becomes_of_the_bank(talk, survey_round):
    before = read_sheet(talk, by=talk.interviewee)
    officer = RoleGrantFactory(role="hr").user
    # The rows of one test share their instant; the talk was made a moment before the change.
    Interview.objects.filter(pk=talk.pk).update(made_at=days_from_now(-1))
    talk.refresh_from_db()
    content = {"form": "question", "topic": "growth", "text": "新しい問い", "note": "文。"}
    prompt_services.store_prompt(
        before.questions[0], content | {"conditions": ["turn:first", "kind:career"]}, by=officer
    )
    prompt_services.retire_prompt(before.questions[1], by=officer)

    after = read_sheet(talk, by=talk.interviewee)

    assert [each.text for each in after.questions] == [each.text for each in before.questions]
    later = made.interview(*made.line())
    assert "新しい問い" in [each.text for each in read_sheet(later, by=later.interviewee).questions]


def test_the_second_talk_is_prepared_otherwise(talk, survey_round):
    prompt("また会えましたね。何から話しましょう。", "turn:again", "kind:career", topic="opening")
    first = read_sheet(talk, by=talk.interviewee)
    made.held(talk.interviewer, talk.interviewee)
    again = made.interview(talk.interviewer, talk.interviewee, made.next_week(15))

    second = read_sheet(again, by=again.interviewee)

    assert "また会えましたね。何から話しましょう。" in [each.text for each in second.questions]
    assert first.questions != second.questions


def test_agreements_of_last_time_come_first(talk, survey_round):
    agreements = (
        Agreement("勉強会に月1回参加し、様子を共有する。", "佐伯", "続いている", False),
        Agreement("会議の運営を任せる。", "森下", "できた", True),
    )
    sheet = make_sheet(talk, gather(talk), agreements)

    text, pages = text_of(sheet_as_pdf(talk, sheet))

    assert pages == 1
    assert "勉強会に月1回参加し、様子を共有する。（佐伯）" in text
    assert "前に決めたことは、やってみてどうでしたか。" in text


def words_of_page(html):
    return re.sub(r"\s", "", re.sub(r"<[^>]+>", "", html))


def test_screen_and_paper_say_the_same(client, talk, survey_round):
    handed_in(survey_round, talk.interviewee, mark=MARK)
    answer = page(client, talk.interviewer, talk, "interview_prepare_pdf")
    text, pages = text_of(answer.content)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert pages == 1
    sheet = read_sheet(talk, by=talk.interviewee)
    said = [sheet.response, sheet.response_hint, sheet.topic, sheet.heading]
    said += [line for row in sheet.rows for line in (row.name, *row.lines)]
    said += [
        words for each in (*sheet.questions, sheet.assumption) for words in (each.text, each.note)
    ]
    screen = words_of_page(content_of(page(client, talk.interviewer, talk)))
    for words in said:
        assert re.sub(r"\s", "", words) in screen
        assert re.sub(r"\s", "", words) in text
    assert marks(text) == {1, 8}


@pytest.mark.parametrize("typed", ["鬱", FAMILY, "あ\n", "<b>", "w"])
def test_the_longest_texts_stand_on_one_page(talk, survey_round, last_round, typed):
    # As many characters as a reader counts in a family of four: one.
    size = 1 if typed == FAMILY else len(typed)
    long = {
        code: typed * (limit // size)
        for code, limit in (("topic", 400), ("gained", 300), ("in_five_years", 500))
    }
    part = asked(questionnaire()).part
    wishes = {
        question.code: "1"
        for number in (2, 3, 4)
        for question in part(number).questions
        if question.code.endswith("_wish")
    }
    levels = {f"a{number}_level": "5" for number in range(1, 6)}
    post = PostDescriptionFactory(title="長い名前の職" * 8, section__name="長い名前の課" * 5)
    handed_in(last_round, talk.interviewee, **dict.fromkeys(wishes, "3"))
    handed_in(survey_round, talk.interviewee, post=post, **long, **wishes, **levels)
    for number in (5, 6):
        choose_supervisor(survey_round, talk.interviewee, number, reads=True)
    talk.place = "打合せ室" * 30
    agreements = tuple(Agreement("合意した行動。" * 14, "佐伯", "続いている", False) for _ in "123")

    sheet = make_sheet(talk, gather(talk), agreements)

    assert text_of(sheet_as_pdf(talk, sheet))[1] == 1


@pytest.mark.parametrize("length", [limit for limit, _ in SIZES])
def test_every_size_of_type_holds_as_much_as_it_should(talk, survey_round, length):
    handed_in(survey_round, talk.interviewee, response="listen", topic="か")
    told = ("kind:career", "response:listen", "topic:told", "turn:first")
    for topic in ("work", "growth", "values"):
        prompt(topic + "問" * (TEXT_LIMIT - 6), *told, topic=topic, note="添" * NOTE_LIMIT)
    prompt("思" * TEXT_LIMIT, *told, form="assumption", note="添" * NOTE_LIMIT)
    sheet = read_sheet(talk, by=talk.interviewee)
    long = replace(sheet, rows=(SheetRow("得たと感じること", ("長" * (length - 1),)),))

    assert long.length == length
    assert text_of(sheet_as_pdf(talk, long))[1] == 1
    assert size_of(long) == dict(SIZES)[length]


def test_what_was_typed_is_text_and_nothing_else(client, talk, survey_round):
    hostile = "<script>alert(1)</script>{{ 7 }}&amp;\u202e\n\n「\"'」;,\\"
    handed_in(survey_round, talk.interviewee, topic=hostile, gained=hostile)

    text = content_of(page(client, talk.interviewer, talk))

    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}&amp;amp;" in text
    assert page(client, talk.interviewer, talk, "interview_prepare_pdf").status_code == 200
