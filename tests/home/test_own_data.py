"""Taking one's own data along: everything about oneself in one ZIP, and nothing about anybody else."""

import datetime
import io
import json
import zipfile
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from career_portal.common.own_data import OwnFile
from career_portal.home.own_data import zipped
from career_portal.staff.roles import Role
from surveys import reader_services, services
from surveys.asked import asked
from surveys.models import (
    DeadlineExtension,
    DraftPart,
    Submission,
)
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import (
    PASSWORD,
    AssignmentFactory,
    RoleGrantFactory,
    SupervisorDesignationFactory,
    UserFactory,
)
from tests.factories.surveys import (
    SurveyRoundFactory,
    canary,
    choose_supervisor,
    days_from_now,
    hope_survey,
    questionnaire,
    save_parts,
    submit,
)
from tests.home.taking import (
    ADDRESS,
    ALWAYS,
    answers,
    browser,
    concern,
    copy_name,
    loaded,
    of_year,
    taken,
)
from tests.surveys.hostile import CORPUS

PAGE = "/me/data/"
MINE = "鵺の文"

# What is inside ---------------------------------------------------------------------------------


def test_person_without_a_form_gets_what_everybody_has(writer, plain_pdf):
    files = taken(writer)

    assert set(files) == ALWAYS
    for name in ALWAYS - {"README.txt", "アカウント.json", "在職と役割.json", "サインイン.json"}:
        assert json.loads(files[name]) == [], name


def test_every_year_has_its_form_and_every_version_its_copy(survey_round, writer, plain_pdf):
    year = survey_round.fiscal_year
    earlier = SurveyRoundFactory(fiscal_year=year - 1)
    hope_survey(earlier, writer, "withdrawn")
    hope_survey(survey_round, writer, "correcting")
    submit(survey_round, writer)
    hope_survey(SurveyRoundFactory(fiscal_year=year - 2), writer, "draft")

    files = taken(writer)

    forms = {f"希望調書/{each}年度/希望調書.json" for each in (year, year - 1, year - 2)}
    copies = {copy_name(year, 1), copy_name(year, 2), copy_name(year - 1, 1)}
    assert set(files) == ALWAYS | forms | copies


def test_working_copy_is_inside_as_stored_and_in_words(survey_round, writer, plain_pdf):
    post = PostDescriptionFactory(title="髙度化係長")
    hope_survey(survey_round, writer, "draft", mark=MINE, post=post)

    form = of_year(taken(writer), survey_round)

    values, words = answers(form["下書き"]), answers(form["下書き"], "ことば")
    stored = {}
    for draft in DraftPart.objects.all():
        stored |= draft.answers
    assert values == stored | {"post_1": post.pk}
    assert values["work_done"] == words["work_done"] == canary(MINE, 1)
    assert (values["listener"], words["listener"]) == ("supervisor", "上司")
    assert words["post_1"].endswith("髙度化係長")
    assert words["a1_level"].startswith(f"{values['a1_level']}　")
    assert [part["パート"][0] for part in form["下書き"]] == list("①②③④⑤⑥⑦⑧")
    assert (form["状態"], form["提出した版"]) == ("下書き", [])


def test_every_version_is_inside_beside_the_correction(survey_round, writer, plain_pdf):
    hope_survey(survey_round, writer, "correcting", mark=MINE)
    submit(survey_round, writer)

    form = of_year(taken(writer), survey_round)

    first, second = form["提出した版"]
    receipts = list(Submission.objects.order_by("number").values_list("receipt_number", flat=True))
    assert [first["受付番号"], second["受付番号"]] == receipts
    assert [first["いま有効"], second["いま有効"]] == [False, True]
    assert answers(first["パート"])["work_done"] == canary(MINE, 1)
    assert answers(second["パート"], "ことば")["work_done"] == canary(f"{MINE}訂正", 1)
    assert answers(second["パート"]) == answers(form["下書き"])


@pytest.mark.parametrize("offset", [0, 30, 60])
def test_hostile_text_comes_back_as_typed(survey_round, writer, plain_pdf, offset):
    hope_survey(survey_round, writer, "draft")
    texts = {
        question.code: CORPUS[(offset + place) % len(CORPUS)]
        for place, question in enumerate(
            question
            for part in asked(questionnaire()).parts
            for question in part.questions
            if question.is_text and question.max_length > 200
        )
    }
    for draft in DraftPart.objects.select_related("part"):
        part = asked(questionnaire()).part(draft.part.number)
        draft.answers |= {
            question.code: texts[question.code]
            for question in part.questions
            if question.code in texts
        }
        draft.save()
    submit(survey_round, writer)

    form = of_year(taken(writer), survey_round)

    for parts in (form["下書き"], form["提出した版"][0]["パート"]):
        assert answers(parts) | texts == answers(parts)
        assert answers(parts, "ことば") | texts == answers(parts, "ことば")


def test_account_posts_and_roles_are_inside_and_no_password(writer, plain_pdf):
    admin = UserFactory(family_name="管理", given_name="者")
    section = writer.assignments.get().section
    RoleGrantFactory(user=writer, role=Role.HR, section=section, granted_by=admin)
    SupervisorDesignationFactory(supervisor=writer, section=section)
    writer.family_name = "髙﨑"
    writer.save()

    files = taken(writer)

    account, held = loaded(files, "アカウント"), loaded(files, "在職と役割")
    assert (account["姓"], account["職員番号"]) == ("髙﨑", writer.staff_number)
    assert [row["姓"] for row in account["履歴"]] == ["髙橋", "髙﨑"]
    (post,), (role,), (named,) = (held[name] for name in ("在職", "役割", "上司の指定"))
    assert (post["所属"], post["職名"], post["いつから"]) == (
        section.full_name,
        "係長",
        "2020-04-01",
    )
    assert (role["役割"], role["範囲"], role["付与した人"]) == (
        "人事当局",
        section.full_name,
        "管理 者",
    )
    assert named["範囲"] == section.full_name
    writer.refresh_from_db()
    assert writer.password.encode() not in b"".join(files.values())


def test_what_lies_ahead_is_not_announced(writer, plain_pdf):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    writer.assignments.update(valid_until=tomorrow)
    AssignmentFactory(user=writer, post_title="次の職", valid_from=tomorrow)
    RoleGrantFactory(user=writer, role=Role.AUDITOR, valid_from=tomorrow)
    SupervisorDesignationFactory(supervisor=writer, valid_from=tomorrow)

    held = loaded(taken(writer), "在職と役割")

    assert [(row["職名"], row["いつまで（この日から無効）"]) for row in held["在職"]] == [
        ("係長", None)
    ]
    assert (held["役割"], held["上司の指定"]) == ([], [])


def test_decisions_about_readers_are_inside_with_those_taken_back(survey_round, writer, plain_pdf):
    mentor = RoleGrantFactory(role=Role.MENTOR, user__family_name="案内").user
    hope_survey(survey_round, writer, listener="mentor")
    part = asked(questionnaire()).part
    reader_services.name_mentor(survey_round, part(8), mentor, by=writer)
    for reads in (True, False):
        reader_services.choose_mentor_reader(survey_round, part(5), mentor_reads=reads, by=writer)
        choose_supervisor(survey_round, writer, 2, reads=reads)

    form = of_year(taken(writer), survey_round)

    assert form["上司が読むかどうかの選択"] == [
        {"パート": part(2).name, "コード": "competencies", "上司が読む": False}
    ]
    (release,) = form["メンターへの開示"]
    assert (release["コード"], release["メンター"]) == ("interview", mentor.display_name)
    facts = ("コード", "状態", "版")
    history = Counter(
        (entry["対象"], entry["変更"], next(entry[fact] for fact in facts if fact in entry))
        for entry in form["履歴"]
    )
    assert history == Counter(
        [
            ("調書", "作成", "下書き"),
            ("調書", "変更", "提出済み"),
            ("提出した版", "作成", 1),
            ("メンターへの開示", "作成", "interview"),
            ("メンターへの開示", "作成", "future"),
            ("メンターへの開示", "削除", "future"),
            ("上司が読むかどうか", "作成", "competencies"),
            ("上司が読むかどうか", "変更", "competencies"),
        ]
    )
    instants = [entry["日時"] for entry in form["履歴"]]
    assert instants == sorted(instants)


def test_deadlines_reminders_exports_reads_and_sign_ins_are_inside(survey_round, writer, plain_pdf):
    officer = RoleGrantFactory(role=Role.HR, user__family_name="德永", user__given_name="凛").user
    section = writer.assignments.get().section
    submission = hope_survey(survey_round, writer).current_submission
    concern(writer, survey_round, officer, submission, MINE)
    for kind, where in (("all", {}), ("section", {"section": section})):
        DeadlineExtension.objects.create(
            round=survey_round,
            kind=kind,
            until=days_from_now(15),
            reason=kind,
            granted_by=officer,
            **where,
        )

    files = taken(writer)

    year = survey_round.fiscal_year
    extensions = {
        (row["対象"], row["理由"], row["認めた人"], row["課室"])
        for row in loaded(files, "希望調書/締切の延長")
    }
    assert extensions == {
        ("一人", f"{MINE}・延長", "德永 凛", None),
        ("課室", "section", "德永 凛", section.full_name),
        ("全員", "all", "德永 凛", None),
    }
    (reminder,) = loaded(files, "希望調書/提出のお知らせ")
    today = timezone.localdate().isoformat()
    assert (reminder["日"], reminder["人事のひとこと"]) == (today, f"{MINE}・お知らせ")
    (export,) = loaded(files, "希望調書/ファイルへの出力")
    assert (export["年度"], export["版"], export["依頼した人"], export["目的"]) == (
        year,
        1,
        "德永 凛",
        f"{MINE}・目的",
    )
    (read,) = loaded(files, "自分の記録を読んだ人")
    assert (read["読んだ人"], read["立場"]) == ("德永 凛", "人事当局")
    assert read["パート"] == [asked(questionnaire()).part(1).name]
    assert "192.0.2.7" in {sign_in["接続元"] for sign_in in loaded(files, "サインイン")}


def test_sign_in_by_the_page_is_listed_with_time_and_address(client, writer, plain_pdf):
    client.post("/accounts/login/", {"login": writer.username, "password": PASSWORD})

    (sign_in,) = (
        row for row in loaded(taken(writer), "サインイン") if row["接続元"] == "127.0.0.1"
    )

    at = datetime.datetime.fromisoformat(sign_in["日時"])
    assert timezone.now() - at < datetime.timedelta(minutes=5)


def test_instants_are_those_of_japan_with_their_offset(survey_round, writer, plain_pdf):
    form = hope_survey(survey_round, writer)

    version = of_year(taken(writer), survey_round)["提出した版"][0]["提出した日時"]

    assert version.endswith("+09:00")
    assert datetime.datetime.fromisoformat(version) == form.current_submission.submitted_at


# The file ---------------------------------------------------------------------------------------


def test_readme_names_every_file_and_says_what_it_is(survey_round, writer, plain_pdf):
    writer.family_name = "<&>"
    writer.save()
    hope_survey(survey_round, writer)

    files = taken(writer)

    readme = files["README.txt"].decode("utf-8-sig")
    named = {line.removeprefix("■ ") for line in readme.split("\r\n") if line.startswith("■ ")}
    assert named == set(files) - {"README.txt"}
    assert readme.startswith("<&> 𠮷江 さんの記録\r\n")
    assert "つくれなかったもの" not in readme


def test_file_is_kept_nowhere_and_named_for_the_day(writer, plain_pdf):
    answer = browser(writer).post(ADDRESS)

    assert answer.streaming
    assert answer["Cache-Control"] == "private, no-store"
    kind, name = answer["Content-Disposition"].split("; ")
    assert kind == "attachment"
    assert name.endswith(f"_{timezone.localdate():%Y-%m-%d}.zip")


def test_page_says_what_is_inside_and_has_one_button(writer):
    answer = browser(writer).get(PAGE)

    page = answer.content.decode()
    assert page.count(f'action="{ADDRESS}"') == 1
    assert "ほかの人の記録は入りません" in page


def test_only_a_post_with_the_token_of_the_page_makes_it(writer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(writer)

    assert browser(writer).get(ADDRESS).status_code == 405
    assert strict.post(ADDRESS).status_code == 403
    visitor = Client().post(ADDRESS)
    assert (visitor.status_code, visitor["Location"]) == (302, "/accounts/login/?next=/")


def test_taking_along_changes_nothing(survey_round, writer, plain_pdf):
    hope_survey(survey_round, writer, "correcting")

    client = browser(writer)
    with CaptureQueriesContext(connection) as captured:
        client.post(ADDRESS).getvalue()

    verbs = {query["sql"].split()[0] for query in captured}
    assert verbs <= {"SELECT", "PREPARE", "EXECUTE", "SET"}


def test_statements_do_not_grow_with_versions_and_years(survey_round, writer, plain_pdf):
    def statements():
        client = browser(writer)
        client.post(ADDRESS).getvalue()
        with CaptureQueriesContext(connection) as captured:
            client.post(ADDRESS).getvalue()
        return len(captured)

    hope_survey(survey_round, writer, "correcting", post=PostDescriptionFactory())
    one = statements()
    for mark in ("二", "三"):
        submit(survey_round, writer)
        services.open_correction(survey_round, by=writer)
        save_parts(survey_round, writer, mark=mark)
    earlier = SurveyRoundFactory(fiscal_year=survey_round.fiscal_year - 1)
    hope_survey(earlier, writer)

    assert statements() == one <= 32


def test_each_file_is_sent_before_the_next_one_is_made():
    made = []

    def files():
        for name in ("一", "二"):
            made.append(name)
            yield OwnFile(f"{name}.txt", "", name.encode() * 1000)

    pieces = zipped(files())

    first = next(pieces)
    assert (made, first[:2]) == (["一"], b"PK")
    with zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))) as archive:
        assert archive.namelist() == ["一.txt", "二.txt"]
        assert archive.read("二.txt") == "二".encode() * 1000
        assert all(entry.flag_bits & 0x800 for entry in archive.infolist())
        assert all(entry.file_size > entry.compress_size for entry in archive.infolist())
