"""Pages of records, memos and actions: what is typed is kept, what is bad gets a sentence, each reads what is his."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interviews.models import ActionUpdate, Interview, RecordDraft, RecordTemplate, SharedRecord
from interviews.records.windows import basis
from tests.factories import interviews as made
from tests.factories import records
from tests.factories.staff import AssignmentFactory, RoleGrantFactory, UserFactory
from tests.factories.surveys import SurveyRoundFactory, questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    records.template()
    return made.held(*made.line())


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def post(talk, path, *, as_script=False, person=None, **fields):
    person = person or talk.interviewer
    data = {"writer": str(person.pk), "version": "0", "template": "1"} | fields
    headers = {"Accept": "application/json"} if as_script else {}
    return browser(person).post(f"/interviews/{talk.pk}/{path}/", data, headers=headers)


def text(response):
    return response.content.decode()


# Writing ----------------------------------------------------------------------------------------


def test_page_asks_for_the_headings_and_five_actions(talk):
    page = text(browser(talk.interviewer).get(f"/interviews/{talk.pk}/record/"))

    for field in ("h1", "h2", "h3", "a1_text", "a5_owner", "a5_due"):
        assert f'name="{field}"' in page
        assert f'id="id_{field}_error"' in page
    assert "いまの仕事について" in page
    assert "a6_text" not in page


def test_script_saves_and_is_told_the_new_version(talk):
    answer = post(talk, "record", as_script=True, h1="一行目\r\n二行目🦊", a1_due="2027-01-31")

    said = json.loads(answer.content)
    assert (answer.status_code, said["version"], said["done"], said["total"]) == (200, 1, 1, 3)
    assert RecordDraft.objects.get().answers == {"h1": "一行目\n二行目🦊", "a1_due": "2027-01-31"}
    page = text(browser(talk.interviewer).get(f"/interviews/{talk.pk}/record/"))
    assert f'name="base" value="{said["base"]}"' in page
    assert 'value="2027-01-31"' in page


def test_too_long_text_is_kept_and_said(talk):
    answer = post(talk, "record", as_script=True, h1="長" * 2001)
    assert "2000文字以内" in json.loads(answer.content)["remarks"]["h1"]
    assert len(RecordDraft.objects.get().answers["h1"]) == 2001
    page = post(talk, "record", version="1", h1="長" * 2002)
    assert page.status_code == 422
    assert "2002文字" in text(page)
    assert len(RecordDraft.objects.get().answers["h1"]) == 2002


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("a1_due", "来月"),
        ("a1_owner", "上司"),
        ("h1", "見えない\x00文字"),
        ("h1", "あ" * 20_001),
        ("a1_text", "\ufffd"),
    ],
)
def test_what_cannot_be_stored_gets_a_sentence_and_the_rest_stays_on_the_page(talk, field, typed):
    answer = post(talk, "record", as_script=True, h2="残る文", **{field: typed})
    assert answer.status_code == 422
    assert json.loads(answer.content)["problems"].keys() == {field}

    page = post(talk, "record", h2="残る文", **{field: typed})
    assert page.status_code == 422
    assert "残る文" in text(page)
    assert "エラー：" in text(page)
    assert not RecordDraft.objects.exists()


def test_second_window_is_told_and_both_texts_are_shown(talk):
    base = basis(["h1"], {})
    post(talk, "record", as_script=True, h1="先の窓")
    answer = post(talk, "record", as_script=True, h1="後の窓", base=base)
    assert (answer.status_code, json.loads(answer.content)["reason"]) == (409, "stale")

    page = post(talk, "record", h1="後の窓", a1_owner="interviewee", base=base)

    assert page.status_code == 409
    assert "先の窓" in text(page)
    assert "後の窓" in text(page)
    assert "合意事項1をする人" in text(page)
    assert RecordDraft.objects.get().answers == {"h1": "先の窓"}


@pytest.mark.parametrize(
    ("keep", "stored"), [("here", "後の窓"), ("stored", "先の窓"), ("both", "後の窓\n\n先の窓")]
)
def test_choice_between_two_windows_is_stored(talk, keep, stored):
    records.drafted(talk, h1="先の窓")
    shown = text(post(talk, "record", h1="後の窓"))
    base = shown.split('name="base" value="')[1].split('"')[0]

    post(talk, "record", version="1", base=base, h1="後の窓", **{"keep-h1": keep})

    assert RecordDraft.objects.get().answers == {"h1": stored}


def test_choice_that_would_drop_newer_text_is_asked_again(talk):
    records.drafted(talk, h1="先の窓")
    shown = text(post(talk, "record", h1="後の窓"))
    base = shown.split('name="base" value="')[1].split('"')[0]
    page = post(talk, "record", version="1", base=base, h1="さらに書いた", **{"keep-h1": "stored"})
    assert page.status_code == 409
    assert "さらに書いた" in text(page)
    assert RecordDraft.objects.get().answers == {"h1": "先の窓"}


def test_text_of_a_page_made_for_another_person_is_not_stored(talk):
    answer = post(talk, "record", as_script=True, writer=str(talk.interviewee_id), h1="だれの文")
    assert json.loads(answer.content)["reason"] == "writer"
    assert not RecordDraft.objects.exists()


def test_hostile_versions_are_stale_and_never_an_error(talk):
    for version in ("", "-1", "9" * 400, "１", "x"):
        assert post(talk, "record", version=version, h1="文").status_code == 409
    assert post(talk, "record", template="9" * 40, h1="文").status_code == 302


# Publishing and reading ----------------------------------------------------------------------------


def test_from_draft_to_confirmation(talk):
    assert post(talk, "record", then="check", h1="話した").url.endswith("/record/publish/")
    page = text(browser(talk.interviewer).get(f"/interviews/{talk.pk}/record/publish/"))
    assert "話した" in page
    unread = text(browser(talk.interviewee).get(f"/interviews/{talk.pk}/record/read/"))
    assert "話した" not in unread
    assert "届いていません" in unread

    assert post(talk, "record/publish", version="1").status_code == 302
    read = text(browser(talk.interviewee).get(f"/interviews/{talk.pk}/record/read/"))
    assert "話した" in read
    reply = {"number": "1", "answer": "confirmed", "comment": "ありがとう\n<b>ございます</b>"}
    said = browser(talk.interviewee).post(f"/interviews/{talk.pk}/record/respond/", reply)

    assert said.status_code == 302
    again = text(browser(talk.interviewer).get(f"/interviews/{talk.pk}/record/read/"))
    assert "確認済み" in again
    assert "&lt;b&gt;ございます" in again


def test_versions_and_what_changed_are_shown_to_both(talk):
    records.published(talk, h1="はじめの文", a1_text="共有する")
    records.answered(SharedRecord.objects.get(), "not_confirmed", "違います")
    records.published(talk, h1="なおした文", a1_text="共有する")

    for person in (talk.interviewer, talk.interviewee):
        page = text(browser(person).get(f"/interviews/{talk.pk}/record/read/"))
        for said in ("第2版", "はじめの文", "なおした文", "前の版から変わったところ", "違います"):
            assert said in page


def test_publishing_says_what_is_missing_and_a_stale_press_is_refused(talk):
    records.drafted(talk, a1_text="共有する")
    page = text(browser(talk.interviewer).get(f"/interviews/{talk.pk}/record/publish/"))
    assert "合意事項1をする人を選択してください" in page
    assert "公開する</button>" not in page
    records.drafted(talk, h1="別の窓で書いた")
    for version in ("1", "x", ""):
        browser(talk.interviewer).post(
            f"/interviews/{talk.pk}/record/publish/", {"version": version}
        )
    assert not SharedRecord.objects.exists()


def test_bad_reply_gets_a_sentence_and_keeps_the_comment(talk):
    records.published(talk)
    address = f"/interviews/{talk.pk}/record/respond/"
    for reply, said in (
        ({"number": "1", "answer": "comment", "comment": ""}, "コメントを入力してください"),
        ({"number": "1", "answer": "confirmed", "comment": "長" * 1001}, "1000文字以内"),
        ({"number": "1", "answer": "maybe", "comment": "残る"}, "残る"),
        ({"number": "x", "answer": "confirmed", "comment": "残る"}, "残る"),
    ):
        page = browser(talk.interviewee).post(address, reply)
        assert page.status_code == 422
        assert said in text(page)
    assert not SharedRecord.objects.get().responses.exists()
    unknown = {"number": "7", "answer": "confirmed"}
    assert browser(talk.interviewee).post(address, unknown).status_code == 404


# Memo -------------------------------------------------------------------------------------------


def test_memo_is_saved_by_script_and_button_and_compared(talk):
    answer = post(talk, "memo", as_script=True, memo="自分のため")
    assert json.loads(answer.content)["version"] == 1
    page = text(browser(talk.interviewer).get(f"/interviews/{talk.pk}/memo/"))
    assert "自分のため" in page
    assert "面談者メモ（あなただけが読めます）" in page
    other = post(talk, "memo", memo="ほかの窓")
    assert other.status_code == 409
    assert "自分のため" in text(other)
    assert post(talk, "memo", version="1", memo="").status_code == 302


# Actions ----------------------------------------------------------------------------------------


@pytest.fixture
def action(talk):
    records.published(talk, a1_text="会議で発表する")
    return talk.actions.get()


def test_both_say_what_became_of_an_action_and_read_what_the_other_said(action):
    interview = action.interview
    for person, status in ((interview.interviewee, "doing"), (interview.interviewer, "done")):
        known = str(action.updates.count())
        data = {"status": status, "outcome": f"{status}の話", "known": known}
        answer = browser(person).post(f"/interviews/actions/{action.pk}/?next=/interviews/", data)
        assert (answer.status_code, answer.url) == (302, "/interviews/")

    page = text(browser(interview.interviewee).get(f"/interviews/actions/{action.pk}/"))
    assert "doingの話" in page
    assert "doneの話" in page
    assert [update.status for update in ActionUpdate.objects.all()] == ["doing", "done"]


def test_one_who_did_not_see_what_the_other_said_reads_it_first(action):
    client = browser(action.interview.interviewer)
    records.said(action, "doing", "先に書いた")
    data = {"status": "done", "outcome": "後から", "known": "0"}
    page = client.post(f"/interviews/actions/{action.pk}/", data)
    assert page.status_code == 422
    assert "先に書いた" in text(page)
    assert "後から" in text(page)
    assert 'name="known" value="1"' in text(page)


@pytest.mark.parametrize(
    "data",
    [
        {"status": "withdrawn", "known": "0"},
        {"status": "", "known": "0"},
        {"status": "done", "known": "x"},
        {"status": "done", "known": "0", "outcome": "長" * 301},
    ],
)
def test_bad_updates_are_refused_with_a_sentence(action, data):
    page = browser(action.interview.interviewee).post(f"/interviews/actions/{action.pk}/", data)
    assert page.status_code == 422
    assert "エラー：" in text(page)
    assert not ActionUpdate.objects.exists()


def test_way_back_leads_nowhere_else(action):
    data = {"status": "done", "known": "0"}
    address = f"/interviews/actions/{action.pk}/?next=https://example.com/"
    assert (
        browser(action.interview.interviewee).post(address, data).url == "/interviews/actions/own/"
    )


def test_open_actions_stand_in_the_next_interview_and_in_the_form(action):
    interview = action.interview
    survey_round = SurveyRoundFactory(questionnaire=questionnaire())
    upcoming = made.interview(interview.interviewer, interview.interviewee)
    form = f"/surveys/{survey_round.fiscal_year}/"

    own = f"/interviews/{upcoming.pk}/record/"
    assert "会議で発表する" in text(browser(interview.interviewer).get(own))
    assert "会議で発表する" in text(browser(interview.interviewee).get(f"{own}read/"))
    page = text(browser(interview.interviewee).get(form))
    assert "会議で発表する" in page
    assert f"/interviews/actions/{action.pk}/" in page
    assert "会議で発表する" not in text(browser(UserFactory()).get(form))

    records.said(action, "done")
    for person, address in ((interview.interviewer, own), (interview.interviewee, form)):
        assert "会議で発表する" not in text(browser(person).get(address))


def test_form_lists_what_the_interviewer_is_to_do_in_his_own_form(talk):
    records.published(
        talk, a1_text="部下がすること", a2_text="上司がすること", a2_owner="interviewer"
    )
    survey_round = SurveyRoundFactory(questionnaire=questionnaire())
    page = text(browser(talk.interviewer).get(f"/surveys/{survey_round.fiscal_year}/"))
    assert "上司がすること" in page
    assert "部下がすること" not in page


def test_list_of_open_actions_takes_as_many_statements_for_many_as_for_one(talk):
    records.published(talk, a1_text="一つ目")
    client = browser(talk.interviewee)
    client.get("/interviews/actions/own/")
    with CaptureQueriesContext(connection) as one:
        client.get("/interviews/actions/own/")
    for days in range(1, 6):
        again = made.held(talk.interviewer, talk.interviewee, days=days)
        records.published(again, a1_text="ほか", a2_text="さらに", a5_text="五つ目")
    with CaptureQueriesContext(connection) as many:
        page = text(client.get("/interviews/actions/own/"))
    assert page.count("五つ目") >= 5
    assert len(many) == len(one)


# Counts -----------------------------------------------------------------------------------------


def agreed_by(section, people):
    head = AssignmentFactory(section=section, position="head").user
    for _ in range(people):
        member = AssignmentFactory(section=section).user
        records.published(made.held(head, member), a1_text="鵺の合意")


def rows(page):
    found = page.split("<tbody")[1].split("</tbody>")[0] if "<tbody" in page else ""
    return [row.split("</th>")[0].split(">")[-1] for row in found.split("<tr")[1:]]


def test_counts_name_no_unit_of_fewer_than_ten_people_nor_let_it_be_reckoned():
    small, middle, large = (made.SectionFactory(bureau__sort_order=order) for order in (1, 2, 3))
    agreed_by(small, 3)
    agreed_by(large, 11)
    client = browser(RoleGrantFactory(role="hr").user)
    page = text(client.get("/interviews/actions/"))
    assert rows(page) == ["全省"]
    assert ">14<" in page

    agreed_by(middle, 10)
    page = text(client.get("/interviews/actions/"))
    # The three alone would follow from the difference: the smaller of the others joins them.
    assert rows(page) == ["全省", large.bureau.name, "そのほかの局・庁"]
    assert "鵺の合意" not in page


def test_counts_hold_nothing_where_few_have_agreed_and_no_talk_outside_the_line():
    section = made.SectionFactory()
    agreed_by(section, 9)
    for _ in range(3):
        records.published(made.held(made.mentor(), UserFactory(), "mentor"), a1_text="鵺")
    page = text(browser(RoleGrantFactory(role="hr").user).get("/interviews/actions/"))
    assert rows(page) == []
    assert "10人以上" in page


# A talk without a booking -----------------------------------------------------------------------


def log(person, **fields):
    data = {"kind": "one_on_one", "day": "2026-04-10", "starts": "10:00", "minutes": "30"} | fields
    return browser(person).post("/interviews/log/", data)


def test_talk_without_a_booking_is_logged_in_one_form():
    head, member = made.line()
    records.template("one_on_one")
    assert member.display_name in text(browser(head).get("/interviews/log/"))

    answer = log(head, who=str(member.pk))

    interview = Interview.objects.get()
    assert answer.url == f"/interviews/{interview.pk}/record/"
    assert (interview.kind, interview.state, interview.was_booked) == ("one_on_one", "held", False)
    assert browser(head).get(answer.url).status_code == 200


def test_talk_is_logged_with_those_only_whom_one_may_interview():
    head, member = made.line()
    _, stranger = made.line()
    assert stranger.display_name not in text(browser(head).get("/interviews/log/"))
    for fields, said in (
        ({"who": str(stranger.pk)}, "選択してください"),
        ({"who": str(head.pk)}, "選択してください"),
        ({"who": ""}, "選択してください"),
        ({"who": str(member.pk), "kind": "mentor"}, "選択してください"),
        ({"who": str(member.pk), "day": "2999-01-01"}, "予約してください"),
        ({"who": str(member.pk), "day": "きのう"}, "正しい日付"),
        ({"who": str(member.pk), "starts": "25:00"}, "正しい日付や時刻"),
        ({"who": str(member.pk), "minutes": "0"}, "5から240"),
    ):
        page = log(head, **fields)
        assert page.status_code == 422, fields
        assert said in text(page)
    assert not Interview.objects.exists()


def test_mentor_names_anybody_by_staff_number():
    mentor, person = made.mentor(), UserFactory()
    for number, said in (
        ("なし", "記録できません"),
        ("", "どちらか一方"),
        (mentor.staff_number, "できません"),
    ):
        page = log(mentor, kind="mentor", who="", staff_number=number)
        assert said in text(page)
    assert log(mentor, kind="mentor", who="", staff_number=person.staff_number).status_code == 302
    assert Interview.objects.get().interviewee == person


# Templates --------------------------------------------------------------------------------------


@pytest.fixture
def officer():
    records.template()
    return RoleGrantFactory(role="hr").user


def test_hr_makes_a_new_version_and_begun_records_keep_theirs(officer, talk):
    records.drafted(talk, h2="途中")
    data = {"based_on": "1", "label_1": "はじめに", "hint_1": "手がかり", "label_3": "おわりに"}
    assert browser(officer).post("/interviews/templates/career/", data).status_code == 302

    made_now = RecordTemplate.objects.filter(kind="career").order_by("version").last()
    assert (made_now.version, made_now.made_by) == (2, officer)
    assert [h.label for h in made_now.headings.all()] == ["はじめに", "おわりに"]
    assert "これからについて" in text(
        browser(talk.interviewer).get(f"/interviews/{talk.pk}/record/")
    )
    later = made.held(talk.interviewer, talk.interviewee, days=2)
    assert "おわりに" in text(browser(talk.interviewer).get(f"/interviews/{later.pk}/record/"))
    # A page that was opened before is stored with the headings that it showed.
    assert post(later, "record", template="1", h3="前の見出しの下").status_code == 302
    assert RecordDraft.objects.get(interview=later).template.version == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label_1": ""}, "見出し1を入力してください"),
        ({"label_1": "", "hint_1": ""}, "一つは入力"),
        ({"label_2": "はじめに"}, "二つあります"),
        ({"label_1": "長" * 61}, "60文字以内"),
        ({"based_on": "0"}, "別の画面で"),
        ({"based_on": "x"}, "エラー"),
    ],
)
def test_bad_headings_get_a_sentence(officer, change, said):
    data = {"based_on": "1", "label_1": "はじめに", "hint_1": "手がかり"} | change
    page = browser(officer).post("/interviews/templates/career/", data)
    assert page.status_code == 422
    assert said in text(page)
    assert RecordTemplate.objects.filter(kind="career").count() == 1


def test_headings_without_a_change_make_no_version(officer):
    current = RecordTemplate.objects.get(kind="hr")
    data = {"based_on": "1"}
    for heading in current.headings.all():
        data |= {f"label_{heading.number}": heading.label, f"hint_{heading.number}": heading.hint}
    page = browser(officer).post("/interviews/templates/hr/", data)
    assert "いまの版と同じです" in text(page)
    assert browser(officer).get("/interviews/templates/unknown/").status_code == 404
    assert "ひな形" in text(browser(officer).get("/interviews/templates/"))
