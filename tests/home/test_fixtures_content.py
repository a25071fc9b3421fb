"""The structure of what lies in `fixtures/`: codes, counts, lengths, references between files."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SENTENCES = FIXTURES / "demo" / "sentences"
FIELDS = [f"B1-{number:02}" for number in range(1, 13)]
COMPETENCIES = ["A1", "A2", "A3", "A4", "A5"]
# What a bank may leave open: a topic of the writer's section, the field of the post hoped for.
SLOTS = {
    "work_done": {"topic"},
    "gained": {"topic"},
    "episode": {"topic"},
    "ledger_stock": {"topic"},
    "ledger_flow": {"topic"},
    "ledger_will": {"topic"},
    "post_reason": {"field"},
}
# What a bank is written for: the question whose limit its sentences must keep.
QUESTION_OF_BANK = {
    "work_done": "work_done",
    "work_detail": "work_done",
    "gained": "gained",
    "episode": "a1_episode",
    "in_five_years": "in_five_years",
    "in_ten_years": "in_ten_years",
    "ledger_stock": "ledger_stock",
    "ledger_flow": "ledger_flow",
    "ledger_will": "ledger_will",
    "post_reason": "post_1_reason",
    "place_note": "place_note",
    "experiences_note": "experiences_note",
    "circumstances_note": "circumstances_note",
    "topic": "topic",
}
LEAST_SENTENCES = {
    "work_done": 14 * 12,
    "work_detail": 50,
    "gained": 60,
    "episode": 25 * 5,
    "in_five_years": 60,
    "in_ten_years": 40,
    "ledger_stock": 25,
    "ledger_flow": 25,
    "ledger_will": 25,
    "post_reason": 40,
    "place_note": 20,
    "experiences_note": 15,
    "circumstances_note": 20,
    "topic": 40,
}


def read_json(*parts):
    return json.loads(FIXTURES.joinpath(*parts).read_text(encoding="utf-8"))


def read_csv(name):
    with (FIXTURES / "organisation" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def banks():
    merged = {}
    for path in sorted(SENTENCES.glob("*.json")):
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged


def sentences(bank):
    return bank if isinstance(bank, list) else [text for group in bank.values() for text in group]


def slots(text):
    return set(re.findall(r"\{(\w*)\}", text))


def questions():
    return {
        question["code"]: question
        for part in read_json("questionnaires", "hope_survey.json")["parts"]
        for question in part["questions"]
    }


def expected_codes():
    reflection = "work_done gained growth_felt meaning_felt valued_felt mission_sympathy career_talk future_picture"
    competencies = " ".join(
        f"{code}_level {code}_episode {code}_wish" for code in map(str.lower, COMPETENCIES)
    )
    expertise = " ".join(f"b1_{n:02}_experience b1_{n:02}_wish" for n in range(1, 13))
    skills = " ".join(f"b2_{n:02}_experience b2_{n:02}_wish" for n in range(1, 10))
    return [
        reflection,
        competencies,
        expertise,
        f"{skills} b2_other_name b2_other_experience b2_other_wish",
        "in_five_years in_ten_years ledger_stock ledger_flow ledger_will",
        (
            "post_1 post_1_reason post_2 post_2_reason post_3 post_3_reason "
            "timing place place_note experiences experiences_note"
        ),
        "circumstances circumstances_note",
        "listener topic response",
    ]


def test_framework_holds_the_published_skills():
    skills = read_json("skills", "framework.json")["skills"]

    assert Counter(skill["kind"] for skill in skills) == {"A": 5, "B1": 12, "B2": 9}
    assert [skill["code"] for skill in skills] == [
        *COMPETENCIES,
        *FIELDS,
        *(f"B2-{number:02}" for number in range(1, 10)),
    ]
    assert len({skill["name"] for skill in skills}) == 26


def test_questionnaire_asks_every_code_in_its_part():
    parts = read_json("questionnaires", "hope_survey.json")["parts"]

    assert [part["number"] for part in parts] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [[question["code"] for question in part["questions"]] for part in parts] == [
        codes.split() for codes in expected_codes()
    ]


def test_questionnaire_names_the_readers_of_each_part():
    parts = read_json("questionnaires", "hope_survey.json")["parts"]

    assert [part["supervisor_access"] for part in parts] == (
        ["default"] * 4 + ["optional"] * 2 + ["never"] * 2
    )
    assert [part["hr_reads"] for part in parts] == [True] * 7 + [False]
    assert [part["listener_reads"] for part in parts] == [False] * 7 + [True]
    assert [part["is_aggregated"] for part in parts] == [True] * 4 + [False] * 4


def test_no_question_that_a_supervisor_may_read_is_required():
    """The absence of a part that must be answered would tell a supervisor that it is hidden from him."""
    parts = read_json("questionnaires", "hope_survey.json")["parts"]
    telling = [part for part in parts if part["supervisor_access"] != "never"]

    required = [q["code"] for part in telling for q in part["questions"] if q["is_required"]]

    assert (len(telling), required) == (6, [])


def test_every_part_has_a_question_that_tells_it_is_filled_in():
    parts = read_json("questionnaires", "hope_survey.json")["parts"]

    assert all(any(question["is_key"] for question in part["questions"]) for part in parts)


def test_questions_fit_their_kind():
    for code, question in questions().items():
        values = [option["value"] for option in question["options"]]
        assert len(values) == len(set(values)), code
        assert bool(question["max_length"]) == (question["kind"] in {"text", "long_text"}), code
        assert bool(values) == (question["kind"] in {"scale", "level", "choice", "choices"}), code
        assert len(question["label"]) <= 200, code
        assert 0 < len(question["summary_label"]) <= 60, code
        if question["kind"] == "scale":
            assert values == ["5", "4", "3", "2", "1"], code


def test_levels_share_one_ladder_and_have_short_anchors_of_their_own():
    levels = [question for question in questions().values() if question["kind"] == "level"]
    anchors = [option["text"] for question in levels for option in question["options"]]

    assert len(levels) == 5
    assert (
        len({tuple(option["label"] for option in question["options"]) for question in levels}) == 1
    )
    assert len(set(anchors)) == 25
    assert max(map(len, anchors)) <= 30


def test_questions_refer_to_skills_of_the_framework():
    known = {skill["code"] for skill in read_json("skills", "framework.json")["skills"]}
    referred = {question["skill"] for question in questions().values()} - {""}

    assert referred == known


def test_organisation_has_the_reference_units():
    bureaus, rows = read_csv("bureaus.csv"), read_csv("sections.csv")
    kinds = Counter(row["kind"] for row in rows)

    assert len(bureaus) == 20
    assert kinds == {"section": 245, "leadership": 20}
    assert len({bureau["code"] for bureau in bureaus}) == 20
    assert len({row["code"] for row in rows}) == 265
    assert len({(row["bureau"], row["division"], row["section"]) for row in rows}) == 265


def test_every_section_belongs_to_its_bureau():
    names = {bureau["code"]: bureau["name"] for bureau in read_csv("bureaus.csv")}
    rows = read_csv("sections.csv")

    assert all(names[row["bureau_code"]] == row["bureau"] for row in rows)
    assert {row["bureau_code"] for row in rows if row["kind"] == "leadership"} == set(names)


def test_sections_are_described_well_enough_for_the_demonstration():
    work_banks = set(banks()["work_done"])

    for row in read_csv("sections.csv"):
        topics = row["topics"].split("、")
        assert len(topics) >= 3, row["code"]
        assert len(topics) == len(set(topics)), row["code"]
        assert row["field"] in FIELDS, row["code"]
        assert row["second_field"] in {*FIELDS, ""}, row["code"]
        assert row["second_field"] != row["field"], row["code"]
        assert row["work"] in work_banks, row["code"]
        assert row["duties"], row["code"]
        assert row["source"], row["code"]
        assert row["place"], row["code"]


@pytest.mark.parametrize("kind", ["family", "given"])
def test_names_are_many_and_have_readings(kind):
    names = read_json("demo", "names.json")[kind]

    assert len(names) >= 220
    assert len({(name["name"], name["kana"]) for name in names}) == len(names)
    assert all(re.fullmatch(r"[ぁ-んー]+", name["kana"]) for name in names)
    assert all(name["weight"] > 0 for name in names)


def test_names_hold_the_forms_that_break_careless_software():
    family = "".join(name["name"] for name in read_json("demo", "names.json")["family"])

    assert {*"髙﨑𠮷濵瀨桒槗栁德𣘺廣齋"} <= set(family)
    assert "葛\U000e0100" in family


def test_every_bank_is_written_for_a_question_and_large_enough():
    held = banks()

    assert set(held) == set(QUESTION_OF_BANK)
    for name, least in LEAST_SENTENCES.items():
        assert len(sentences(held[name])) >= least, name


def test_banks_by_kind_cover_what_they_are_chosen_by():
    held, asked = banks(), questions()

    def options(code):
        return {option["value"] for option in asked[code]["options"]}

    assert set(held["work_done"]) == {
        *FIELDS,
        *("administration", "licensing", "examination", "management", "leadership"),
    }
    assert all(len(group) >= 14 for group in held["work_done"].values())
    assert set(held["episode"]) == set(COMPETENCIES)
    assert all(len(group) >= 25 and len(group) % 3 == 0 for group in held["episode"].values())
    assert set(held["in_five_years"]) == {*FIELDS, "any", "head"}
    assert set(held["topic"]) == {"any", "head"}
    assert set(held["place_note"]) == options("place")
    assert set(held["experiences_note"]) == options("experiences") | {"any"}
    assert set(held["circumstances_note"]) == options("circumstances") - {"none"}


def test_no_sentence_is_written_twice():
    counts = Counter(text for bank in banks().values() for text in sentences(bank))

    assert [text for text, count in counts.items() if count > 1] == []


def test_sentences_have_known_slots_and_end_like_sentences():
    for name, bank in banks().items():
        for text in sentences(bank):
            assert slots(text) <= SLOTS.get(name, set()), text
            assert text == text.strip(), text
            assert text.endswith("。"), text
            assert "  " not in text, text
            if name == "work_done":
                assert slots(text) == {"topic"}, text


def test_sentences_keep_the_limits_of_their_questions_with_the_longest_words():
    rows, asked = read_csv("sections.csv"), questions()
    skills = read_json("skills", "framework.json")["skills"]
    longest = {
        "topic": max((topic for row in rows for topic in row["topics"].split("、")), key=len),
        "field": max((skill["name"] for skill in skills if skill["kind"] == "B1"), key=len),
    }
    held = banks()
    detail = max(map(len, held["work_detail"]))

    for name, bank in held.items():
        limit = asked[QUESTION_OF_BANK[name]]["max_length"]
        room = detail if name == "work_done" else 0
        for text in sentences(bank):
            assert len(text.format(**longest)) + room <= limit, text
