"""What a prompt would do to the sheets, before it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from interviews.facts import Fact
from interviews.models import Prompt
from interviews.preparation.choosing import Chosen, choose, fits


@dataclass(frozen=True)
class Preview:
    """When a prompt fits, in words; a talk in which it does, and what that talk's sheet would say.

    `fitting` counts the prompts of its form that fit there as well.
    """

    prompt: Prompt
    example: tuple[str, ...]
    chosen: Chosen
    fitting: int

    @property
    def is_chosen(self) -> bool:
        """Whether it stands on that sheet."""
        return self.prompt in (*self.chosen.questions, self.chosen.assumption)


def preview(bank: Iterable[Prompt], former: Prompt | None, content: Mapping[str, Any]) -> Preview:
    """The preview of a prompt in the place of a former one, or at the end."""
    prompt = Prompt(**content, sort_order=former.sort_order if former else 2**31 - 1)
    others = [each for each in bank if former is None or each.pk != former.pk]
    facts = _example(prompt)
    whole = sorted([*others, prompt], key=lambda each: each.sort_order)
    return Preview(
        prompt=prompt,
        example=tuple(fact.label for fact in Fact if fact.value in facts),
        chosen=choose(whole, facts),
        fitting=sum(each.form == prompt.form and fits(each, facts) for each in others),
    )


def _example(prompt: Prompt) -> set[str]:
    """A first career interview, and of each group that the prompt names the first fact."""
    facts = {"kind": Fact.KIND_CAREER.value, "turn": Fact.FIRST.value}
    for fact in reversed(Fact):
        if fact.value in prompt.conditions:
            facts[fact.group] = fact.value
    return set(facts.values())
