"""The rules that bring wishes and posts together, over any forms and posts."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.matching.rules import (
    GAINED_PLACE,
    REQUIRED_PLACE,
    OwnForm,
    Post,
    PostLine,
    Quote,
    match,
    matches,
    surprises,
)

NAMES = {
    "A3": "協働力",
    "B1-02": "通商・貿易",
    "B1-06": "デジタル・サイバー",
    "B2-01": "法令",
    "B2-03": "税",
}
SECTIONS, BUREAUS = (1, 2, 3), ("B01", "B02", "B03", "B04")

codes = st.sampled_from(list(NAMES))
sentences = st.sampled_from(["", "  ", "署名まで経験できます。", "条文を読みます。"])
duties = st.sampled_from(["会合の準備", "貿易の手続きの見直し", "法令の審査", "税の調べ"])


@st.composite
def skill_lines(draw):
    chosen = draw(st.lists(codes, unique=True, max_size=4))
    return tuple(
        PostLine(code, NAMES[code], number, draw(st.integers(1, 3)), "ことば", draw(sentences))
        for number, code in enumerate(chosen, start=1)
    )


@st.composite
def catalogues(draw):
    size = draw(st.integers(0, 12))
    return [
        Post(
            pk=pk,
            title=draw(st.sampled_from(["企画係長", "総括係長", "調整担当"])),
            section=draw(st.sampled_from(SECTIONS)),
            bureau=draw(st.sampled_from(BUREAUS)),
            duties=tuple(draw(st.lists(duties, max_size=3))),
            gained=draw(skill_lines()),
            required=draw(skill_lines()),
        )
        for pk in range(size)
    ]


@st.composite
def forms(draw):
    def quotes(words):
        chosen = draw(st.lists(codes, unique=True, max_size=4))
        return {code: Quote(f"③ {NAMES[code]}", draw(st.sampled_from(words))) for code in chosen}

    return OwnForm(quotes(["ぜひ経験したい", "関心がある"]), quotes(["経験なし"]))


def lines_of(post):
    """Everything that a reader finds on the post's page, by place."""
    places = {f"業務内容 {number}": duty for number, duty in enumerate(post.duties, start=1)}
    for place, found in ((GAINED_PLACE, post.gained), (REQUIRED_PLACE, post.required)):
        for line in found:
            places[f"{place} {line.number}"] = f"{line.name}　{line.sentence}"
    return places


@given(catalogues(), forms())
def test_every_reason_quotes_a_line_of_the_form_and_one_of_the_post(posts, form):
    for hit in matches(posts, form, sections=()):
        for reason in hit.reasons:
            assert form.wishes[reason.skill] == reason.own
        for reason in hit.against:
            assert form.beginnings[reason.skill] == reason.own
            assert reason.strength == 3
        for reason in (*hit.reasons, *hit.against):
            assert reason.post.words in lines_of(hit.post)[reason.post.place]
            assert reason.post.words.strip()


@given(catalogues(), forms())
def test_hits_are_the_posts_in_which_something_wished_for_is_gained(posts, form):
    found = {
        hit.post.pk: {reason.skill for reason in hit.reasons}
        for hit in matches(posts, form, sections=())
    }

    answering = {
        post.pk: {line.code for line in post.gained} & form.wishes.keys() for post in posts
    }
    assert found == {pk: skills for pk, skills in answering.items() if skills}


@given(catalogues(), forms(), st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_order_of_rows(posts, form, random):
    shuffled = random.sample(posts, len(posts))

    assert matches(shuffled, form, sections=()) == matches(posts, form, sections=())


@given(catalogues(), forms(), st.sets(st.sampled_from(SECTIONS)))
def test_own_sections_never_turn_up(posts, form, sections):
    assert not {hit.post.section for hit in matches(posts, form, sections=sections)} & sections


@given(catalogues(), forms())
def test_more_wishes_at_the_centre_come_first_then_more_through_the_work(posts, form):
    ranks = [(hit.answered(3), hit.answered(2)) for hit in matches(posts, form, sections=())]

    assert ranks == sorted(ranks, reverse=True)


@given(catalogues(), forms())
def test_posts_alike_take_turns_by_bureau(posts, form):
    by_rank = {}
    for hit in matches(posts, form, sections=()):
        by_rank.setdefault((hit.answered(3), hit.answered(2)), []).append(hit.post.bureau)

    for bureaus in by_rank.values():
        turns = [bureaus[:place].count(bureau) for place, bureau in enumerate(bureaus)]
        assert turns == sorted(turns)


@given(catalogues(), forms(), st.integers(0, 5), st.sets(st.sampled_from(BUREAUS)))
def test_surprises_are_further_hits_of_two_bureaus_never_worked_in(posts, form, shown, bureaus):
    found = matches(posts, form, sections=())
    others = surprises(found, shown=shown, bureaus=bureaus)

    kept = [hit.post.bureau for hit in others]
    beyond = [hit for hit in found[shown:] if hit.post.bureau not in bureaus]
    assert all(hit in beyond for hit in others)
    assert len(set(kept)) == len(kept) == min(2, len({hit.post.bureau for hit in beyond}))


def post(gained=(), duties=()):
    return Post(1, "係長", 1, "B01", tuple(duties), tuple(gained), ())


def test_duty_that_names_the_skill_stands_in_for_a_missing_sentence():
    form = OwnForm({"B1-02": Quote("③ 通商・貿易", "ぜひ経験したい")}, {})
    line = PostLine("B1-02", "通商・貿易", 1, 3, "仕事の中心で伸びる", "")

    named = match(post([line], ["会合の準備", "貿易の手続きの見直し"]), form)
    unnamed = match(post([line], ["会合の準備"]), form)

    assert named.reasons[0].post == Quote("業務内容 2", "貿易の手続きの見直し")
    assert unnamed.reasons[0].post == Quote("習得が見込まれるスキル 1", "通商・貿易")


def test_post_without_an_answer_to_a_wish_is_no_hit():
    assert match(post([PostLine("B2-01", "法令", 1, 3, "", "条文")]), OwnForm({}, {})) is None
