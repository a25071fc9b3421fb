"""What many do to one post at once: saving its draft, beginning it, approving it."""

import datetime
from collections import Counter

import pytest
from django.db import connection, transaction

from career_portal.common.clock import today
from career_portal.staff.models import Section
from career_portal.staff.roles import Role
from postings import services
from postings.models import PostDescription, PostVersion
from tests.factories.postings import PostDescriptionFactory, content
from tests.factories.staff import RoleGrantFactory
from tests.threads import behind_a_lock, each_connected

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 20


@pytest.fixture
def editors():
    return [RoleGrantFactory(role=Role.HR).user for _ in range(EDITORS)]


@pytest.fixture
def post():
    content()
    return PostDescriptionFactory()


def kinds(results):
    return Counter(type(result).__name__ for result in results)


def test_of_twenty_saves_over_the_same_text_one_is_stored_and_all_others_are_told(post, editors):
    draft = services.write_description(post, content(), edit=0, by=editors[0])

    def save(number):
        text = content(mission=f"{number}人目の文")
        return services.write_description(post, text, edit=draft.edit, by=editors[number])

    results = behind_a_lock(EDITORS, save, held=PostDescription.objects.filter(pk=post.pk))

    assert kinds(results) == {"PostVersion": 1, "StaleEdit": EDITORS - 1}
    (stored,) = [result for result in results if isinstance(result, PostVersion)]
    draft.refresh_from_db()
    assert (draft.mission, draft.edit) == (stored.mission, stored.edit)
    assert draft.skills.count() == 2


def test_of_twenty_who_begin_a_draft_one_does(post, editors):
    def begin(number):
        text = content(mission=f"{number}人目の文")
        return services.write_description(post, text, edit=0, by=editors[number])

    results = behind_a_lock(EDITORS, begin, held=PostDescription.objects.filter(pk=post.pk))

    assert kinds(results) == {"PostVersion": 1, "StaleEdit": EDITORS - 1}
    assert post.versions.count() == 2


def test_twenty_editors_who_choose_again_lose_no_save(post, editors):
    """Each adds a line of his own to what is stored, again and again until it is taken."""
    services.write_description(post, content(duties="一\n二\n三"), edit=0, by=editors[0])

    def add(number):
        while True:
            stored = post.versions.open().get()
            text = content(duties=f"{stored.duties}\n{number}番の業務")
            try:
                return services.write_description(post, text, edit=stored.edit, by=editors[number])
            except services.StaleEdit:
                continue

    behind_a_lock(EDITORS, add, held=PostDescription.objects.filter(pk=post.pk))

    lines = post.versions.open().get().duty_lines
    assert lines[:3] == ["一", "二", "三"]
    assert sorted(lines[3:]) == sorted(f"{number}番の業務" for number in range(EDITORS))


def test_posts_of_a_section_begun_at_once_each_have_a_code(post, editors):
    def begin(number):
        return services.create_post(post.section, content(), by=editors[number]).post.code

    codes = behind_a_lock(EDITORS, begin, held=Section.objects.filter(pk=post.section_id))

    assert len({code for code in codes if isinstance(code, str)}) == EDITORS


def test_version_of_a_post_that_somebody_moves_just_now_is_shown_the_next_time(post, editors):
    draft = services.write_description(post, content(), edit=0, by=editors[0])
    services.submit_for_review(draft, by=editors[0])
    services.approve(draft, publish_on=today() + datetime.timedelta(days=1), by=editors[1])
    PostVersion.objects.filter(pk=draft.pk).update(publish_on=today())

    def release(_):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return services.release_due()

    with transaction.atomic():
        PostDescription.objects.select_for_update().get(pk=post.pk)
        meanwhile = each_connected(1, release)

    assert meanwhile == [0]
    assert services.release_due() == 1


def test_approving_and_taking_back_at_once_is_one_of_the_two(post, editors):
    draft = services.write_description(post, content(), edit=0, by=editors[0])
    waiting = services.submit_for_review(draft, by=editors[0])

    def act(number):
        if number % 2:
            return services.take_back(waiting, by=editors[0])
        return services.approve(waiting, publish_on=today(), by=editors[number + 1])

    results = behind_a_lock(6, act, held=PostDescription.objects.filter(pk=post.pk))

    assert kinds(results) == {"PostVersion": 1, "WrongStage": 5}
    post.refresh_from_db()
    is_shown = post.shown_id == waiting.pk
    assert is_shown is (PostVersion.objects.get(pk=waiting.pk).stage == "released")
