"""What the posts of the demonstration say: every section of its own, and banks of sentences for the rest."""

from collections import Counter

from career_portal.home.reference_data import fixture_path, read_json, read_rows
from postings.content import SENTENCE_LIMIT, TEXTS
from postings.models.posts import NON_MANAGERIAL


def strings(bank):
    """Every text of a bank, however deep it lies."""
    if isinstance(bank, str):
        return [bank]
    values = bank.values() if isinstance(bank, dict) else bank
    return [text for value in values for text in strings(value)]


def authored_posts():
    """What is written about each section's posts, by its code."""
    folder = fixture_path("demo", "posts")
    files = sorted(folder.glob("B*.json"))
    return {
        code: text for path in files for code, text in read_json("demo", "posts", path.name).items()
    }


def own_sentences(section):
    """The sentences of a section's mission, and the duties of its posts."""
    mission = [f"{sentence}。" for sentence in section["mission"].split("。") if sentence]
    return mission + [duty for post in section["posts"] for duty in post["duties"]]


def test_authored_sections_have_their_own_mission_and_two_posts_or_more():
    texts = authored_posts()
    sections = {
        row["code"] for row in read_rows("organisation", "sections.csv") if row["kind"] == "section"
    }

    assert texts.keys() <= sections
    for code, section in texts.items():
        assert section["mission"].endswith("。"), code
        assert len(section["posts"]) >= 2, code
        assert len({post["title"] for post in section["posts"]}) == len(section["posts"]), code
        for post in section["posts"]:
            assert len(post["duties"]) >= 3, code
            assert len(post["title"]) <= 40, code


def test_no_two_sections_share_a_sentence():
    owners = Counter(
        sentence
        for section in authored_posts().values()
        for sentence in set(own_sentences(section))
    )

    assert [sentence for sentence, number in owners.items() if number > 1] == []
    assert len(owners) > 1000


def test_posts_name_skills_of_the_framework_and_grades_below_a_section_head():
    skills = {skill["code"] for skill in read_json("skills", "framework.json")["skills"]}
    posts = [post for section in authored_posts().values() for post in section["posts"]]

    for post in posts:
        named = [code for key in ("gained", "required") for code, _ in post[key]]
        assert set(named) <= skills, post["title"]
        assert {strength for key in ("gained", "required") for _, strength in post[key]} <= {
            1,
            2,
            3,
        }
        assert 1 <= len(post["gained"]) <= 6, post["title"]
        assert len(post["required"]) <= 4, post["title"]
    assert {post["grade"] for post in posts} == {
        "official",
        "senior_official",
        "unit_chief",
        "deputy_director",
    }
    assert {code for post in posts for code, _ in post["gained"]} == skills


def test_bank_of_the_posts_has_every_sentence_once_and_within_its_limit():
    bank = read_json("demo", "posts", "bank.json")
    limits = {
        **{line.name: line.limit for line in TEXTS},
    }

    everything = strings(bank)
    assert [text for text, number in Counter(everything).items() if number > 1] == []
    for name, texts in bank["ways"].items():
        assert max(map(len, texts)) <= limits[name]
    assert max(map(len, bank["career"]["stay"])) <= limits["stay"]


def test_skills_have_different_sentences_for_every_strength():
    codes = [skill["code"] for skill in read_json("skills", "framework.json")["skills"]]

    for relation, least in (("gained", {"3": 7, "2": 7, "1": 5}), ("required", {})):
        texts = read_json("demo", "posts", f"{relation}.json")
        assert list(texts) == codes
        for code, by_strength in texts.items():
            assert list(by_strength) == ["3", "2", "1"], code
            for strength, group in by_strength.items():
                assert len(group) >= least.get(strength, 4), (relation, code, strength)


def test_every_grade_a_post_can_have_has_sentences():
    assert {
        grade: len(texts) for grade, texts in read_json("demo", "posts", "grade.json").items()
    } == dict.fromkeys(NON_MANAGERIAL, 22)


def test_sentences_on_skills_and_grades_are_single_and_written_once():
    texts = [
        text
        for name in ("gained", "required", "grade")
        for text in strings(read_json("demo", "posts", f"{name}.json"))
    ]

    assert [text for text, number in Counter(texts).items() if number > 1] == []
    assert [text for text in texts if text.find("。") != len(text) - 1] == []
    assert [text for text in texts if not 15 <= len(text) <= SENTENCE_LIMIT // 2] == []
