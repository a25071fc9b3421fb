"""Sentences for the demonstration's forms, drawn from the bank in `fixtures/demo/sentences/`."""

from __future__ import annotations

from random import Random
from typing import Any

from career_portal.common.text import exceeds
from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.reference_data import read_json

Bank = dict[str, list[str]]


class Wording:
    """The bank, asked for what one person writes in answer to a question."""

    def __init__(self, field_names: dict[str, str], limits: dict[str, int]) -> None:
        self._field_names = field_names
        self._limits = limits
        self._work: Bank = _bank("work")["work_done"]
        self._details: list[str] = _bank("work")["work_detail"]
        self._gained: list[str] = _bank("gained")["gained"]
        self._episodes: Bank = _bank("episodes")["episode"]
        self._five_years: Bank = _bank("future")["in_five_years"]
        self._ten_years: list[str] = _bank("future")["in_ten_years"]
        self._ledger: Bank = _bank("ledger")
        self._posts: dict[str, Any] = _bank("posts")
        self._circumstances: Bank = _bank("circumstances")["circumstances_note"]
        self._topics: Bank = _bank("interview")["topic"]

    def work_done(self, unit: Unit, random: Random, *, is_head: bool) -> str:
        """What somebody of a section worked on: one to three sentences about its topics."""
        kind = "management" if is_head and not unit.is_leadership else unit.work
        lines = random.sample(self._work[kind], random.choice((1, 1, 2, 2, 3)))
        topics = random.sample(unit.topics, min(len(unit.topics), len(lines)))
        sentences = [
            line.replace("{topic}", topics[place % len(topics)]) for place, line in enumerate(lines)
        ]
        if random.random() < 0.5:
            sentences.append(random.choice(self._details))
        return self._fit("work_done", sentences)

    def gained(self, unit: Unit, random: Random) -> str:
        """What somebody learned by it."""
        lines = random.sample(self._gained, random.choice((1, 1, 2)))
        return self._fit("gained", [self._about(line, unit, random) for line in lines])

    def episode(self, competency: str, level: int, unit: Unit, random: Random) -> str:
        """A situation in which a competency showed, of the kind that goes with the level."""
        lines = self._episodes[competency]
        third = len(lines) // 3
        start = 0 if level <= 2 else third * (level - 2) if level <= 4 else third * 2
        line = random.choice(lines[start : start + third])
        return self._fit(f"{competency.lower()}_episode", [self._about(line, unit, random)])

    def in_five_years(self, field_code: str, random: Random, *, is_head: bool) -> str:
        """Whom somebody wants to be in five years, in a field that draws him."""
        general = self._five_years["head" if is_head else "any"]
        sentences = [random.choice(general)]
        if field_code in self._five_years and random.random() < 0.6:
            sentences.insert(0, random.choice(self._five_years[field_code]))
        return self._fit("in_five_years", sentences)

    def in_ten_years(self, random: Random) -> str:
        """Whom somebody wants to be in ten years."""
        return self._fit("in_ten_years", [random.choice(self._ten_years)])

    def ledger(self, code: str, unit: Unit, random: Random) -> str:
        """An entry of じぶん決算書."""
        return self._fit(code, [self._about(random.choice(self._ledger[code]), unit, random)])

    def post_reason(self, code: str, section: Unit, unit: Unit, random: Random) -> str:
        """Why somebody hopes for a post in another section."""
        line = random.choice(self._posts["post_reason"])
        line = line.replace("{field}", self._field_names[section.field_code])
        line = line.replace("{section}", section.name)
        return self._fit(code, [self._about(line, unit, random)])

    def place_note(self, place: str, random: Random) -> str:
        """A remark on the place hoped for."""
        notes: Bank = self._posts["place_note"]
        return random.choice(notes.get(place) or notes["any"])

    def experiences_note(self, experiences: list[str], random: Random) -> str:
        """A remark on one of the kinds of experience chosen."""
        notes: Bank = self._posts["experiences_note"]
        return random.choice(notes.get(random.choice(experiences)) or notes["any"])

    def circumstances_note(self, circumstances: list[str], random: Random) -> str:
        """What HR should know about one of the circumstances chosen; nothing where the bank has none."""
        lines = self._circumstances.get(circumstances[0], [])
        return random.choice(lines) if lines else ""

    def interview_topic(self, random: Random, *, is_head: bool) -> str:
        """What somebody wants to talk about."""
        return random.choice(self._topics["head" if is_head else "any"])

    def _about(self, line: str, unit: Unit, random: Random) -> str:
        return line.replace("{topic}", random.choice(unit.topics))

    def _fit(self, code: str, sentences: list[str]) -> str:
        """As many of the sentences as the question has room for."""
        while len(sentences) > 1 and exceeds("".join(sentences), self._limits[code]):
            sentences = sentences[:-1]
        return "".join(sentences)


def _bank(name: str) -> dict[str, Any]:
    bank: dict[str, Any] = read_json("demo", "sentences", f"{name}.json")
    return bank
