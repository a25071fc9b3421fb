"""Reading what a form posts: whatever comes in, every question is answered, unanswered or refused with a sentence."""

import json

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import STORED_AT_MOST, read_posted
from surveys.models import Question
from tests.surveys.hostile import CORPUS


@pytest.fixture
def parts(questionnaire):
    return questionnaire.parts


def query(pairs):
    """Fields as Django hands them to a view."""
    data = QueryDict(mutable=True)
    for name, values in pairs.items():
        data.setlist(name, values)
    return data


def test_whatever_is_posted_can_be_stored_or_is_refused_with_a_sentence(parts):
    codes = [question.code for part in parts for question in part.questions]
    typed = st.one_of(
        st.text(max_size=8),
        st.sampled_from(CORPUS),
        st.sampled_from(["1", "3", "stay", "none", "care", "health"]),
    )
    fields = st.dictionaries(
        st.one_of(st.sampled_from(codes), st.sampled_from(["clear", "version", "then"])),
        st.lists(typed, max_size=3),
        max_size=12,
    )

    @given(fields)
    def check(pairs):
        data = query(pairs)
        for part in parts:
            posted = read_posted(part, data)
            kinds = {question.code: question for question in part.questions}
            assert set(posted.answers) | set(posted.posts) | set(posted.refusals) <= set(kinds)
            assert not set(posted.refusals) & (set(posted.answers) | set(posted.posts))
            assert all(sentence.endswith("。") for sentence in posted.refusals.values())
            json.dumps(posted.answers, ensure_ascii=False).encode()
            for code, answer in posted.answers.items():
                assert "\x00" not in answer
                assert expected(kinds[code], answer, data)
            for code, pk in posted.posts.items():
                assert int(data[code]) == pk

    check()


def expected(question, answer, data):
    """Whether the answer is what was posted for that question."""
    if question.kind == Question.Kind.CHOICES:
        return answer == list(dict.fromkeys(data.getlist(question.code)))
    if question.is_text:
        return answer == data[question.code].replace("\r\n", "\n").replace("\r", "\n")
    return answer == data[question.code] and answer in question.labels


def test_last_of_several_values_counts_where_one_is_asked(parts):
    posted = read_posted(parts[0], query({"growth_felt": ["2", "4"], "work_done": ["一", "二"]}))

    assert posted.answers == {"growth_felt": "4", "work_done": "二"}


@pytest.mark.parametrize(
    ("length", "is_kept"), [(STORED_AT_MOST, True), (STORED_AT_MOST + 1, False)]
)
def test_draft_keeps_text_beyond_the_limit_but_not_without_end(parts, length, is_kept):
    posted = read_posted(parts[0], query({"work_done": ["長" * length]}))

    assert ("work_done" in posted.answers) == ("work_done" in posted.remarks) == is_kept
    assert ("work_done" in posted.refusals) != is_kept


def test_taking_a_post_back_takes_only_that_one(parts):
    data = query({"post_1": ["7"], "post_2": ["8"], "clear": ["post_1"]})

    assert read_posted(parts[5], data).posts == {"post_2": 8}
