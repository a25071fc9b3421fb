"""The rule by which prompts are chosen, and the bank that an installation begins with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career_portal.home.reference_data import read_json
from interviews.facts import GROUPS, Fact, in_words
from interviews.models import Prompt
from interviews.preparation.choosing import choose, fits, specificity, suffices
from interviews.preparation.forms import NOTE_LIMIT, TEXT_LIMIT

FACTS = [fact.value for fact in Fact]
TOPICS = [topic.value for topic in Prompt.Topic]


def bank_of_the_beginning():
    entries = enumerate(read_json("interviews", "prompts.json"), start=1)
    return [Prompt(pk=order, sort_order=order, **entry) for order, entry in entries]


def made(number, conditions=(), topic="work", form="question"):
    return Prompt(
        pk=number,
        sort_order=number,
        form=form,
        topic=topic,
        conditions=list(conditions),
        text=number,
    )


facts_of_a_talk = st.sets(st.sampled_from(FACTS))
some_prompts = st.lists(
    st.tuples(
        st.sets(st.sampled_from(FACTS), max_size=4),
        st.sampled_from(TOPICS),
        st.sampled_from(["question", "assumption"]),
    ),
    max_size=12,
)


@st.composite
def banks(draw):
    """A bank that suffices, in any order."""
    always = [((), topic, "question") for topic in draw(st.permutations(TOPICS))[:3]]
    rows = [*always, ((), "work", "assumption"), *draw(some_prompts)]
    return [made(number, *row) for number, row in enumerate(draw(st.permutations(rows)), start=1)]


@given(bank=banks(), facts=facts_of_a_talk, turn=st.integers(0, 50))
def test_there_are_always_three_different_questions_and_an_assumption_that_fit(bank, facts, turn):
    assert suffices(bank)
    chosen = choose(bank, facts, turn)

    assert len({each.topic for each in chosen.questions}) == len(chosen.questions) == 3
    assert chosen.assumption is not None
    for each in (*chosen.questions, chosen.assumption):
        assert fits(each, facts)
    assert {each.form for each in chosen.questions} == {"question"}
    assert chosen.assumption.form == "assumption"
    assert choose(bank, set(facts), turn) == chosen


@given(bank=banks(), facts=facts_of_a_talk, turn=st.integers(0, 50))
def test_nothing_left_out_says_more_about_the_talk(bank, facts, turn):
    chosen = choose(bank, facts, turn)
    by_topic = {each.topic: specificity(each) for each in chosen.questions}
    least = min(by_topic.values())

    for each in bank:
        if each.form == "question" and fits(each, facts):
            assert specificity(each) <= by_topic.get(each.topic, least)
        if each.form == "assumption" and fits(each, facts):
            assert specificity(each) <= specificity(chosen.assumption)


@given(facts=facts_of_a_talk, turn=st.integers(0, 50))
def test_bank_of_the_beginning_serves_every_talk(facts, turn):
    chosen = choose(bank_of_the_beginning(), facts, turn)

    assert len({each.topic for each in chosen.questions}) == 3
    assert chosen.assumption is not None


def test_bank_of_the_beginning_is_large_and_well_formed():
    bank = bank_of_the_beginning()
    said = " ".join(each.text + each.note for each in bank)

    assert len(bank) >= 60
    assert len({each.text for each in bank}) == len(bank)
    assert suffices(bank)
    for each in bank:
        assert set(each.conditions) <= set(FACTS)
        assert each.topic in TOPICS
        assert len(each.text) <= TEXT_LIMIT
        assert len(each.note) <= NOTE_LIMIT
        assert each.note.endswith("。")
    for word in ("評価", "成績", "業績", "点数", "優秀"):
        assert word not in said.replace("評価せずに", "")
    unused = set(FACTS) - {fact for each in bank for fact in each.conditions}
    # The kinds and facts that general prompts serve as well.
    assert unused <= {"kind:career"}


def test_of_one_group_one_is_enough_and_of_several_each_counts():
    either = made(1, ["response:listen", "response:think"])
    both = made(2, ["response:listen", "posts:some"])

    assert fits(either, {"response:think"})
    assert not fits(either, {"response:advise"})
    assert not fits(both, {"response:listen"})
    assert fits(both, {"response:listen", "posts:some"})
    assert (specificity(either), specificity(both)) == (1, 2)


def test_the_next_talk_of_the_same_two_asks_something_else():
    bank = bank_of_the_beginning()
    first, second = (choose(bank, {"turn:again", "kind:career"}, turn) for turn in (0, 1))

    assert first.questions != second.questions
    assert first.assumption == choose(bank, {"turn:again", "kind:career"}, 0).assumption


def test_bank_that_was_never_loaded_gives_nothing():
    assert choose([], {"turn:first"}).questions == ()
    assert choose([], {"turn:first"}).assumption is None


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([], "いつでも"),
        (["response:listen"], "望む応じ方が「聴いてほしい」"),
        (
            ["posts:some", "response:think", "response:listen"],
            "望む応じ方が「聴いてほしい」か「一緒に考えてほしい」、かつ希望するポストが「希望するポストがある」",
        ),
    ],
)
def test_conditions_are_read_as_a_sentence(conditions, words):
    assert in_words(conditions) == words


def test_every_fact_belongs_to_a_group_with_a_name():
    assert {fact.group for fact in Fact} == set(GROUPS)
