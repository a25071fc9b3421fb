"""A post picked from the catalogue, and the writer's decision about his supervisor."""

import pytest
from django.urls import reverse

from surveys import reader_services, services
from surveys.models import DraftPart, DraftPostWish, HopeSurvey, ReaderChoice
from tests.factories.postings import PostDescriptionFactory
from tests.factories.surveys import full_answers, hope_survey


class TestPickingAPost:
    @pytest.fixture
    def part(self, questionnaire):
        return questionnaire.part(6)

    @pytest.fixture
    def pick(self, survey_round, part, writer):
        def hope_for(post, code="post_1"):
            services.hope_for_post(survey_round, part, code, post, by=writer)

        return hope_for

    def test_first_post_makes_the_part(self, pick, writer):
        post = PostDescriptionFactory()

        pick(post)

        draft = DraftPart.objects.get(survey__user=writer)
        assert (draft.part.number, draft.version, draft.answers) == (6, 1, {})
        assert DraftPostWish.objects.get().post == post

    def test_next_post_takes_the_place_of_the_one_before(self, pick):
        first, second = PostDescriptionFactory(), PostDescriptionFactory()

        pick(first)
        pick(second)
        pick(first, "post_2")

        wishes = DraftPostWish.objects.values_list("question_code", "post_id")
        assert set(wishes) == {("post_1", second.pk), ("post_2", first.pk)}

    def test_page_of_the_part_that_was_open_meanwhile_is_stale(
        self, pick, survey_round, part, writer
    ):
        hope_survey(survey_round, writer, "draft", numbers=[6], mark="理由")

        pick(PostDescriptionFactory())

        assert DraftPart.objects.get().version == 2
        assert DraftPart.objects.get().answers["post_1_reason"] == "《理由-6》"
        with pytest.raises(services.StaleSave):
            services.save_draft_part(
                survey_round, part, full_answers(part, "古い"), version=1, by=writer
            )

    @pytest.mark.parametrize("state", ["draft", "archived"])
    def test_post_that_is_not_published_is_refused(self, pick, state):
        with pytest.raises(services.UnknownPost):
            pick(PostDescriptionFactory(**{state: True}))

        assert not DraftPart.objects.exists()
        assert not DraftPostWish.objects.exists()

    def test_submitted_form_takes_no_post(self, pick, survey_round, writer):
        hope_survey(survey_round, writer, "submitted", numbers=[1])

        with pytest.raises(services.NotBeingWritten):
            pick(PostDescriptionFactory())

    def test_page_finds_published_posts_by_every_word(self, signed_in, survey_round):
        wanted = PostDescriptionFactory(title="通商係長", section__name="米州課")
        PostDescriptionFactory(title="通商係長", section__name="欧州課")
        PostDescriptionFactory(title="通商専門官", section__name="米州課", archived=True)
        PostDescriptionFactory(title="通商専門官", section__name="米州課", draft=True)
        address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])

        page = signed_in.get(address, {"q": "通商　米州"})

        assert [post.pk for post in page.context["page"]] == [wanted.pk]
        assert "1件のポスト" in page.text

    def test_page_puts_the_post_into_the_form_and_returns_to_the_part(
        self, signed_in, survey_round
    ):
        post = PostDescriptionFactory(title="<b>係長</b>")
        year = survey_round.fiscal_year

        answer = signed_in.post(
            reverse("surveys:post_pick", args=[year, 6, "post_2"]), {"post": post.pk}, follow=True
        )

        assert answer.redirect_chain == [(reverse("surveys:part_edit", args=[year, 6]), 302)]
        assert DraftPostWish.objects.get().question_code == "post_2"
        assert "&lt;b&gt;係長&lt;/b&gt;" in answer.text
        assert "<b>係長" not in answer.text

    def test_post_archived_since_the_page_was_shown_gets_a_sentence(self, signed_in, survey_round):
        post = PostDescriptionFactory(archived=True)
        address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])

        answer = signed_in.post(address, {"post": post.pk}, follow=True)

        assert services.UnknownPost.sentence in answer.text
        assert not DraftPostWish.objects.exists()

    @pytest.mark.parametrize(
        "chosen", ["", "0", "-1", "x", "１", "9" * 400, "1e3", " 1", "\x00", "�"]
    )
    def test_nonsense_is_not_found(self, signed_in, survey_round, chosen):
        address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])

        assert signed_in.post(address, {"post": chosen}).status_code == 404

    def test_draft_of_a_post_is_not_found(self, signed_in, survey_round):
        post = PostDescriptionFactory(draft=True)
        address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])

        assert signed_in.post(address, {"post": post.pk}).status_code == 404

    @pytest.mark.parametrize(("number", "code"), [(6, "timing"), (1, "post_1"), (9, "post_1")])
    def test_only_questions_about_posts_have_a_page(self, signed_in, survey_round, number, code):
        address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, number, code])

        assert signed_in.get(address).status_code == 404

    @pytest.mark.parametrize("words", ["\x00", "%", "_", "\\", "'", "�", "あ" * 5000, "( OR 1=1"])
    def test_any_words_can_be_searched_for(self, signed_in, survey_round, words):
        PostDescriptionFactory()
        address = reverse("surveys:post_pick", args=[survey_round.fiscal_year, 6, "post_1"])

        assert signed_in.get(address, {"q": words, "page": words}).status_code == 200


class TestChoosingTheSupervisor:
    @pytest.fixture
    def choose(self, survey_round, questionnaire, writer):
        def decide(number, *, reads):
            reader_services.choose_supervisor_reader(
                survey_round, questionnaire.part(number), supervisor_reads=reads, by=writer
            )

        return decide

    @pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
    def test_choice_is_kept_and_can_be_turned_round(self, choose, number, writer):
        choose(number, reads=False)
        choose(number, reads=True)

        choice = ReaderChoice.objects.get()
        assert (choice.survey.user, choice.part.number) == (writer, number)
        assert choice.supervisor_reads is True

    @pytest.mark.parametrize("number", [7, 8])
    def test_parts_without_a_choice_refuse_one(self, choose, number):
        for reads in (True, False):
            with pytest.raises(reader_services.ReadersFixed):
                choose(number, reads=reads)

        assert not ReaderChoice.objects.exists()
        assert not HopeSurvey.objects.exists()

    @pytest.mark.parametrize(("supervisor", "reads"), [("on", True), ("", False), ("off", False)])
    def test_choice_by_its_form_has_its_actor_in_the_history(
        self, signed_in, survey_round, writer, supervisor, reads
    ):
        address = reverse("surveys:part_readers", args=[survey_round.fiscal_year, 5])

        answer = signed_in.post(address, {"supervisor": supervisor}, follow=True)

        assert f"いまから上司{'も読めます' if reads else 'は読めません'}。" in answer.text
        choice = ReaderChoice.objects.get()
        event = ReaderChoice.pgh_event_model.objects.get()
        assert (event.pgh_obj_id, event.pgh_label) == (choice.pk, "insert")
        assert event.supervisor_reads is choice.supervisor_reads is reads
        assert event.pgh_context.metadata == {
            "user": writer.pk,
            "route": "surveys:part_readers",
        }

    def test_page_of_a_fixed_part_gets_a_sentence(self, signed_in, survey_round):
        address = reverse("surveys:part_readers", args=[survey_round.fiscal_year, 7])

        answer = signed_in.post(address, {"supervisor": "on"}, follow=True)

        assert reader_services.ReadersFixed.sentence in answer.text
        assert not ReaderChoice.objects.exists()
