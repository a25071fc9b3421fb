"""The guide and the trainings: recorded by HR for several at once, hinted at to the person himself and to nobody else."""

import datetime

import pytest

from career_portal.common.clock import today
from interviews.listening import services
from interviews.listening.hints import suggests_training
from interviews.models import ListeningTraining
from tests.factories import interviews as made
from tests.factories.staff import RoleGrantFactory, SectionFactory, UserFactory

pytestmark = pytest.mark.django_db

TRAININGS, GUIDE = "/interviews/trainings/", "/interviews/guide/"
HINT = "研修を受けていないことは、だれにも知らされません。"


@pytest.fixture
def officer(client):
    officer = RoleGrantFactory(role="hr").user
    client.force_login(officer)
    return officer


def post(client, numbers, day=None):
    return client.post(
        TRAININGS,
        {"attended_on": (day or today()).isoformat(), "staff_numbers": "\r\n".join(numbers)},
    )


def test_hr_records_several_people_at_once(client, officer):
    people = [UserFactory() for _ in range(3)]

    answer = post(client, [f" {person.staff_number} " for person in people] + [""])

    assert answer.status_code == 302
    assert set(ListeningTraining.objects.values_list("person", "recorded_by")) == {
        (person.pk, officer.pk) for person in people
    }
    page = client.get(TRAININGS).content.decode()
    assert "3人の受講を記録しました。" in page
    assert people[0].display_name in page


def test_one_bad_row_keeps_all_out_and_every_bad_row_says_why(client, officer):
    good, ended, there = UserFactory(), UserFactory(ended=True), UserFactory()
    services.record_trainings([there.staff_number], today(), by=officer)
    good_number = good.staff_number
    rows = [good_number, "無い番号", ended.staff_number, there.staff_number, "", good_number]

    answer = post(client, rows)

    page = answer.content.decode()
    assert answer.status_code == 422
    for reason in (
        "2行目「無い番号」の職員番号は見つかりません。",
        "在職していません。",
        "この日の受講をすでに記録しています。",
        f"6行目「{good_number}」は、上の行と同じ番号です。",
    ):
        assert reason in page
    assert "無い番号" in page
    assert ListeningTraining.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "numbers", "sentence"),
    [
        ("", ["1"], "受けた日を入力してください"),
        ("2026-13-40", ["1"], "受けた日を正しい日付や時刻で入力してください"),
        ("2999-01-01", ["1"], "受けた日は、今日までの日付にしてください。"),
        ("2026-04-01", [" "], "受けた人の職員番号を入力してください"),
        ("2026-04-01", ["1\x00"], "使えない文字"),
        ("2026-04-01", [str(number) for number in range(201)], "200人までです"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_a_sentence(
    client, officer, day, numbers, sentence
):
    answer = client.post(TRAININGS, {"attended_on": day, "staff_numbers": "\n".join(numbers)})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ListeningTraining.objects.exists()


def test_what_was_recorded_by_mistake_is_taken_back_by_who_recorded_it(client, officer):
    (training,) = services.record_trainings([UserFactory().staff_number], today(), by=officer)
    client.force_login(RoleGrantFactory(role="hr").user)
    assert client.post(f"{TRAININGS}{training.pk}/remove/").status_code == 404

    client.force_login(officer)
    assert client.post(f"{TRAININGS}{training.pk}/remove/").status_code == 302
    assert not ListeningTraining.objects.exists()


def test_only_hr_of_the_whole_ministry_records(client):
    for person in (UserFactory(), RoleGrantFactory(role="hr", section=SectionFactory()).user):
        with pytest.raises(services.TrainingRefused):
            services.record_trainings([person.staff_number], today(), by=person)
        client.force_login(person)
        assert client.get(TRAININGS).status_code == 403


def test_a_day_to_come_is_refused_by_the_service_too(officer):
    tomorrow = today() + datetime.timedelta(days=1)
    with pytest.raises(services.TrainingRefused):
        services.record_trainings([officer.staff_number], tomorrow, by=officer)


def test_guide_has_five_parts_for_everybody(client):
    client.force_login(UserFactory())
    page = client.get(GUIDE).content.decode()

    assert page.count("cp-guide__try") == 5
    assert HINT not in page


def test_hint_is_for_interviewers_without_a_training_and_for_themselves(client, officer):
    head, member = made.line()
    interview = made.interview(head, member)
    prepare = f"/interviews/{interview.pk}/prepare/"
    for person, hinted in ((head, True), (member, False)):
        client.force_login(person)
        for address in (GUIDE, prepare):
            assert (HINT in client.get(address).content.decode()) is hinted

    services.record_trainings([head.staff_number], today(), by=officer)

    client.force_login(head)
    for address in (GUIDE, prepare):
        assert HINT not in client.get(address).content.decode()


def test_nobody_learns_who_has_no_training(officer):
    head, member = made.line()
    mentor = made.mentor()
    services.record_trainings([mentor.staff_number], today(), by=officer)
    assert suggests_training(head)
    assert not suggests_training(mentor)

    rows = ListeningTraining.objects
    assert rows.visible_to(mentor).count() == rows.visible_to(officer).count() == 1
    for person in (head, member, RoleGrantFactory(role="hr").user):
        assert not rows.visible_to(person).exists()
    # HR of today alone: whoever recorded and is HR no more sees what is his own.
    officer.role_grants.update(valid_until=today())
    assert not rows.visible_to(officer).exists()
