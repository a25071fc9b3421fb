"""From the three files to a past round, or to the reasons why not. Pure: nothing is stored, nothing is looked up."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from surveys.feedback_sheets.figures import Kind, Level
from surveys.past_rounds.reading import Problems, Record, is_code, records, whole_number

LONGEST_UNIT_CODE, LONGEST_UNIT_NAME = 32, 160
LONGEST_QUESTION_CODE, LONGEST_QUESTION = 40, 300
LONGEST_PERSON = 64
MOST_PEOPLE = 1_000_000
MOST_UNITS, MOST_QUESTIONS = 5_000, 300
# What an answer may be, by the kind of its question.
STEPS = range(1, 6)
OFFERED: Mapping[Kind, range] = {
    Kind.REFLECTION: STEPS,
    Kind.COMPETENCY: STEPS,
    Kind.WISH: range(2),
}
_YES, _NO = {"1", "true", "yes"}, {"", "0", "false", "no"}
Place = tuple[Level, str]


@dataclass(frozen=True)
class PastUnit:
    """A unit as the file names it; `headcount` is the denominator of its response rate."""

    line: int
    level: Level
    code: str
    parent: str
    name: str
    headcount: int

    @property
    def place(self) -> Place:
        """What names it within the tree."""
        return self.level, self.code


@dataclass(frozen=True)
class PastQuestion:
    """A question as it was asked."""

    code: str
    kind: Kind
    text: str
    is_sensitive: bool


@dataclass
class PastRound:
    """A whole round: its tree (`above` is the place over each), questions, and by person his unit and his answers."""

    fiscal_year: int
    units: dict[Place, PastUnit] = field(default_factory=dict)
    above: dict[Place, Place] = field(default_factory=dict)
    questions: dict[str, PastQuestion] = field(default_factory=dict)
    people: dict[str, Place] = field(default_factory=dict)
    answers: dict[str, dict[str, int]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def joint(self) -> set[Place]:
        """The sections that have sections below: joint units (rule 2)."""
        return {above for unit, above in self.above.items() if above[0] is Level.SECTION}

    @property
    def digest(self) -> str:
        """The SHA-256 of what was read, whatever the order of rows and columns."""
        said = [
            sorted(
                (*place, self.above.get(place, ()), u.name, u.headcount)
                for place, u in self.units.items()
            ),
            [(q.code, q.kind, q.text, q.is_sensitive) for q in self.questions.values()],
            sorted(
                (person, *self.people[person], sorted(given.items()))
                for person, given in self.answers.items()
            ),
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Checked:
    """What came of three files: the round, and what keeps it from being imported."""

    past: PastRound
    problems: Problems

    @property
    def counts(self) -> dict[str, int]:
        """Of units by level, questions, people, answers."""
        levels = Counter(unit.level for unit in self.past.units.values())
        return {
            "bureaus": levels[Level.BUREAU],
            "sections": levels[Level.SECTION] - len(self.past.joint),
            "joint": len(self.past.joint),
            "questions": len(self.past.questions),
            "people": len(self.past.people),
            "answers": sum(map(len, self.past.answers.values())),
        }


def check(fiscal_year: int, units: bytes, questions: bytes, answers: bytes) -> Checked:
    """Read and check the three files of a year's round."""
    past, problems = PastRound(fiscal_year), Problems()
    _read_units(past, records("units", units, problems), problems)
    _read_questions(past, records("questions", questions, problems), problems)
    reader = _AnswerReader(past, problems)
    for row in _of_year(past, "answers", records("answers", answers, problems), problems):
        reader.read(row)
    reader.finish()
    return Checked(past, problems)


def _of_year(
    past: PastRound, file: str, rows: Iterable[Record], problems: Problems
) -> Iterator[Record]:
    """The rows of the year; those of others are passed over, as exported files hold earlier years too."""
    taken = others = 0
    for row in rows:
        year = whole_number(row["fiscal_year"], 9999)
        if year is None:
            problems.add(file, row.line, "fiscal_yearは、2025のような西暦の年度にしてください。")
        elif year == past.fiscal_year:
            taken += 1
            yield row
        else:
            others += 1
    if others:
        past.remarks.append(f"{file}.csv：ほかの年度の{others:,}行は読んでいません。")
    if not taken and not problems.number:
        problems.add(file, 0, f"{past.fiscal_year}年度の行がありません。")


# Units ------------------------------------------------------------------------------------------


def _read_units(past: PastRound, rows: Iterator[Record], problems: Problems) -> None:
    for row in _of_year(past, "units", rows, problems):
        unit = _unit(row, problems)
        if unit is None:
            continue
        if unit.place in past.units:
            problems.add("units", row.line, f"unit_code「{unit.code}」が、同じ段階に2回あります。")
        elif len(past.units) >= MOST_UNITS:
            problems.add("units", row.line, f"単位は{MOST_UNITS:,}件までです。")
            return
        else:
            past.units[unit.place] = unit
    ministries = [unit for unit in past.units.values() if unit.level is Level.MINISTRY]
    if past.units and len(ministries) != 1:
        problems.add("units", 0, "unit_levelがministryの行は、ちょうど1行にしてください。")
    for unit in past.units.values():
        _hang_up(past, unit, problems)
    for unit in past.units.values():
        _refuse_depth(past, unit, problems)


def _unit(row: Record, problems: Problems) -> PastUnit | None:
    level = row["unit_level"].lower()
    headcount = whole_number(row["headcount"], MOST_PEOPLE)
    said = ""
    if level not in list(Level):
        said = "unit_levelは、ministry、bureau、sectionのどれかにしてください。"
    elif not is_code(row["unit_code"], LONGEST_UNIT_CODE):
        said = f"unit_codeは、空白のない{LONGEST_UNIT_CODE}文字までのコードにしてください。"
    elif not row["unit_name"] or len(row["unit_name"]) > LONGEST_UNIT_NAME:
        said = f"unit_nameは、1文字から{LONGEST_UNIT_NAME}文字までにしてください。"
    elif headcount is None:
        said = "headcountは、0以上の整数にしてください。"
    if said or headcount is None:
        problems.add("units", row.line, said)
        return None
    return PastUnit(
        row.line, Level(level), row["unit_code"], row["parent_code"], row["unit_name"], headcount
    )


def _hang_up(past: PastRound, unit: PastUnit, problems: Problems) -> None:
    """Find the unit above: of a bureau the ministry, of a section a bureau, a joint unit or the ministry."""
    if unit.level is Level.MINISTRY:
        if unit.parent:
            problems.add("units", unit.line, "ministryの行のparent_codeは、空にしてください。")
        return
    levels = {
        Level.BUREAU: (Level.MINISTRY,),
        Level.SECTION: (Level.BUREAU, Level.SECTION, Level.MINISTRY),
    }[unit.level]
    found = [(level, unit.parent) for level in levels if (level, unit.parent) in past.units]
    found = [place for place in found if place != unit.place]
    if found:
        past.above[unit.place] = found[0]
    else:
        problems.add("units", unit.line, f"parent_code「{unit.parent}」の単位がありません。")


def _refuse_depth(past: PastRound, unit: PastUnit, problems: Problems) -> None:
    """A joint unit stands below a bureau or the ministry; this refuses circles too."""
    above = past.above.get(unit.place)
    if above is None or above[0] is not Level.SECTION:
        return
    if past.above.get(above, (Level.SECTION, ""))[0] is Level.SECTION:
        problems.add("units", unit.line, "課室の下の課室の下に、さらに課室を置くことはできません。")


# Questions --------------------------------------------------------------------------------------


def _read_questions(past: PastRound, rows: Iterator[Record], problems: Problems) -> None:
    for row in rows:
        question = _question(row, problems)
        if question is None:
            continue
        if question.code in past.questions:
            problems.add("questions", row.line, f"question_code「{question.code}」が2回あります。")
        elif len(past.questions) >= MOST_QUESTIONS:
            problems.add("questions", row.line, f"設問は{MOST_QUESTIONS}件までです。")
            return
        else:
            past.questions[question.code] = question
    if not past.questions and not problems.number:
        problems.add("questions", 0, "設問の行がありません。")


def _question(row: Record, problems: Problems) -> PastQuestion | None:
    said = ""
    if not is_code(row["question_code"], LONGEST_QUESTION_CODE):
        said = f"question_codeは、空白のない{LONGEST_QUESTION_CODE}文字までのコードにしてください。"
    elif row["kind"].lower() not in list(Kind):
        said = "kindは、reflection、competency、wishのどれかにしてください。"
    elif not row["text"] or len(row["text"]) > LONGEST_QUESTION:
        said = f"textは、1文字から{LONGEST_QUESTION}文字までにしてください。"
    elif row["sensitive"].lower() not in _YES | _NO:
        said = "sensitiveは、1か0にしてください。"
    if said:
        problems.add("questions", row.line, said)
        return None
    text = " ".join(row["text"].split())
    is_sensitive = row["sensitive"].lower() in _YES
    return PastQuestion(row["question_code"], Kind(row["kind"].lower()), text, is_sensitive)


# Answers ----------------------------------------------------------------------------------------


class _AnswerReader:
    """Puts answers to their people; everybody stands in exactly one unit without units below."""

    def __init__(self, past: PastRound, problems: Problems) -> None:
        self._past = past
        self._problems = problems
        # Codes are one object each, however many rows name them.
        self._codes = {code: code for code in past.questions}
        inner = set(past.above.values())
        self._leaves = {
            code: (level, code)
            for level in (Level.MINISTRY, Level.BUREAU, Level.SECTION)
            for of_level, code in past.units
            if of_level is level and (level, code) not in inner
        }
        self._inner = {code for _, code in inner} - self._leaves.keys()
        self._stands: dict[str, Place] = {}
        self._seen: dict[str, set[str]] = {}

    def read(self, row: Record) -> None:
        """One row."""
        said = self._refusal(row)
        if said:
            self._problems.add("answers", row.line, said)
            return
        person, code = row["person"], self._codes[row["question_code"]]
        place = self._leaves[row["unit_code"]]
        self._stands[person] = place
        self._seen.setdefault(person, set()).add(code)
        if row["answer"]:
            # Who answered nothing did not take part.
            self._past.people[person] = place
            self._past.answers.setdefault(person, {})[code] = int(row["answer"])

    def _refusal(self, row: Record) -> str:
        person, unit = row["person"], row["unit_code"]
        question = self._past.questions.get(row["question_code"])
        if not person or len(person) > LONGEST_PERSON:
            return f"personは、1文字から{LONGEST_PERSON}文字までにしてください。"
        if unit in self._inner:
            return (
                f"unit_code「{unit}」には下の単位があります。その下の課室のコードにしてください。"
            )
        if unit not in self._leaves:
            return f"unit_code「{unit}」は、units.csvの{self._past.fiscal_year}年度にありません。"
        if question is None:
            return f"question_code「{row['question_code']}」は、questions.csvにありません。"
        if self._stands.get(person, self._leaves[unit]) != self._leaves[unit]:
            return f"person「{person}」が、2つの単位にあります。"
        if question.code in self._seen.get(person, ()):
            return f"person「{person}」の「{question.code}」が2回あります。"
        offered = OFFERED[question.kind]
        if row["answer"] and row["answer"] not in {str(step) for step in offered}:
            return f"answerは、{offered[0]}から{offered[-1]}までの整数か、空にしてください。"
        return ""

    def finish(self) -> None:
        """Say where more people answered than there are."""
        counted = Counter(self._past.people.values())
        for place, unit in self._past.units.items():
            if counted[place] > unit.headcount:
                self._past.remarks.append(
                    f"{unit.name}：人数（{unit.headcount:,}人）より多い{counted[place]:,}人が回答しています。"
                    "回答率は、回答した人数を母数にします。"
                )
