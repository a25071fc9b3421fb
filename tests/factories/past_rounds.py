"""The three files of a past round, as a ministry brings them along."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from surveys.past_rounds.checking import Checked, check

UNITS = "fiscal_year,unit_level,unit_code,parent_code,unit_name,headcount"
QUESTIONS = "question_code,kind,text,sensitive"
ANSWERS = "fiscal_year,unit_code,person,question_code,answer"
ASKED = (
    ("growth_felt", "reflection", "成長を実感している", "0"),
    ("workload", "reflection", "仕事の量は適切だ", "0"),
    ("a1", "competency", "全体を見通して考える", "0"),
    ("b1_02_wish", "wish", "産業政策を伸ばしたい", "0"),
    ("leave", "reflection", "家庭の事情に配慮がある", "1"),
)
# By bureau its sections, and the members of joint ones, with the number of people who answered.
TREE = {
    "KAN": {"HISHO": 20, "SOMU": 30, "J-KAN": {"KAIKEI": 6, "KOHO": 7}},
    "SHO": {"JOHO": 25, "RYUTSU": 15},
}
NAMES = {
    "KAN": "大臣官房",
    "SHO": "商務情報政策局",
    "HISHO": "秘書課",
    "SOMU": "総務課",
    "J-KAN": "会計課ほか",
    "KAIKEI": "会計課",
    "KOHO": "広報室",
    "JOHO": "情報経済課",
    "RYUTSU": "流通政策課",
}


@dataclass
class PastFiles:
    """A year's units, questions and answers as rows, to be written or spoilt."""

    year: int = 2024
    tree: dict = field(default_factory=lambda: TREE)
    asked: tuple = ASKED
    units: list = field(default_factory=list)
    answers: list = field(default_factory=list)

    def __post_init__(self) -> None:
        whole = sum(_people(sections) for sections in self.tree.values())
        self._unit("ministry", "M", "", "経済産業省", whole)
        for bureau, sections in self.tree.items():
            self._unit("bureau", bureau, "M", NAMES.get(bureau, bureau), _people(sections))
            self._sections(bureau, sections)
        self.questions = [list(row) for row in self.asked]

    def _sections(self, above, sections) -> None:
        for code, count in sections.items():
            people = count if isinstance(count, int) else _people(count)
            self._unit("section", code, above, NAMES.get(code, code), people + 2)
            if isinstance(count, dict):
                self._sections(code, count)
                continue
            for number in range(count):
                for at, (question, kind, *_) in enumerate(self.asked):
                    step = number % 2 if kind == "wish" else 1 + (number + at) % 5
                    row = [self.year, code, f"{code}-{number:03}", question, step]
                    self.answers.append(row)

    def _unit(self, level, code, parent, name, headcount) -> None:
        self.units.append([self.year, level, code, parent, name, headcount])

    def content(self) -> dict[str, bytes]:
        """The files by the names of the options."""
        return {
            "units": written(UNITS, self.units),
            "questions": written(QUESTIONS, self.questions),
            "answers": written(ANSWERS, self.answers),
        }

    def checked(self) -> Checked:
        """What is found in them."""
        return check(self.year, **self.content())

    def put(self, folder) -> list[str]:
        """Write them into a folder; the options that name them."""
        options = []
        for name, content in self.content().items():
            path = folder / f"{name}-{self.year}.csv"
            path.write_bytes(content)
            options.append(f"--{name}={path}")
        return options


def _people(sections) -> int:
    return sum(n if isinstance(n, int) else _people(n) for n in sections.values())


def written(heading: str, rows) -> bytes:
    """CSV with a heading."""
    target = io.StringIO()
    csv.writer(target).writerows([heading.split(","), *rows])
    return target.getvalue().encode()
