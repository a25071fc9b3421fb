"""The page that compares two windows: what is chosen is stored, and nothing that was not asked about changes."""

import pytest

from surveys.models import DraftPart, DraftPostWish
from surveys.windows import BOTH, HERE, STORED
from tests.factories.postings import PostDescriptionFactory
from tests.factories.staff import AssignmentFactory
from tests.factories.surveys import close, hope_survey
from tests.surveys.browsing import Page, autosave, part_address, post
from tests.surveys.hostile import CORPUS

HERE_TEXT, STORED_TEXT = "この窓の文\n二行目", "ほかの窓の文"


def stored(number=5):
    draft = DraftPart.objects.get(part__number=number)
    return draft.version, draft.answers


@pytest.fixture
def compared(signed_in, survey_round, writer):
    """The page that an older window gets: ⑤ with a text that both windows changed, and one that only the other did."""
    hope_survey(survey_round, writer, "draft", numbers=[5], mark="初め")
    address = part_address(survey_round, 5)
    older = Page(signed_in.get(address))
    post(signed_in, address, older.sent(in_five_years=STORED_TEXT, ledger_will="ほかの窓の意志"))
    answer = post(signed_in, address, older.sent(in_five_years=HERE_TEXT))
    assert answer.status_code == 409
    return Page(answer)


@pytest.fixture
def choose(signed_in, survey_round, compared):
    """Press the button of that page."""

    def press(page=compared, **fields):
        fields = {name.replace("keep_", "keep-"): value for name, value in fields.items()}
        return post(signed_in, part_address(survey_round, 5), page.sent(then="stay", **fields))

    return press


def test_page_offers_what_was_touched_here_and_keeps_what_was_not(compared):
    assert compared.value("keep-in_five_years") == HERE
    assert compared.value("keep-ledger_will") == STORED
    assert [name for name, _ in compared.fields if name.startswith("keep-")] == [
        "keep-in_five_years",
        "keep-ledger_will",
    ]
    assert compared.value("in_five_years") == HERE_TEXT
    assert compared.value("version") == "2"


@pytest.mark.parametrize(
    ("choice", "text"),
    [(HERE, HERE_TEXT), (STORED, STORED_TEXT), (BOTH, f"{HERE_TEXT}\n\n{STORED_TEXT}")],
)
def test_choice_is_stored_and_nothing_else_changes(choose, choice, text):
    before = stored()[1]

    answer = choose(keep_in_five_years=choice)

    assert answer.status_code == 302
    assert stored() == (3, before | {"in_five_years": text})


def test_stored_answer_that_nobody_touched_here_stays(choose):
    assert choose().status_code == 302
    assert stored()[1]["ledger_will"] == "ほかの窓の意志"


def test_script_may_choose_too_and_learns_the_new_version(signed_in, survey_round, compared):
    body = compared.sent(**{"keep-in_five_years": BOTH})

    answer = autosave(signed_in, part_address(survey_round, 5), body)

    assert (answer.status_code, answer.json()["version"]) == (200, 3)
    assert stored()[1]["in_five_years"] == f"{HERE_TEXT}\n\n{STORED_TEXT}"
    assert answer.json()["base"] == Page(signed_in.get(part_address(survey_round, 5))).value("base")


def test_page_saved_again_meanwhile_is_compared_anew(signed_in, survey_round, compared, choose):
    address = part_address(survey_round, 5)
    newer = Page(signed_in.get(address))
    post(signed_in, address, newer.sent(in_ten_years="三つ目の窓の文", ledger_will="変わった意志"))

    answer = choose(keep_in_five_years=BOTH)

    assert answer.status_code == 409
    assert stored() == (3, stored()[1] | {"in_five_years": STORED_TEXT})
    page = Page(answer)
    assert page.classes["cp-version__text"] == [
        HERE_TEXT,
        STORED_TEXT,
        "《初め-5》",
        "三つ目の窓の文",
        "《初め-5》",
        "変わった意志",
    ]
    assert [
        page.value(f"keep-{code}") for code in ("in_five_years", "in_ten_years", "ledger_will")
    ] == [
        BOTH,
        STORED,
        STORED,
    ]

    assert choose(page).status_code == 302
    assert stored()[1]["in_five_years"] == f"{HERE_TEXT}\n\n{STORED_TEXT}"
    assert stored()[1]["in_ten_years"] == "三つ目の窓の文"
    assert stored()[1]["ledger_will"] == "変わった意志"


def test_text_typed_after_the_page_was_shown_is_never_dropped(choose):
    answer = choose(ledger_will="選んだあとに書いた意志")

    assert answer.status_code == 409
    assert stored()[0] == 2
    page = Page(answer)
    assert page.value("ledger_will") == "選んだあとに書いた意志"
    assert page.value("keep-ledger_will") == HERE

    assert choose(page).status_code == 302
    assert stored()[1]["ledger_will"] == "選んだあとに書いた意志"


def test_refused_character_keeps_the_choices_on_the_page(choose):
    answer = choose(in_ten_years="貼り付けた\x01文", keep_in_five_years=STORED)

    assert answer.status_code == 422
    page = Page(answer)
    assert page.value("keep-in_five_years") == STORED
    assert page.value("in_ten_years") == "貼り付けた\x01文"
    assert choose(page, in_ten_years="貼り付けた文").status_code == 302
    assert stored()[1]["in_five_years"] == STORED_TEXT


def test_text_joined_beyond_the_limit_is_stored_with_a_sentence(choose, compared):
    answer = choose(in_five_years="長" * 500, keep_in_five_years=BOTH)

    assert answer.status_code == 422
    assert stored()[1]["in_five_years"] == f"{'長' * 500}\n\n{STORED_TEXT}"
    page = Page(answer)
    assert page.value("in_five_years") == f"{'長' * 500}\n\n{STORED_TEXT}"
    assert "keep-in_five_years" not in dict(page.fields)


def test_deadline_that_passes_meanwhile_keeps_text_and_choices(choose, survey_round):
    close(survey_round)

    answer = choose(keep_in_five_years=BOTH)

    assert answer.status_code == 409
    page = Page(answer)
    assert (page.value("in_five_years"), page.value("keep-in_five_years")) == (HERE_TEXT, BOTH)
    assert stored()[0] == 2


@pytest.mark.parametrize("nonsense", ["", "nothing", "HERE", "stored\x00", "<b>"])
def test_choice_that_the_page_does_not_offer_is_this_windows_answer(choose, nonsense):
    assert choose(keep_in_five_years=nonsense, **{"keep-unknown": STORED}).status_code == 302
    assert stored()[1]["in_five_years"] == HERE_TEXT


@pytest.mark.parametrize(
    "base", ["", "1.2", "x.y.z", "9" * 4000], ids=["", "short", "words", "long"]
)
def test_page_that_does_not_say_what_it_was_made_from_offers_this_windows_answers(
    signed_in, survey_round, compared, base
):
    body = compared.sent(base=base, version="1")
    body = {name: value for name, value in body.items() if not name.startswith("keep-")}

    page = Page(post(signed_in, part_address(survey_round, 5), body))

    assert {value for name, value in page.fields if name.startswith("keep-")} == {HERE}


class TestPosts:
    @pytest.fixture
    def compare(self, signed_in, survey_round, writer):
        """⑥ in an older window that chose another post, or none, than the newer one."""

        def window(here, there):
            hope_survey(survey_round, writer, "draft", numbers=[6])
            address = part_address(survey_round, 6)
            older = Page(signed_in.get(address))
            post(signed_in, address, older.sent(post_1=there and str(there.pk), timing="stay"))
            return Page(post(signed_in, address, older.sent(post_1=here and str(here.pk))))

        return window

    @pytest.mark.parametrize("choice", [HERE, STORED])
    @pytest.mark.parametrize("other", ["another", "same title", "none here", "none there"])
    def test_post_is_chosen_like_a_text(self, signed_in, survey_round, compare, choice, other):
        first = PostDescriptionFactory(title="甲")
        second = PostDescriptionFactory(
            title="甲" if other == "same title" else "乙", section=first.section
        )
        here = None if other == "none here" else first
        there = None if other == "none there" else second
        page = compare(here, there)
        assert page.classes["cp-versions__title"] == ["第1希望", "異動の時期"]

        body = page.sent(then="stay", **{"keep-post_1": choice})
        answer = post(signed_in, part_address(survey_round, 6), body)

        assert answer.status_code == 302
        expected = here if choice == HERE else there
        assert list(DraftPostWish.objects.values_list("post", flat=True)) == (
            [expected.pk] if expected else []
        )
        assert stored(6)[1]["timing"] == "stay"


class TestOptions:
    def test_levels_and_lists_are_chosen_and_never_joined(self, signed_in, survey_round, writer):
        hope_survey(survey_round, writer, "draft", numbers=[6])
        address = part_address(survey_round, 6)
        older = Page(signed_in.get(address))
        post(signed_in, address, older.sent(timing="any", experiences=["firm"]))

        page = Page(
            post(signed_in, address, older.sent(timing="stay", experiences=["agency", "firm"]))
        )
        body = page.sent(**{"keep-timing": BOTH, "keep-experiences": STORED})
        answer = post(signed_in, address, body)

        assert answer.status_code == 302
        assert (stored(6)[1]["timing"], stored(6)[1]["experiences"]) == ("stay", ["firm"])


@pytest.mark.parametrize("text", CORPUS, ids=repr)
def test_any_text_of_either_window_survives_the_choice(signed_in, survey_round, writer, text):
    hope_survey(survey_round, writer, "draft", numbers=[5])
    address = part_address(survey_round, 5)
    older = Page(signed_in.get(address))
    post(signed_in, address, older.sent(in_five_years=text, in_ten_years="ほかの窓"))

    page = Page(post(signed_in, address, older.sent(in_five_years="この窓", in_ten_years=text)))
    body = page.sent(**{"keep-in_five_years": STORED, "keep-in_ten_years": BOTH})
    answer = post(signed_in, address, body)

    assert answer.status_code == 302
    kept = stored()[1]
    assert kept["in_five_years"] == text
    assert kept["in_ten_years"] == f"{text}\n\nほかの窓"


class TestAnotherPerson:
    def test_page_of_somebody_else_stores_nothing_and_keeps_the_text(
        self, client, signed_in, survey_round, writer
    ):
        address = part_address(survey_round, 5)
        page = Page(signed_in.get(address))
        other = AssignmentFactory().user
        client.force_login(other)

        answer = post(client, address, page.sent(in_five_years=HERE_TEXT))

        assert answer.status_code == 409
        assert not DraftPart.objects.exists()
        returned = Page(answer)
        assert returned.value("in_five_years") == HERE_TEXT
        assert returned.value("writer") == str(writer.pk)
        assert "別の人がサインインしている" in answer.content.decode()

        assert post(client, address, returned.sent()).status_code == 409
        client.force_login(writer)
        assert post(client, address, returned.sent()).status_code == 302
        assert stored()[1]["in_five_years"] == HERE_TEXT

    def test_choices_of_somebody_else_are_asked_anew(
        self, client, signed_in, survey_round, writer, compared
    ):
        client.force_login(AssignmentFactory().user)
        address = part_address(survey_round, 5)
        returned = Page(post(client, address, compared.sent(**{"keep-in_five_years": STORED})))
        client.force_login(writer)

        answer = post(client, address, returned.sent())

        assert answer.status_code == 409
        assert Page(answer).value("keep-in_five_years") == HERE
        assert stored()[0] == 2

    def test_script_is_told(self, client, signed_in, survey_round):
        address = part_address(survey_round, 5)
        body = Page(signed_in.get(address)).sent(in_five_years=HERE_TEXT)
        client.force_login(AssignmentFactory().user)

        answer = autosave(client, address, body)

        assert (answer.status_code, answer.json()["reason"]) == (409, "writer")
        assert not DraftPart.objects.exists()


@pytest.mark.parametrize("state", ["refused", "closed"])
def test_page_that_shows_no_other_text_does_not_pass_for_one_that_did(
    signed_in, survey_round, writer, state
):
    """A page that comes back for another reason still says which version it was made from."""
    hope_survey(survey_round, writer, "draft", numbers=[5])
    address = part_address(survey_round, 5)
    older = Page(signed_in.get(address))
    post(signed_in, address, older.sent(in_five_years=STORED_TEXT))
    deadline = survey_round.deadline_at
    if state == "closed":
        close(survey_round)
    text = "貼り付けた\x01文" if state == "refused" else HERE_TEXT
    page = Page(post(signed_in, address, older.sent(in_five_years=text)))
    survey_round.deadline_at = deadline
    survey_round.save(update_fields=["deadline_at"])

    answer = post(signed_in, address, page.sent(in_five_years=HERE_TEXT))

    assert answer.status_code == 409
    assert stored() == (2, stored()[1] | {"in_five_years": STORED_TEXT})
    assert Page(answer).value("keep-in_five_years") == HERE
