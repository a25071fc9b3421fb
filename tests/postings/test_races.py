"""What many do to one post at once: saving its draft, beginning it, approving it."""

from collections import Counter

import pytest

from career_portal.common.clock import today
from career_portal.staff.roles import Role
from postings import services
from postings.models import PostDescription, PostVersion
from tests.factories.postings import PostDescriptionFactory, content
from tests.factories.staff import RoleGrantFactory
from tests.threads import behind_a_lock

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
