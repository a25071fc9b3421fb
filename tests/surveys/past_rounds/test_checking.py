"""What is refused in the three files, row by row; nothing of it reaches a database."""

import pytest

from surveys.past_rounds.checking import check
from surveys.past_rounds.reading import MOST_TOLD
from tests.factories.past_rounds import ANSWERS, QUESTIONS, UNITS, PastFiles, written


def told(**files):
    """The problems of the usual files with some of them replaced."""
    content = PastFiles().content() | files
    return [str(problem) for problem in check(2024, **content).problems.told]


def units(*rows):
    return written(UNITS, [*PastFiles().units, *rows])


def answers(*rows):
    return written(ANSWERS, [*PastFiles().answers, *rows])


def questions(*rows):
    return written(QUESTIONS, [*PastFiles().questions, *rows])


def test_whole_files_have_no_problems():
    checked = PastFiles().checked()
    assert checked.problems.number == 0
    assert checked.counts == {
        "bureaus": 2,
        "sections": 6,
        "joint": 1,
        "questions": 5,
        "people": 103,
        "answers": 515,
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([2024, "team", "X", "SHO", "班", 3], "unit_levelは、ministry、bureau、section"),
        ([2024, "section", "", "SHO", "課", 3], "unit_codeは"),
        ([2024, "section", "=1+1", "SHO", "課", 3], "unit_codeは"),
        ([2024, "section", "X" * 33, "SHO", "課", 3], "unit_codeは"),
        ([2024, "section", "X", "SHO", "", 3], "unit_nameは"),
        ([2024, "section", "X", "SHO", "課", "多い"], "headcountは"),
        ([2024, "section", "X", "SHO", "課", -1], "headcountは"),
        ([2024, "section", "X", "NONE", "課", 3], "parent_code「NONE」の単位がありません"),
        ([2024, "section", "HISHO", "SHO", "課", 3], "「HISHO」が、同じ段階に2回"),
        ([2024, "ministry", "M2", "", "省", 3], "ちょうど1行"),
        (["令和6", "section", "X", "SHO", "課", 3], "fiscal_yearは"),
        ([2024, "section", "X", "SHO", "課\x07", 3], "使えない文字"),
    ],
)
def test_a_unit_that_cannot_stand_is_named(row, sentence):
    found = told(units=units(row))
    assert len(found) == 1
    assert sentence in found[0]
    assert found[0].startswith("units.csv")


def test_nothing_stands_below_a_section_of_a_joint_unit():
    found = told(units=units([2024, "section", "X", "KAIKEI", "課", 3]))
    assert found[0] == (
        "units.csv 12行目：課室の下の課室の下に、さらに課室を置くことはできません。"
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["a1", "competency", "二度目", "0"], "「a1」が2回"),
        (["a 1", "competency", "空白", "0"], "question_codeは"),
        (["x", "text", "自由記述", "0"], "kindは"),
        (["x", "wish", "", "0"], "textは"),
        (["x", "wish", "長" * 301, "0"], "textは"),
        (["x", "wish", "伸ばしたい", "maybe"], "sensitiveは"),
    ],
)
def test_a_question_that_cannot_be_asked_is_named(row, sentence):
    found = told(questions=questions(row))
    assert len(found) == 1
    assert found[0].startswith("questions.csv 7行目：")
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([2024, "HISHO", "新", "a1", "0"], "answerは、1から5まで"),
        ([2024, "HISHO", "新", "a1", "3.5"], "answerは、1から5まで"),
        ([2024, "HISHO", "新", "b1_02_wish", "2"], "answerは、0から1まで"),
        ([2024, "HISHO", "新", "zzz", "1"], "questions.csvにありません"),
        ([2024, "ZZZ", "新", "a1", "1"], "units.csvの2024年度にありません"),
        ([2024, "SHO", "新", "a1", "1"], "下の単位があります"),
        ([2024, "J-KAN", "新", "a1", "1"], "下の単位があります"),
        ([2024, "HISHO", "", "a1", "1"], "personは"),
        ([2024, "HISHO", "SOMU-000", "a1", ""], "2つの単位にあります"),
        ([2024, "SOMU", "SOMU-000", "a1", "1"], "「a1」が2回あります"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_named(row, sentence):
    found = told(answers=answers(row))
    assert len(found) == 1
    assert found[0].startswith("answers.csv 517行目：")
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "必要な見出しがありません"),
        (b"unit_code,person\nX,1\n", "必要な見出しがありません：fiscal_year"),
        (b"PK\x03\x04\x00", "CSVのファイルとして読めません"),
        (b"a\n\x81", "文字コードが読めません"),
        (f"{ANSWERS},person\n".encode(), "2つ以上あります：person"),
        (f'{ANSWERS}\n2024,"HISHO,新,a1,1\n'.encode(), "CSVとして読めません"),
        (f"{ANSWERS}\n2024,HISHO\n".encode(), "列が足りません"),
        (f"{ANSWERS}\n2019,HISHO,新,a1,1\n".encode(), "2024年度の行がありません"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(content, sentence):
    found = told(answers=content)
    assert len(found) == 1
    assert sentence in found[0]


def test_excels_encodings_other_columns_and_other_years_are_read():
    files = PastFiles()
    files.units.append([2023, "section", "OLD", "SHO", "昔の課", 5])
    content = files.content()
    content["units"] = content["units"].decode().encode("cp932")
    content["answers"] = b"\xef\xbb\xbf" + content["answers"]
    content["questions"] = written(f"memo,{QUESTIONS}", [["控え", *row] for row in files.questions])

    checked = check(2024, **content)

    assert checked.problems.told == []
    assert checked.past.digest == PastFiles().checked().past.digest
    assert checked.past.remarks == ["units.csv：ほかの年度の1行は読んでいません。"]


def test_names_that_were_written_as_text_come_back_as_they_were():
    found = check(
        2024, **(PastFiles().content() | {"units": units([2024, "section", "X", "SHO", "'=課", 1])})
    )
    assert found.past.units["section", "X"].name == "=課"


def test_more_answers_than_people_are_remarked_on():
    files = PastFiles()
    hisho = next(row for row in files.units if row[2] == "HISHO")
    hisho[5] = 19
    checked = files.checked()
    assert checked.problems.number == 0
    assert checked.past.remarks[0].startswith("秘書課：人数（19人）より多い20人が回答しています。")


def test_every_bad_row_is_counted_but_not_every_one_told():
    spoilt = [[2024, "HISHO", "新", "zzz", "1"]] * (MOST_TOLD + 50)
    problems = check(2024, **(PastFiles().content() | {"answers": answers(*spoilt)})).problems
    assert (problems.number, len(problems.told)) == (MOST_TOLD + 50, MOST_TOLD)


def test_a_section_may_stand_below_the_ministry_and_a_bureau_without_sections_is_a_leaf():
    content = PastFiles().content() | {
        "units": units(
            [2024, "section", "SHITSU", "M", "大臣室", 12],
            [2024, "bureau", "KYOKU", "M", "小さい局", 9],
        ),
        "answers": answers([2024, "SHITSU", "甲", "a1", 3], [2024, "KYOKU", "乙", "a1", 4]),
    }
    checked = check(2024, **content)
    assert checked.problems.told == []
    assert checked.past.people["甲"] == ("section", "SHITSU")
    assert checked.past.people["乙"] == ("bureau", "KYOKU")
