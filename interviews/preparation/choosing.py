"""Which prompts stand on a sheet: three open questions and one assumption to set aside, by rule.

The rule, which knows nothing but the facts of the sheet and the order of the bank:

1. A prompt fits when of each group of facts that its conditions name one is so. One without conditions always fits.
2. Those whose conditions name more groups come first, for they say more about this talk.
3. Of those that say as much, the bank's order counts, begun further on with each talk of the same two, so that a
   second talk asks something else. Nothing is left to chance: the same talk gets the same prompts.
4. Of every topic the first one is taken, until there are three.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from interviews.models import Prompt

QUESTIONS = 3


@dataclass(frozen=True)
class Chosen:
    """The prompts of one sheet; fewer, or no assumption, only where the bank has not been loaded."""

    questions: tuple[Prompt, ...]
    assumption: Prompt | None


def fits(prompt: Prompt, facts: Collection[str]) -> bool:
    """Whether all that the prompt asks for is so."""
    return all(group.intersection(facts) for group in prompt.condition_groups.values())


def specificity(prompt: Prompt) -> int:
    """About how many things the prompt asks for something."""
    return len(prompt.condition_groups)


def choose(bank: Iterable[Prompt], facts: Collection[str], turn: int = 0) -> Chosen:
    """The prompts for a talk, the `turn`th of the same two, counted from 0; `bank` in its order."""
    fitting = [prompt for prompt in bank if fits(prompt, facts)]
    questions = [prompt for prompt in fitting if prompt.form == Prompt.Form.QUESTION]
    assumptions = [prompt for prompt in fitting if prompt.form == Prompt.Form.ASSUMPTION]
    by_topic: dict[str, Prompt] = {}
    for prompt in in_order(questions, turn * QUESTIONS):
        by_topic.setdefault(prompt.topic, prompt)
    return Chosen(
        questions=tuple(by_topic.values())[:QUESTIONS],
        assumption=next(iter(in_order(assumptions, turn)), None),
    )


def in_order(fitting: Sequence[Prompt], begin: int) -> list[Prompt]:
    """The most specific first; those that are as specific in the bank's order, begun at `begin`."""
    ranked = sorted(fitting, key=specificity, reverse=True)
    found: list[Prompt] = []
    for _, alike in groupby(ranked, key=specificity):
        some = list(alike)
        start = begin % len(some)
        found += some[start:] + some[:start]
    return found


def suffices(bank: Iterable[Prompt]) -> bool:
    """Whether every talk gets its prompts: of three topics a question that always fits, and such an assumption."""
    always = [prompt for prompt in bank if not prompt.conditions]
    topics = {prompt.topic for prompt in always if prompt.form == Prompt.Form.QUESTION}
    return len(topics) >= QUESTIONS and any(
        prompt.form == Prompt.Form.ASSUMPTION for prompt in always
    )
