"""What the posts of the demonstration say: every section of its own, and a bank of sentences for the rest."""

from collections import Counter

from career_portal.home.reference_data import fixture_path, read_json, read_rows
from postings.content import SENTENCE_LIMIT, TEXTS


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


def test_every_section_has_its_own_mission_and_two_posts_or_more():
    texts = authored_posts()
    sections = {
        row["code"] for row in read_rows("organisation", "sections.csv") if row["kind"] == "section"
    }

    assert texts.keys() == sections
    for code, section in texts.items():
        assert section["mission"].endswith("。"), code
        assert len(section["posts"]) >= 2, code
        assert len({post["title"] for post in section["posts"]}) == len(section["posts"]), code
        for post in section["posts"]:
            assert len(post["duties"]) >= 3, code
            assert len(post["title"]) <= 40, code
    assert sum(len(section["posts"]) for section in texts.values()) >= 620


def test_no_two_sections_share_a_sentence():
    owners = Counter(
        sentence
        for section in authored_posts().values()
        for sentence in set(own_sentences(section))
    )

    assert [sentence for sentence, number in owners.items() if number > 1] == []
    assert len(owners) > 2000


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
        "gained": SENTENCE_LIMIT,
        "required": SENTENCE_LIMIT,
        **{line.name: line.limit for line in TEXTS},
    }

    everything = strings(bank)
    assert [text for text, number in Counter(everything).items() if number > 1] == []
    for key in ("gained", "required"):
        assert max(map(len, strings(bank[key]))) <= limits[key]
    for name, texts in bank["ways"].items():
        assert max(map(len, texts)) <= limits[name]
    assert max(map(len, bank["career"]["stay"])) <= limits["stay"]
